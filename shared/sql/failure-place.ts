import type { DuckDbFailure } from './duckdb-failure.ts';
import { essence } from './failure-sentence.ts';
import { lineColumn, utf16Offset, type LineColumn } from './positions.ts';
import { significantTokens } from './tokenize.ts';

/** SQL that an engine ran for SQL that a person wrote. */
export interface RanSql {
  /** All of what was run: `sql`, or something around it. */
  readonly executed: string;
  readonly sql: string;
  readonly asked: string;
  /** Where an offset of `sql` is in `asked`; null where its places are not those of `asked`. */
  readonly toAsked: ((offset: number) => number) | null;
}

/** Where in the person's SQL a failure is: for the context of an error. Empty where nobody can tell. */
export function failurePlace(
  failure: DuckDbFailure,
  { executed, sql, asked, toAsked }: RanSql,
): Partial<LineColumn> & { readonly position?: number } {
  const offset =
    failure.position === undefined ? null : utf16Offset(executed, failure.position) - executed.indexOf(sql);
  if (toAsked === null || (offset !== null && (offset < 0 || offset >= sql.length))) return {};
  const position = offset === null ? quotedPlace(asked, failure) : toAsked(offset);
  return position === null ? {} : { position, ...lineColumn(asked, position) };
}

/**
 * Where a failure is that DuckDB gives no place for: at the only constant of the SQL that it quotes.
 *
 * @param sql what the person wrote
 * @returns a UTF-16 offset; null where nothing or more than one thing is quoted so
 */
export function quotedPlace(sql: string, failure: DuckDbFailure): number | null {
  const strings = significantTokens(sql).filter((token) => token.kind === 'string');
  const texts = [...failure.message.matchAll(/"([^"\n]+)"|'([^'\n]+)'/g)].map(
    (match) => match[1] ?? match[2],
  );
  const tail = /^(?:missing|unexpected|no argument|invalid|bad|trailing)[^:"']*: (.+)$/.exec(
    essence(failure.message),
  )?.[1];
  for (const text of [...texts, tail]) {
    const found = strings.filter((token) => sql.slice(token.start, token.end) === `'${text}'`);
    if (text !== undefined && found.length === 1) return found[0]?.start ?? null;
  }
  return null;
}
