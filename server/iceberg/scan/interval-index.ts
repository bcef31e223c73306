import { compareValues, type IcebergValue } from '#shared/iceberg/values.ts';

/** Both ends included; an end that is absent is open. */
export interface OpenInterval {
  readonly lower?: IcebergValue | undefined;
  readonly upper?: IcebergValue | undefined;
}

/** Finds which of many intervals overlap a given one, without looking at each. */
export class IntervalIndex<T extends OpenInterval> {
  /** By lower end. */
  private readonly items: readonly T[];
  /** A heap-shaped tree over `items`: the item with the highest upper end beneath each node. */
  private readonly highest: (T | undefined)[];
  private readonly leaves: number;

  constructor(items: readonly T[]) {
    this.items = items.toSorted((a, b) => compareLower(a, b));
    let leaves = 1;
    while (leaves < items.length) leaves *= 2;
    this.leaves = leaves;
    this.highest = Array.from({ length: leaves * 2 });
    for (const [at, item] of this.items.entries()) this.highest[leaves + at] = item;
    for (let node = leaves - 1; node >= 1; node -= 1) {
      this.highest[node] = higher(this.highest[node * 2], this.highest[node * 2 + 1]);
    }
  }

  /** In no particular order. */
  overlapping(range: OpenInterval): T[] {
    const found: T[] = [];
    const end = this.startingAfter(range.upper);
    const visit = (node: number, from: number, to: number) => {
      if (from >= end) return;
      const item = this.highest[node];
      if (item === undefined || isBelow(item.upper, range.lower)) return;
      if (to - from === 1) {
        found.push(item);
        return;
      }
      const middle = (from + to) / 2;
      visit(node * 2, from, middle);
      visit(node * 2 + 1, middle, to);
    };
    visit(1, 0, this.leaves);
    return found;
  }

  /** How many items start at or below a value. */
  private startingAfter(value: IcebergValue | undefined): number {
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBelow(value, this.items[middle]?.lower)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

export function overlaps(a: OpenInterval, b: OpenInterval): boolean {
  return !isBelow(a.upper, b.lower) && !isBelow(b.upper, a.lower);
}

/** False where either end is open. */
function isBelow(upper: IcebergValue | undefined, lower: IcebergValue | undefined): boolean {
  return upper !== undefined && lower !== undefined && compareValues(upper, lower) < 0;
}

function compareLower(a: OpenInterval, b: OpenInterval): number {
  if (a.lower === undefined || b.lower === undefined)
    return Number(a.lower !== undefined) - Number(b.lower !== undefined);
  return compareValues(a.lower, b.lower);
}

function higher<T extends OpenInterval>(a: T | undefined, b: T | undefined): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.upper === undefined || b.upper === undefined) return a.upper === undefined ? a : b;
  return compareValues(a.upper, b.upper) >= 0 ? a : b;
}
