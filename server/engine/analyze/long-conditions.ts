import type { Token } from '#shared/sql/tokenize.ts';

/** DuckDB's parser takes a second for so many, and with the square of their number longer; nothing stops it. Measured, v1.5.6. */
const MOST = 20_000;
const CONNECTS = /^(?:and|or)$/i;

export const LONG_CONDITIONS = `More than ${MOST.toLocaleString('en-US')} conditions are in one chain of AND or OR here, which DuckDB reads for very long. Write them as IN (…), or put the values into a table and join it.`;

/**
 * Where more conditions are in one chain of AND or OR; null where there are not. It is for before the SQL is parsed, as that is
 * what takes long.
 *
 * @param tokens of the SQL, those that mean something
 */
export function longConditionsAt(sql: string, tokens: readonly Token[]): number | null {
  // Of each parenthesis that is open, the outermost first.
  const counts = [0];
  for (const { kind, start, end } of tokens) {
    const first = sql.charAt(start);
    if (first === '(') counts.push(0);
    else if (first === ')' && counts.length > 1) counts.pop();
    if (kind !== 'word' || end - start > 3 || !CONNECTS.test(sql.slice(start, end))) continue;
    const count = (counts.pop() ?? 0) + 1;
    counts.push(count);
    if (count > MOST) return start;
  }
  return null;
}
