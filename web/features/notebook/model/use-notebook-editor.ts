import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Cell } from '#shared/contract/notebooks.ts';
import { useToast } from '#web/components/toast.tsx';
import { copyOfCell, newCell } from './new-cell.ts';
import { CELL_KINDS } from './cell-kinds.ts';
import { formatSql } from './format-sql.ts';
import type { NotebookStore } from './notebook-store.ts';
import { runCell, runCells, staleCells } from './reruns.ts';
import type { RunPart } from './run-store.ts';
import { useReruns } from './use-reruns.ts';

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
  /** Moves a cell before the one that stands at an index now. */
  readonly dropAt: (id: string, index: number) => void;
  readonly run: (id: string, part?: RunPart) => void;
  readonly format: (id: string) => void;
  /** The cell whose snapshot is being chosen. */
  readonly picking: string | null;
  readonly pickSnapshot: (id: string | null) => void;
  readonly runNext: (id: string) => void;
  readonly runAll: () => void;
  /** All down to this cell, and what these read from further down. */
  readonly runToHere: (id: string) => void;
  readonly runStale: () => void;
  /** The run that the cell has pinned, at the commit that it read then. */
  readonly rerunExactly: (id: string) => void;
  /** The cell whose answer fills the page. */
  readonly enlarged: string | null;
  readonly enlarge: (id: string | null) => void;
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
    const blank = cells.length === 1 && cells[0]?.kind === 'sql' && cells[0].source === '';
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
  const [enlarged, enlarge] = useState<string | null>(null);
  const offers = useUndoOffers(store);

  const actions = useMemo(() => {
    const cells = () => store.document().cells;
    const indexOf = (id: string | null) => cells().findIndex((cell) => cell.id === id);
    const insert = (kind: Cell['kind'], at: number) => {
      const cell = newCell(kind, '', cells());
      store.edit({ type: 'insert', at, cell });
      select(cell.id, 'edit');
      // What shows another cell does so at once: there is nothing to be written first.
      if (cell.kind !== 'sql') run(cell.id);
    };
    const run = (id: string, part?: RunPart) => void runCell(store, id, ref, part);
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
      runAll: () =>
        void runCells(
          store,
          cells().map(({ id }) => id),
          ref,
        ),
      runToHere: (id: string) =>
        void runCells(
          store,
          cells()
            .slice(0, indexOf(id) + 1)
            .map((cell) => cell.id),
          ref,
        ),
      rerunExactly: (id: string) => {
        const cell = cells()[indexOf(id)];
        const target = store.target(id, ref);
        if (cell?.kind === 'sql' && cell.pin !== undefined && target !== null)
          void store.runs.run({ ...target, exact: cell.pin });
      },
      runStale: () => void runCells(store, staleCells(store, ref), ref),
      remove: (id: string) => {
        const at = indexOf(id);
        const cell = cells()[at];
        if (cell === undefined) return;
        const takeBack = store.edit({ type: 'remove', id });
        store.runs.forget(id);
        const neighbour = cells()[Math.min(at, cells().length - 1)];
        setState({ selected: neighbour?.id ?? null, mode: 'command' });
        const dismiss = toast({
          title: `The ${CELL_KINDS[cell.kind].toLowerCase()} cell is deleted.`.replace('sql', 'SQL'),
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
        const copy = copyOfCell(cell, cells());
        store.edit({ type: 'insert', at: at + 1, cell: copy });
        select(copy.id);
      },
      dropAt: (id: string, index: number) => {
        const from = indexOf(id);
        store.edit({ type: 'move', id, to: index > from ? index - 1 : index });
        select(id);
      },
      moveBy: (id: string, by: number) => store.edit({ type: 'move', id, to: indexOf(id) + by }),
    };
  }, [store, ref, select, toast, offers]);

  useReruns(store, ref);

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
    () => ({ selected, mode, select, leave, step, picking, pickSnapshot, enlarged, enlarge, ...actions }),
    [selected, mode, select, leave, step, picking, enlarged, actions],
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
