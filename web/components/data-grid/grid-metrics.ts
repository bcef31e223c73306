import type { ColumnLayout } from './column-layout.ts';
import type { GridView } from './grid-scroll.ts';
import type { CellAddress } from './selection.ts';

/** Pixels; rows as UI tables have them everywhere. */
export const ROW_HEIGHT = 28;
/** Name and type, one above the other, and the hairline. */
export const HEADER_HEIGHT = 41;

/** Width of the row numbers: as many digits and separators as the last one has. */
export function gutterWidth(rowCount: number): number {
  const digits = String(Math.max(rowCount, 1)).length;
  return Math.max(44, Math.ceil((digits + Math.floor((digits - 1) / 3)) * 7.3) + 20);
}

export function cellId(gridId: string, row: number, column: number): string {
  return `${gridId}-${row < 0 ? 'h' : row}-${column}`;
}

/** The whole numbers from `first` to `last`; none where either is negative. */
export function span(first: number, last: number): number[] {
  return first < 0 ? [] : Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
}

/** Where something is, in pixels within the positioned parent. */
export interface CellBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where a cell is within what is in view. */
export function cellBox(
  { row, column }: CellAddress,
  layout: ColumnLayout,
  gutter: number,
  headerHeight: number,
  view: GridView,
): CellBox {
  return {
    left: Math.max(gutter, gutter + layout.start(column) - view.left),
    top: headerHeight + row * ROW_HEIGHT - view.top,
    width: layout.width(column),
    height: ROW_HEIGHT,
  };
}
