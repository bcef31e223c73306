import { distance } from 'fastest-levenshtein';

/** The few of `names` that somebody who typed `wanted` may have meant, nearest first. */
export function nearestNames(wanted: string, names: readonly string[], count = 3): string[] {
  const lower = wanted.toLowerCase();
  const last = lower.split('.').at(-1) ?? lower;
  return names
    .map((name) => ({ name, score: score(lower, last, name.toLowerCase()) }))
    .filter(({ score }) => score <= Math.max(2, Math.floor(lower.length / 2)))
    .sort((a, b) => a.score - b.score || a.name.localeCompare(b.name))
    .slice(0, count)
    .map(({ name }) => name);
}

/** A forgotten namespace counts as one slip, so that `flights` finds `bronze.flights`. */
function score(wanted: string, last: string, name: string): number {
  const bare = name.split('.').at(-1) ?? name;
  return Math.min(distance(wanted, name), distance(last, bare) + 1);
}
