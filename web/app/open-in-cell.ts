import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { errorMessage, isAppError } from '#shared/errors/app-error.ts';
import { useToast } from '#web/components/toast.tsx';
import { useCreateNotebook } from '#web/features/notebook/api/create-notebook.ts';
import { notebooksQuery } from '#web/features/notebook/api/list-notebooks.ts';
import { UNTITLED } from '#web/features/notebook/model/free-title.ts';
import { newCell } from '#web/features/notebook/model/new-cell.ts';
import type { NotebookStore } from '#web/features/notebook/model/notebook-store.ts';
import { useNotebookStores } from '#web/features/notebook/model/notebook-stores.ts';
import { runCell } from '#web/features/notebook/model/reruns.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { lastNotebook } from './last-notebook.ts';
import { openStore } from './open-store.ts';

interface CellToOpen {
  readonly sql: string;
  /** In this notebook where it still is there; else in the one that was open last. */
  readonly notebook?: string | undefined;
  /** What to run where the cell comes to stand in another notebook. */
  readonly elsewhere?: string | undefined;
  /** Where the cell reads, and not at the notebook's ref. */
  readonly ref?: string | undefined;
  readonly run?: boolean;
}

/** Puts SQL into a new cell at the end of a notebook, and goes there. A notebook is made where there is none. */
export function useOpenInCell(): (cell: CellToOpen) => void {
  const client = useQueryClient();
  const navigate = useNavigate();
  const stores = useNotebookStores();
  const toast = useToast();
  const { expression } = useCurrentRef();
  const { mutateAsync: createNotebook } = useCreateNotebook();
  return useCallback(
    ({ sql, notebook: wanted, elsewhere = sql, ref, run = false }) => {
      const find = async (): Promise<NotebookStore> => {
        const list = [...stores.made(), ...(await client.fetchQuery(notebooksQuery()))];
        const ids = [wanted, lastNotebook(), list[0]?.id];
        const id = ids.find((each) => list.some((known) => known.id === each));
        if (id !== undefined && id !== null) return openStore(client, stores, id);
        return stores.open(await createNotebook({ title: UNTITLED, cells: [] }));
      };
      const open = async () => {
        const store = await find();
        const { cells } = store.document();
        const fresh = newCell('sql', store.id === wanted ? sql : elsewhere, cells);
        const cell = ref === undefined ? fresh : { ...fresh, ref };
        store.edit({ type: 'insert', at: cells.length, cell });
        const search = (before: { ref?: string | undefined }) => ({ ...before, cell: cell.id });
        const params = { id: store.id };
        await navigate({ to: '/notebooks/$id', params, search, state: { shownCell: cell.id } });
        if (run) await runCell(store, cell.id, expression);
      };
      open().catch((error: unknown) => {
        const title = isAppError(error, 'UNAVAILABLE')
          ? 'The notebook can’t be opened while the server is away.'
          : 'The cell was not made.';
        toast({ title, description: errorMessage(error), tone: 'bad' });
      });
    },
    [client, navigate, stores, toast, expression, createNotebook],
  );
}
