/** As many letters as a title may have. */
const MOST = 200;

/** What a notebook without a title is called. */
export const UNTITLED = 'Untitled';

export function titleOf(title: string): string {
  return title === '' ? UNTITLED : title;
}

/** A title that none has yet: `Untitled`, `Untitled 2` and so on. */
export function freeTitle(stem: string, taken: readonly string[]): string {
  const known = new Set(taken.map((title) => title.trim().toLowerCase()));
  let title = stem.slice(0, MOST);
  for (let count = 2; known.has(title.toLowerCase()); count += 1) {
    const end = ` ${count}`;
    title = stem.slice(0, MOST - end.length) + end;
  }
  return title;
}

/** What to call a copy: of a copy it is one of the first. */
export function copyTitle(title: string, taken: readonly string[]): string {
  const stem = title.replace(/ \(copy\)(?: \d+)?$/, '');
  return freeTitle(`${stem.slice(0, MOST - 7)} (copy)`, taken);
}
