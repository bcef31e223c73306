import { significantTokens, type Token } from '#shared/sql/tokenize.ts';

const SHOWS = new Set(['DESCRIBE', 'DESC', 'SUMMARIZE', 'SHOW']);

/** Whether a statement shows what a query is, which stands where a query has to in parentheses alone. */
export function wrapsShow(sql: string): boolean {
  return SHOWS.has(wordAt(sql, significantTokens(sql, 1)[0]));
}

/** Where the other cells go in a statement: behind its WITH, or before its first word (DESCRIBE and its like aside). */
export function headPlace(sql: string): { readonly at: number; readonly inList: boolean } {
  // DESCRIBE WITH RECURSIVE, and what comes then.
  const tokens = significantTokens(sql, 4);
  let index = SHOWS.has(wordAt(sql, tokens[0])) ? 1 : 0;
  const inList = wordAt(sql, tokens[index]) === 'WITH';
  if (inList) index += wordAt(sql, tokens[index + 1]) === 'RECURSIVE' ? 2 : 1;
  const before = inList ? tokens[index - 1]?.end : tokens[index]?.start;
  return { at: before ?? 0, inList };
}

function wordAt(sql: string, token: Token | undefined): string {
  return token?.kind === 'word' ? sql.slice(token.start, token.end).toUpperCase() : '';
}
