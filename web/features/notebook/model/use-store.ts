import { useEffect, useSyncExternalStore } from 'react';
import type { CompletionTable } from '../language/language-facts.ts';
import type { NotebookDocument } from './document.ts';
import type { NotebookStore } from './notebook-store.ts';
import { wantColumns } from './notebook-names.ts';
import { relationColumns, relationKey } from './relation-columns.ts';
import type { CellRun, RunStore } from './run-store.ts';
import type { SaveState } from './save-queue.ts';

/** Milliseconds without a change of a cell after which its columns are asked for anew. */
const PAUSE = 300;

export function useDocument(store: NotebookStore): NotebookDocument {
  return useSyncExternalStore(store.subscribe, store.document);
}

export function useSaveState(store: NotebookStore): SaveState {
  return useSyncExternalStore(store.subscribe, store.saveState);
}

export function useRun(runs: RunStore, cellId: string): CellRun | undefined {
  return useSyncExternalStore(runs.subscribe, () => runs.get(cellId));
}

/** Whether what a cell shows was made from something else than what is here now. */
export function useStale(store: NotebookStore, cellId: string, notebookRef: string): boolean {
  const stale = () => store.isStale(cellId, notebookRef);
  useSyncExternalStore(store.runs.subscribe, stale);
  return useSyncExternalStore(store.subscribe, stale);
}

export function useBusy(runs: RunStore): boolean {
  return useSyncExternalStore(runs.subscribe, () => runs.busy);
}

/** Columns of what a cell shows, as they come to be known, which asks for them; see relationColumns. */
export function useRelationColumns(
  store: NotebookStore,
  tables: readonly CompletionTable[],
  relation: string,
  notebookRef: string,
): readonly string[] {
  const columns = () => relationColumns(store, tables, relation, notebookRef).join('\n');
  useSyncExternalStore(store.subscribe, columns);
  const text = useSyncExternalStore(store.runs.subscribe, columns);
  useEffect(() => {
    if (text === '') void wantColumns(store, '', relation, notebookRef);
  }, [store, relation, notebookRef, text]);
  useEffect(() => {
    const want = () => void wantColumns(store, '', relation, notebookRef);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let key = relationKey(store, relation, notebookRef);
    // What is shown may be of an answer to what the cell said before.
    want();
    const leave = store.subscribe(() => {
      const now = relationKey(store, relation, notebookRef);
      if (now === key) return;
      key = now;
      clearTimeout(timer);
      timer = setTimeout(want, PAUSE);
    });
    return () => {
      leave();
      clearTimeout(timer);
    };
  }, [store, relation, notebookRef]);
  return text === '' ? [] : text.split('\n');
}
