/** Columns side by side, in pixels from the left edge of the first. */
export interface ColumnLayout {
  readonly count: number;
  readonly total: number;
  start(column: number): number;
  width(column: number): number;
  /** The column at x, held within the first and the last; -1 where there are none. */
  at(x: number): number;
  /** First and last column that touch [left, left + width). */
  visible(left: number, width: number): readonly [first: number, last: number];
}

export function createColumnLayout(widths: readonly number[]): ColumnLayout {
  const ends = new Float64Array(widths.length);
  let total = 0;
  for (const [column, width] of widths.entries()) {
    total += width;
    ends[column] = total;
  }
  const at = (x: number) => {
    let low = 0;
    let high = widths.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) > x) high = middle;
      else low = middle + 1;
    }
    return high < 0 ? -1 : low;
  };
  return {
    count: widths.length,
    total,
    start: (column) => (column <= 0 ? 0 : (ends[column - 1] ?? total)),
    width: (column) => widths[column] ?? 0,
    at,
    visible: (left, width) => [at(left), at(left + Math.max(width, 1) - 1)],
  };
}
