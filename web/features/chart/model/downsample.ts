/** Places of a line at most: about two for each pixel of a wide screen. */
export const MAX_LINE_PLACES = 2000;

/**
 * Which of `count` places along x to draw so that a line of them looks as a line of all would: the places are put in
 * equal runs, and of each run the ones with the lowest and the highest value of each series stay. So every peak
 * stays, at its true place; nothing is averaged.
 *
 * @param value of series s at place i; null where there is none
 * @param limit places at most, about
 * @returns places in ascending order, first and last among them
 */
export function keepExtremes(
  count: number,
  series: number,
  value: (place: number, series: number) => number | null | undefined,
  limit: number,
): number[] {
  if (count <= limit) return Array.from({ length: count }, (_, place) => place);
  const runs = Math.max(1, Math.floor((limit - 2) / (2 * Math.max(1, series))));
  const kept = new Set<number>([0, count - 1]);
  for (let run = 0; run < runs; run++) {
    const from = Math.floor((run * count) / runs);
    const to = Math.floor(((run + 1) * count) / runs);
    for (let s = 0; s < series; s++) {
      let lowest = -1;
      let highest = -1;
      let low = Infinity;
      let high = -Infinity;
      for (let place = from; place < to; place++) {
        const v = value(place, s);
        if (v === null || v === undefined) continue;
        if (v < low) [low, lowest] = [v, place];
        if (v > high) [high, highest] = [v, place];
      }
      if (lowest >= 0) kept.add(lowest).add(highest);
    }
  }
  return [...kept].sort((a, b) => a - b);
}

/**
 * A sample of `count` places spread over all of them: one of each of `limit` equal runs, or fewer where neighbours
 * meet. Which one of a run varies, so that data with a rhythm (every third row of one kind) is not sampled in step with it; it is the same each time.
 */
export function keepSpread(count: number, limit: number): number[] {
  if (count <= limit) return Array.from({ length: count }, (_, place) => place);
  let state = 0x9e3779b9;
  const kept = new Set<number>();
  for (let run = 0; run < limit; run++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    kept.add(Math.floor(((run + state / 2 ** 32) * count) / limit));
  }
  return [...kept];
}
