/** As many letters as a title may have. */
const MOST = 200;

/** What a notebook without a title is called. */
export const UNTITLED = 'Untitled';

export function titleOf(title: string): string {
  return title === '' ? UNTITLED : title;
}

/** A title that none has yet: `Untitled`, `Untitled 2` and so on. */
export function freeTitle(stem: string, taken: readonly string[]): string {
  return firstFree(stem.slice(0, MOST), (count) => ` ${count}`, taken, stem);
}

/**
 * What a notebook is called that comes beside others: as it is, or as the first free of `Rates (2)`, `Rates (3)` and so
 * on, as file managers count copies. A copy of a copy is one of the first.
 */
export function distinctTitle(title: string, taken: readonly string[]): string {
  const stem = title.trim().replace(/ \(\d+\)$/, '');
  return firstFree(title.trim().slice(0, MOST), (count) => ` (${count})`, taken, stem);
}

function firstFree(
  wanted: string,
  endOf: (count: number) => string,
  taken: readonly string[],
  stem: string,
): string {
  const known = new Set(taken.map((title) => title.trim().toLowerCase()));
  let title = wanted;
  for (let count = 2; known.has(title.toLowerCase()); count += 1) {
    const end = endOf(count);
    title = stem.slice(0, MOST - end.length) + end;
  }
  return title;
}
