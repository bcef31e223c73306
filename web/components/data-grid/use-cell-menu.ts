import type { MouseEvent } from 'react';
import type { ColumnLayout } from './column-layout.ts';
import { cellBox } from './grid-metrics.ts';
import type { GridOverlay } from './grid-overlay.ts';
import type { GridScroll } from './grid-scroll.ts';
import {
  isWithin,
  selectCell,
  selectColumns,
  selectRows,
  type CellAddress,
  type Selection,
} from './selection.ts';
import type { usePointerSelection } from './use-pointer-selection.ts';

interface CellMenuOptions {
  readonly rows: number;
  /** Whether the values of a row are in the page. */
  readonly isHere: (row: number) => boolean;
  readonly layout: ColumnLayout;
  readonly gutter: number;
  readonly headerHeight: number;
  readonly scroll: GridScroll;
  readonly selection: Selection | null;
  readonly select: (selection: Selection) => void;
  readonly reveal: (cell: CellAddress) => void;
  readonly hit: ReturnType<typeof usePointerSelection>['hit'];
  readonly open: (overlay: GridOverlay) => void;
}

/** Asking for what can be done with cells: by key at the current one, by pointer wherever it is. */
export function useCellMenu(options: CellMenuOptions) {
  const { rows, isHere, layout, gutter, headerHeight, scroll, selection, select, reveal, hit, open } =
    options;

  const byKey = (now: Selection) => {
    const { row, column } = now.head;
    if (rows === 0 || layout.count === 0 || (row >= 0 && !isHere(row))) return;
    if (row < 0) select(selectColumns(column, column, rows));
    else select(now);
    reveal(now.head);
    const at = cellBox({ row: Math.max(row, 0), column }, layout, gutter, headerHeight, scroll.view());
    open(
      row < 0
        ? { kind: 'cells', box: { ...at, top: 0, height: headerHeight }, cell: null, column }
        : { kind: 'cells', box: at, cell: now.head, column: null },
    );
  };

  const onContextMenu = (event: MouseEvent<HTMLElement>) => {
    // What floats over the grid has the browser's own.
    if (!(event.target instanceof Node) || !event.currentTarget.contains(event.target)) return;
    const bounds = event.currentTarget.getBoundingClientRect();
    const [left, top] = [event.clientX - bounds.left, event.clientY - bounds.top];
    const { row, column, inHeader, inGutter, outside } = hit(left, top);
    if (outside || rows === 0 || layout.count === 0) return;
    event.preventDefault();
    if (!inHeader && !isHere(row)) return;
    const taken = inHeader
      ? selectColumns(column, column, rows)
      : inGutter
        ? selectRows(row, row, layout.count)
        : selectCell({ row, column });
    // On what is selected already, all of that is meant.
    if (selection === null || !isWithin(selection, taken)) select(taken);
    open({
      kind: 'cells',
      box: { left, top, width: 0, height: 0 },
      cell: inHeader || inGutter ? null : { row, column },
      column: inHeader && !inGutter ? column : null,
    });
  };

  return { byKey, onContextMenu };
}

/** Whether keys ask for a menu, as on keyboards with and without a key for it. */
export function asksForMenu({
  key,
  shiftKey,
}: {
  readonly key: string;
  readonly shiftKey: boolean;
}): boolean {
  return key === 'ContextMenu' || (key === 'F10' && shiftKey);
}
