import { compareValues, type IcebergValue } from '#shared/iceberg/values.ts';
import type { IndexedDelete } from './delete-group.ts';
import type { OpenInterval } from './interval-index.ts';

interface Hull {
  readonly axis: string;
  /** Of the deletes from each index on. */
  readonly lowestUpper: readonly (IcebergValue | undefined)[];
  readonly highestLower: readonly (IcebergValue | undefined)[];
}

/**
 * Sees at once that a data file overlaps all deletes from one on. Keys in no order of time (hashes, UUIDs) give
 * every file and every delete about the same bounds; to compare each with each would take their product.
 */
export class SuffixHulls {
  private readonly hulls: readonly Hull[];
  /** From here on the deletes are by the same columns, and their ends are known. */
  private readonly from: number;

  constructor(sorted: readonly IndexedDelete[]) {
    const axes = (sorted.at(-1)?.places ?? []).map(({ axis }) => axis);
    const isLike = ({ places }: IndexedDelete) =>
      places.length === axes.length &&
      places.every(
        ({ axis, interval }, at) =>
          axis === axes[at] && interval.lower !== undefined && interval.upper !== undefined,
      );
    this.from = sorted.findLastIndex((each) => !isLike(each)) + 1;
    this.hulls = axes.map((axis, at) => this.hullOf(sorted, axis, at));
  }

  /** Whether a data file whose values on an axis are `interval` overlaps each delete from `start` on, on all axes. */
  covers(start: number, interval: (axis: string) => OpenInterval): boolean {
    return (
      start >= this.from &&
      this.hulls.every(({ axis, lowestUpper, highestLower }) => {
        const { lower, upper } = interval(axis);
        const [end, begin] = [lowestUpper[start], highestLower[start]];
        if (lower === undefined || upper === undefined || end === undefined || begin === undefined)
          return false;
        return compareValues(lower, end) <= 0 && compareValues(upper, begin) >= 0;
      })
    );
  }

  private hullOf(sorted: readonly IndexedDelete[], axis: string, at: number): Hull {
    const lowestUpper = Array.from<IcebergValue | undefined>({ length: sorted.length });
    const highestLower = Array.from<IcebergValue | undefined>({ length: sorted.length });
    for (let index = sorted.length - 1; index >= this.from; index -= 1) {
      const { lower, upper } = sorted[index]?.places[at]?.interval ?? {};
      if (lower === undefined || upper === undefined) break;
      const [end, begin] = [lowestUpper[index + 1], highestLower[index + 1]];
      lowestUpper[index] = end === undefined || compareValues(upper, end) < 0 ? upper : end;
      highestLower[index] = begin === undefined || compareValues(lower, begin) > 0 ? lower : begin;
    }
    return { axis, lowestUpper, highestLower };
  }
}
