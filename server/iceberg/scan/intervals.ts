import { compareValues, type IcebergValue } from '#shared/iceberg/values.ts';

/** A literal that may not be exact in the column's type lies somewhere in here; both ends included. */
export interface Interval {
  readonly low: IcebergValue;
  readonly high: IcebergValue;
}

/** Of the values of a column, as far as they are known. */
interface Bounds {
  readonly lower?: IcebergValue | undefined;
  readonly upper?: IcebergValue | undefined;
}

/** By where they begin, then where they end; each once. Of values of one type no later one ends before an earlier one. */
export function inOrder(intervals: readonly Interval[]): readonly Interval[] {
  const ordered = intervals.toSorted((a, b) => compareValues(a.low, b.low) || compareValues(a.high, b.high));
  return ordered.filter((one, index) => {
    const before = ordered[index - 1];
    return (
      before === undefined ||
      compareValues(before.low, one.low) !== 0 ||
      compareValues(before.high, one.high) !== 0
    );
  });
}

/** Whether a value of a range may lie in one of some intervals in their order; what cannot be compared may. */
export function someOverlap(ordered: readonly Interval[], bounds: Bounds): boolean {
  const first = ordered[firstAtOrBehind(ordered, bounds)];
  return first !== undefined && !beginsBehind(first, bounds);
}

/** Whether all values of a range are one value, which is one of some intervals in their order. */
export function isOneOf(ordered: readonly Interval[], bounds: Bounds): boolean {
  const { lower, upper } = bounds;
  if (lower === undefined || upper === undefined || compareValues(lower, upper) !== 0) return false;
  for (let at = firstAtOrBehind(ordered, bounds); ; at += 1) {
    const one = ordered[at];
    if (one === undefined || beginsBehind(one, bounds)) return false;
    if (compareValues(one.low, one.high) === 0 && compareValues(one.low, lower) === 0) return true;
  }
}

/** The index of the first interval that does not end before a range. */
function firstAtOrBehind(ordered: readonly Interval[], { lower }: Bounds): number {
  let [from, until] = [0, ordered.length];
  while (from < until) {
    const middle = (from + until) >> 1;
    const one = ordered[middle];
    if (lower !== undefined && one !== undefined && compareValues(lower, one.high) > 0) from = middle + 1;
    else until = middle;
  }
  return from;
}

function beginsBehind({ low }: Interval, { upper }: Bounds): boolean {
  return upper !== undefined && compareValues(upper, low) < 0;
}
