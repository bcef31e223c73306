import type { PlannedDelete } from './delete-index.ts';
import { bestAxes } from './best-axes.ts';
import { IntervalIndex, overlaps, type OpenInterval } from './interval-index.ts';
import { SuffixHulls } from './suffix-hulls.ts';

export interface DeletePlace {
  /** What `interval` is of: a column, or how locations begin. Only intervals of one axis can be compared. */
  readonly axis: string;
  readonly interval: OpenInterval;
}

/** Where deletes are that can be anywhere. */
export const NOWHERE: DeletePlace = { axis: '', interval: {} };

/** A delete file with where its deletes lie. */
export interface IndexedDelete extends PlannedDelete {
  /** At least one; by any of them alone it may be found. */
  readonly places: readonly DeletePlace[];
  /** Nothing is known of what it deletes, so that it is never ruled out. */
  readonly always: boolean;
}

interface Slot extends OpenInterval {
  readonly planned: PlannedDelete;
  readonly axis: string;
  readonly order: number;
}

/** Up to so many deletes are looked at one by one. */
const FEW = 16;

/** Deletes that share where they apply (a partition, a file, the table) and differ in age and in what they hold. */
export class DeleteGroup {
  private readonly added: IndexedDelete[] = [];
  private sorted: readonly IndexedDelete[] | null = null;
  private slots: readonly Slot[] = [];
  /** From here on none can be ruled out. */
  private alwaysFrom = 0;
  private hulls = new SuffixHulls([]);
  private readonly indexes = new Map<string, IntervalIndex<Slot>>();
  private readonly suffixes = new Map<number, readonly PlannedDelete[]>();

  add(indexed: IndexedDelete): void {
    this.added.push(indexed);
    this.sorted = null;
  }

  /**
   * Deletes of this sequence number and later, of which each may apply to a data file.
   *
   * @param interval where the data file lies on an axis
   */
  from(
    sequenceNumber: bigint,
    may: (planned: PlannedDelete) => boolean,
    interval: (axis: string) => OpenInterval,
  ): readonly PlannedDelete[] {
    const sorted = this.sorted ?? this.sort();
    const start = firstFrom(sorted, sequenceNumber);
    if (start === sorted.length) return [];
    if (start >= this.alwaysFrom || this.hulls.covers(start, interval)) return this.suffix(start);
    const candidates =
      sorted.length - start <= FEW
        ? this.slots.slice(start).filter((slot) => overlaps(slot, interval(slot.axis)))
        : this.overlapping(start, interval);
    const found = candidates.filter(({ planned }) => may(planned));
    if (found.length === sorted.length - start) return this.suffix(start);
    return found.sort((a, b) => a.order - b.order).map(({ planned }) => planned);
  }

  private overlapping(start: number, interval: (axis: string) => OpenInterval): Slot[] {
    const found: Slot[] = [];
    for (const [axis, index] of this.indexes)
      for (const slot of index.overlapping(interval(axis))) if (slot.order >= start) found.push(slot);
    return found;
  }

  private sort(): readonly IndexedDelete[] {
    const sorted = this.added.toSorted((a, b) =>
      a.sequenceNumber < b.sequenceNumber ? -1 : a.sequenceNumber > b.sequenceNumber ? 1 : 0,
    );
    const best = bestAxes(sorted);
    this.slots = sorted.map(({ file, sequenceNumber, places }, order) => {
      const { axis, interval } = places[best(places)] ?? NOWHERE;
      return { planned: { file, sequenceNumber }, axis, order, ...interval };
    });
    this.hulls = new SuffixHulls(sorted);
    this.alwaysFrom = sorted.findLastIndex(({ always }) => !always) + 1;
    this.indexes.clear();
    this.suffixes.clear();
    const byAxis = new Map<string, Slot[]>();
    for (const slot of this.slots) {
      const slots = byAxis.get(slot.axis);
      if (slots === undefined) byAxis.set(slot.axis, [slot]);
      else slots.push(slot);
    }
    for (const [axis, slots] of byAxis) this.indexes.set(axis, new IntervalIndex(slots));
    this.sorted = sorted;
    return sorted;
  }

  /** One array for all files to which the same deletes apply. */
  private suffix(start: number): readonly PlannedDelete[] {
    let suffix = this.suffixes.get(start);
    if (suffix === undefined) {
      suffix = this.slots.slice(start).map(({ planned }) => planned);
      this.suffixes.set(start, suffix);
    }
    return suffix;
  }
}

function firstFrom(sorted: readonly IndexedDelete[], sequenceNumber: bigint): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.sequenceNumber ?? 0n) < sequenceNumber) low = middle + 1;
    else high = middle;
  }
  return low;
}
