import type { RowGroups } from '#shared/contract/plan.ts';

/** A row's position in its file, as SQL, from its place among the rows of some row groups; null for all of them. */
export function positionInFile(groups: RowGroups | null, place: string): string {
  if (groups === null) return place;
  let rows = 0;
  const runs: { readonly shift: number; end: number }[] = [];
  for (const [, start, count] of groups) {
    const shift = start - rows;
    const last = runs.at(-1);
    rows += count;
    if (last?.shift === shift) last.end = rows;
    else runs.push({ shift, end: rows });
  }
  const [first] = runs;
  if (first === undefined) return place;
  if (runs.length === 1) return `${place} + ${first.shift}`;
  const cases = runs.map(({ shift, end }) => `WHEN ${place} < ${end} THEN ${place} + ${shift}`);
  return `CASE ${cases.join(' ')} END`;
}
