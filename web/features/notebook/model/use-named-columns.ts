import { useEffect } from 'react';
import { wantColumns } from './notebook-names.ts';
import type { NotebookStore } from './notebook-store.ts';

/** Milliseconds without a key after which a text is looked at. */
const PAUSE = 300;

/** While a text is written, asks for the columns of the cells that it names, so that they are there to complete. */
export function useNamedColumns(
  store: NotebookStore,
  { id, source }: { readonly id: string; readonly source: string },
  notebookRef: string,
  editing: boolean,
): void {
  useEffect(() => {
    if (!editing) return;
    const timer = setTimeout(() => void wantColumns(store, id, source, notebookRef), PAUSE);
    return () => clearTimeout(timer);
  }, [store, id, source, notebookRef, editing]);
}
