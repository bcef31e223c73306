/** The few of `names` that somebody who typed `wanted` may have meant, nearest first. Names may be dotted. */
export function nearestNames(wanted: string, names: readonly string[], count = 3): string[] {
  const target = split(wanted);
  return [...new Set(names)]
    .map((name) => ({ name, score: score(target, split(name)) }))
    .filter(({ score }) => score < Infinity)
    .sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

/**
 * How many slips of the fingers lie between two texts: characters put in, left out or exchanged, and neighbours
 * swapped (the optimal string alignment distance).
 */
export function slips(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((last[j - 1] ?? 0) + (same ? 0 : 1), (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

interface Name {
  readonly namespace: string;
  readonly bare: string;
}

function split(name: string): Name {
  const lower = name.toLowerCase();
  const dot = lower.lastIndexOf('.');
  return { namespace: lower.slice(0, Math.max(0, dot)), bare: lower.slice(dot + 1) };
}

/** A namespace left out counts little, so that `flights` finds `bronze.flights`; a wrong one as one slip at least. */
function score(wanted: Name, name: Name): number {
  const space =
    wanted.namespace === name.namespace
      ? 0
      : wanted.namespace === ''
        ? 0.5
        : 1 + slips(wanted.namespace, name.namespace) / 100;
  const distance = slips(wanted.bare, name.bare);
  if (distance <= tolerance(wanted.bare)) return distance + space;
  // Part of a longer name: delay for dep_delay. After all that are near.
  if (wanted.bare.length >= 3 && name.bare.includes(wanted.bare)) return 10 + distance / 100 + space;
  return Infinity;
}

/** One slip in a short word, three in a long one: with more, any two words are alike. */
function tolerance(word: string): number {
  if (word.length < 2) return 0;
  return Math.min(3, Math.max(1, Math.floor(word.length / 3)));
}
