import { significantTokens, type Token } from '#shared/sql/tokenize.ts';

/** Fewer rows are gathered in no time, and DuckDB reads less for them where it knows of the limit. */
const MANY_ROWS = 50_000;

/** A query without its LIMIT. */
export interface Unlimited {
  readonly sql: string;
  /** The rows that are asked for: the first ones of that query's. */
  readonly rows: number;
}

/**
 * Takes a large LIMIT off the end of a query without an order, for whom takes its rows one after the other and can stop:
 * DuckDB gathers all the rows of a LIMIT before it gives the first one. Null where there is none.
 */
export function withoutTrailingLimit(sql: string): Unlimited | null {
  const tokens = significantTokens(sql);
  const text = ({ start, end }: Token) => sql.slice(start, end).toUpperCase();
  while (tokens.length > 0 && text(tokens.at(-1) as Token) === ';') tokens.pop();
  const [limit, count] = tokens.slice(-2);
  if (limit?.kind !== 'word' || text(limit) !== 'LIMIT' || count?.kind !== 'number') return null;
  const digits = text(count).replaceAll('_', '');
  const rows = /^\d{1,15}$/.test(digits) ? Number(digits) : 0;
  if (rows < MANY_ROWS) return null;
  let depth = 0;
  for (const token of tokens.slice(0, -2)) {
    const word = text(token);
    if (/^[([{]$/.test(word)) depth += 1;
    else if (/^[)\]}]$/.test(word)) depth -= 1;
    // It sorts no more than it has to where it knows of the limit; an OFFSET is a part of it.
    else if (depth === 0 && token.kind === 'word' && /^(?:ORDER|OFFSET|LIMIT)$/.test(word)) return null;
  }
  // A comment that came before may end with the line.
  return { sql: `${sql.slice(0, limit.start)}\n`, rows };
}
