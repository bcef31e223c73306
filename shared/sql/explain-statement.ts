import { significantTokens } from './tokenize.ts';

export interface ExplainStatement {
  /** EXPLAIN ANALYZE: the query is to be run, and measured. */
  readonly analyze: boolean;
  /** The query, each of its places where it was: what stood before it is space. */
  readonly query: string;
}

/** `EXPLAIN query` and `EXPLAIN ANALYZE query`, taken apart; null for any other statement. */
export function explainStatement(sql: string): ExplainStatement | null {
  const [first, second, third] = significantTokens(sql, 3);
  const word = (token: typeof first) =>
    token?.kind === 'word' ? sql.slice(token.start, token.end).toUpperCase() : '';
  if (first === undefined || word(first) !== 'EXPLAIN') return null;
  const analyze = word(second) === 'ANALYZE';
  const start = (analyze ? third : second)?.start ?? sql.length;
  return { analyze, query: sql.slice(0, start).replaceAll(/[^\n\r]/g, ' ') + sql.slice(start) };
}
