import type { CellValue } from '#web/lib/result-table.ts';
import type { CellAddress } from './selection.ts';
import type { CellBox } from './grid-metrics.ts';

/** What floats over a grid: one at a time. */
export type GridOverlay =
  | { readonly kind: 'value'; readonly cell: CellAddress }
  | { readonly kind: 'column'; readonly column: number }
  | {
      readonly kind: 'cells';
      readonly box: CellBox;
      /** The cell that it was asked for at; null at a row's number or a column's name. */
      readonly cell: CellAddress | null;
      /** The column at whose name it was asked for. */
      readonly column: number | null;
    };

/** What filters the rows by a value. */
export interface ValueFilters {
  readonly keep: () => void;
  readonly exclude: () => void;
}

/** Null for a value that no filter can hold. */
export type FilterOfValue = (column: number, value: CellValue) => ValueFilters | null;
