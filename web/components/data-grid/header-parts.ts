import type { ReactNode } from 'react';

/** A line of the header under the columns' names, e.g. how their values lie. */
export interface HeaderStrip {
  /** Pixels. */
  readonly height: number;
  /** What it shows of a column, whose width is in pixels. Keep the function's identity while it shows the same. */
  readonly render: (column: number, width: number) => ReactNode;
}

export interface SortMark {
  readonly direction: 'asc' | 'desc';
  /** From 1, where the rows are sorted by several columns. */
  readonly order?: number;
}
