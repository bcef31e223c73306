/** A bin may be filled later by something small, as long as no more than this many bins stay open. */
const OPEN_BINS = 10;

/**
 * Puts items into bins of a capacity, each into the first open bin with room (first fit with a look-back). What is
 * larger than the capacity gets a bin of its own. Order within a bin is that of the items.
 */
export function binPack<T>(
  items: readonly T[],
  capacity: number,
  weightOf: (item: T) => number,
): readonly (readonly T[])[] {
  const done: T[][] = [];
  const open: { readonly items: T[]; weight: number }[] = [];
  for (const item of items) {
    const weight = weightOf(item);
    const bin = open.find((candidate) => candidate.weight + weight <= capacity);
    if (bin !== undefined) {
      bin.items.push(item);
      bin.weight += weight;
      continue;
    }
    open.push({ items: [item], weight });
    if (open.length <= OPEN_BINS) continue;
    const fullest = open.reduce((a, b) => (b.weight > a.weight ? b : a));
    open.splice(open.indexOf(fullest), 1);
    done.push(fullest.items);
  }
  return [...done, ...open.map((bin) => bin.items)];
}
