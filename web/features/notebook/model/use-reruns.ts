import { useEffect, useEffectEvent, useRef } from 'react';
import type { NotebookStore } from './notebook-store.ts';
import { changedInputs, rerunReaders, runCells } from './reruns.ts';
import { writesAnything } from '#shared/sql/write-statements.ts';

/** Milliseconds of quiet after an input was changed: who drags a slider wants one answer at a time. */
const QUIET_MS = 250;

/** What runs without being asked for: readers of an input that changed, and all that was answered elsewhere in history. */
export function useReruns(store: NotebookStore, ref: string): void {
  const rerun = useEffectEvent((ids: readonly string[]) => void rerunReaders(store, ids, ref));
  useEffect(() => {
    let { cells } = store.document();
    const changed = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = store.subscribe(() => {
      const next = store.document().cells;
      const ids = changedInputs(cells, next);
      cells = next;
      if (ids.length === 0) return;
      for (const id of ids) changed.add(id);
      clearTimeout(timer);
      timer = setTimeout(() => {
        rerun([...changed]);
        changed.clear();
      }, QUIET_MS);
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [store]);

  const before = useRef(ref);
  // Going elsewhere in history answers again what was answered before: old figures under a new place would lie.
  useEffect(() => {
    const moved = before.current !== ref;
    before.current = ref;
    const ids = store.document().cells.flatMap(({ id }) => {
      const run = store.runs.get(id);
      // Opening a notebook runs nothing: what was answered at an earlier visit says so, and where.
      if (run?.kind !== 'done' && run?.kind !== 'failed') return [];
      const old = run.kind === 'done' && run.kept !== undefined;
      const target = store.target(id, ref);
      if ((old && !moved) || target === null || writesAnything(target.sql)) return [];
      return run.ref === target.ref ? [] : [id];
    });
    if (ids.length > 0) void runCells(store, ids, ref);
  }, [store, ref]);
}
