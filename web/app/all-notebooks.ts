import { useSyncExternalStore } from 'react';
import type { NotebookSummary } from '#shared/contract/notebooks.ts';
import { useNotebooks } from '#web/features/notebook/api/list-notebooks.ts';
import { useNotebookStores } from '#web/features/notebook/model/notebook-stores.ts';

/** Notebooks that this browser alone has, until the server answers. */
export function useMadeNotebooks(): readonly NotebookSummary[] {
  const stores = useNotebookStores();
  return useSyncExternalStore(stores.subscribeMade, stores.made);
}

/** The server's notebooks, with those that it does not know yet before them. */
export function useAllNotebooks() {
  const made = useMadeNotebooks();
  const notebooks = useNotebooks();
  const known = notebooks.data;
  if (known === undefined) return { ...notebooks, all: made.length > 0 ? made : undefined };
  const ids = new Set(known.map(({ id }) => id));
  return { ...notebooks, all: [...made.filter(({ id }) => !ids.has(id)), ...known] };
}
