import { compareValues } from '#shared/iceberg/values.ts';
import type { DeletePlace, IndexedDelete } from './delete-group.ts';
import type { OpenInterval } from './interval-index.ts';

/**
 * By which of their places deletes are told apart best: deletes by a region and a number are found by the number,
 * of which each has others, and not by the region that all have.
 *
 * @returns an index into the places of a delete
 */
export function bestAxes(deletes: readonly IndexedDelete[]): (places: readonly DeletePlace[]) => number {
  const groups = new Map<string, IndexedDelete[]>();
  for (const each of deletes) {
    if (each.places.length < 2) continue;
    const key = axesOf(each.places);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  const best = new Map<string, number>();
  for (const [key, group] of groups) {
    const crowds = (group[0]?.places ?? []).map((_, at) =>
      crowdOf(group.map(({ places }) => places[at]?.interval ?? {})),
    );
    best.set(key, crowds.indexOf(Math.min(...crowds)));
  }
  return (places) => (places.length < 2 ? 0 : (best.get(axesOf(places)) ?? 0));
}

function axesOf(places: readonly DeletePlace[]): string {
  return places.map(({ axis }) => axis).join();
}

/** How many pairs of intervals overlap, each with itself among them. */
function crowdOf(intervals: readonly OpenInterval[]): number {
  const lowers = intervals.flatMap(({ lower }) => (lower === undefined ? [] : [lower])).sort(compareValues);
  const uppers = intervals.flatMap(({ upper }) => (upper === undefined ? [] : [upper])).sort(compareValues);
  // Of two that do not overlap, one ends before the other begins.
  let apart = 0;
  let ended = 0;
  for (const lower of lowers) {
    for (let end = uppers[ended]; end !== undefined && compareValues(end, lower) < 0; end = uppers[ended])
      ended += 1;
    apart += ended;
  }
  return (intervals.length * (intervals.length + 1)) / 2 - apart;
}
