import { isWriteStatement } from '#shared/sql/write-statements.ts';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Cell } from '#shared/contract/notebooks.ts';
import { useToast } from '#web/components/toast.tsx';
import { newCell } from './document.ts';
import { formatSql } from './format-sql.ts';
import type { NotebookStore } from './notebook-store.ts';
import type { RunTarget } from './run-store.ts';

export type Mode = 'command' | 'edit';

export interface NotebookEditor {
  readonly selected: string | null;
  readonly mode: Mode;
  readonly select: (id: string, mode?: Mode) => void;
  /** The editor of this cell lost the focus. */
  readonly leave: (id: string) => void;
  /** Selects the cell so many places further; stops at the ends. */
  readonly step: (by: number) => void;
  /** Adds a cell at an index and begins to write in it. */
  readonly insert: (kind: Cell['kind'], at: number) => void;
  readonly remove: (id: string) => void;
  readonly duplicate: (id: string) => void;
  readonly moveBy: (id: string, by: number) => void;
  readonly run: (id: string) => void;
  readonly format: (id: string) => void;
  /** The cell whose snapshot is being chosen. */
  readonly picking: string | null;
  readonly pickSnapshot: (id: string | null) => void;
  readonly runNext: (id: string) => void;
  readonly runAll: () => void;
}

/** What a person does to a notebook: selection, the two modes, and edits that go together with them. */
export function useNotebookEditor(
  store: NotebookStore,
  ref: string,
  initial: string | undefined,
): NotebookEditor {
  const toast = useToast();
  const [{ selected, mode }, setState] = useState<{ selected: string | null; mode: Mode }>(() => {
    const { cells } = store.document();
    // A notebook with nothing in it yet was made to be written in.
    const blank = cells.length === 1 && cells[0]?.source === '';
    return { selected: initial ?? cells[0]?.id ?? null, mode: blank ? 'edit' : 'command' };
  });
  const select = useCallback(
    (id: string, next: Mode = 'command') =>
      setState((before) =>
        before.selected === id && before.mode === next ? before : { selected: id, mode: next },
      ),
    [],
  );
  const leave = useCallback((id: string) => {
    // Another window has the focus: whoever comes back goes on writing.
    if (!document.hasFocus()) return;
    setState((before) => (before.selected === id ? { selected: id, mode: 'command' } : before));
  }, []);

  const [picking, pickSnapshot] = useState<string | null>(null);
  const offers = useUndoOffers(store);

  const actions = useMemo(() => {
    const cells = () => store.document().cells;
    const indexOf = (id: string | null) => cells().findIndex((cell) => cell.id === id);
    const targetOf = (cell: Cell | undefined): RunTarget | null =>
      cell?.kind === 'sql' && cell.source.trim() !== ''
        ? { id: cell.id, sql: cell.source, ref: cell.ref ?? ref }
        : null;

    const insert = (kind: Cell['kind'], at: number) => {
      const cell = newCell(kind);
      store.edit({ type: 'insert', at, cell });
      select(cell.id, 'edit');
    };
    const run = (id: string) => {
      const target = targetOf(cells()[indexOf(id)]);
      if (target !== null) void store.runs.run(target);
      // Nothing to run is answered with nothing, not with what the cell came to before it was emptied.
      else store.runs.forget(id);
    };
    const format = (id: string) => {
      const cell = cells()[indexOf(id)];
      if (cell?.kind !== 'sql') return;
      formatSql(cell.source).then(
        (source) => store.edit({ type: 'source', id, source }),
        () =>
          toast({
            title: 'This SQL can’t be formatted as it is.',
            description: 'Mend what does not parse first.',
            tone: 'bad',
          }),
      );
    };
    return {
      insert,
      run,
      format,
      runNext: (id: string) => {
        run(id);
        const next = cells()[indexOf(id) + 1];
        if (next === undefined) insert('sql', cells().length);
        else select(next.id, 'command');
      },
      runAll: () => {
        const targets = cells().map((cell) => {
          const target = targetOf(cell);
          if (target === null) store.runs.forget(cell.id);
          return target;
        });
        void store.runs.runAll(targets.filter((target) => target !== null));
      },
      remove: (id: string) => {
        const at = indexOf(id);
        const cell = cells()[at];
        if (cell === undefined) return;
        const takeBack = store.edit({ type: 'remove', id });
        store.runs.forget(id);
        const neighbour = cells()[Math.min(at, cells().length - 1)];
        setState({ selected: neighbour?.id ?? null, mode: 'command' });
        const dismiss = toast({
          title: cell.kind === 'sql' ? 'The SQL cell is deleted.' : 'The text cell is deleted.',
          action: {
            label: 'Undo',
            run: () => {
              takeBack();
              select(id);
            },
          },
        });
        offers.current.set(id, dismiss);
      },
      duplicate: (id: string) => {
        const at = indexOf(id);
        const cell = cells()[at];
        if (cell === undefined) return;
        const copy = { ...cell, id: crypto.randomUUID() };
        store.edit({ type: 'insert', at: at + 1, cell: copy });
        select(copy.id);
      },
      moveBy: (id: string, by: number) => store.edit({ type: 'move', id, to: indexOf(id) + by }),
    };
  }, [store, ref, select, toast, offers]);

  useFollowRef(store, ref);

  const step = useCallback(
    (by: number) => {
      setState((before) => {
        const { cells } = store.document();
        const at = cells.findIndex((cell) => cell.id === before.selected);
        const next = cells[Math.max(0, Math.min(cells.length - 1, at + by))];
        return next === undefined ? before : { selected: next.id, mode: 'command' };
      });
    },
    [store],
  );

  return useMemo(
    () => ({ selected, mode, select, leave, step, picking, pickSnapshot, ...actions }),
    [selected, mode, select, leave, step, picking, actions],
  );
}

/**
 * Messages that offer to bring a deleted cell back, by the cell. Whatever brings it back (the key, the palette, the
 * message itself) takes the offer away.
 */
function useUndoOffers(store: NotebookStore) {
  const offers = useRef(new Map<string, () => void>());
  useEffect(
    () =>
      store.subscribe(() => {
        if (offers.current.size === 0) return;
        for (const { id } of store.document().cells) {
          offers.current.get(id)?.();
          offers.current.delete(id);
        }
      }),
    [store],
  );
  return offers;
}

/** Going elsewhere in history answers again what was answered before: old figures under a new place would lie. */
function useFollowRef(store: NotebookStore, ref: string): void {
  useEffect(() => {
    const targets: RunTarget[] = [];
    for (const cell of store.document().cells) {
      const run = store.runs.get(cell.id);
      const answered = run?.kind === 'done' || run?.kind === 'failed';
      // What changes a table runs when somebody asks for it, and never by itself.
      if (cell.kind !== 'sql' || isWriteStatement(cell.source)) continue;
      if (cell.ref === undefined && answered && run.ref !== ref) {
        targets.push({ id: cell.id, sql: cell.source, ref });
      }
    }
    if (targets.length > 0) void store.runs.runAll(targets, { goOn: true });
  }, [store, ref]);
}
