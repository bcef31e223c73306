/**
 * Index of the last item that starts at or before an offset; -1 where none does.
 *
 * @param items in the order of their starts
 */
export function lastAtOrBefore<T>(items: readonly T[], startOf: (item: T) => number, offset: number): number {
  let [from, until] = [-1, items.length];
  while (from + 1 < until) {
    const middle = (from + until) >> 1;
    const item = items[middle];
    if (item !== undefined && startOf(item) <= offset) from = middle;
    else until = middle;
  }
  return from;
}
