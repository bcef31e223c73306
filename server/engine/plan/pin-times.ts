import type { SqlAnchor } from '#shared/sql/anchors.ts';
import { significantTokens, type Token } from '#shared/sql/tokenize.ts';
import { applySplices, type Splice, type SplicedSql } from '../analyze/splices.ts';

const DATES = new Set(['current_date', 'today']);
const MOMENTS = new Set(['current_timestamp', 'get_current_timestamp', 'now', 'transaction_timestamp']);
const LOCAL = new Set(['current_localtimestamp', 'localtimestamp']);
/** May stand without parentheses. */
const BARE = new Set(['current_date', 'current_timestamp', 'localtimestamp']);

/**
 * A query with the time of its run written into it, in the place of the functions that say it: what such a query reads
 * is then known before it runs, and whoever runs the plan gets the same answer. Null where it names no such function,
 * or where one of them may be something else.
 *
 * @param columns lower-case names that a bare word may stand for
 */
export function pinTimes(sql: string, now: Date, columns: ReadonlySet<string>): SplicedSql | null {
  const tokens = significantTokens(sql);
  const text = (token: Token | undefined) =>
    token === undefined ? '' : sql.slice(token.start, token.end).toLowerCase();
  const splices: Splice[] = [];
  for (const [at, token] of tokens.entries()) {
    const word = text(token);
    if (token.kind !== 'word') continue;
    const constant = constantOf(word, now);
    if (constant === null) continue;
    const [before, next, last] = [text(tokens[at - 1]), text(tokens[at + 1]), tokens[at + 2]];
    const isCall = next === '(' && text(last) === ')';
    // `today` alone is some column.
    if (!isCall && !BARE.has(word)) continue;
    if (before === '.' || before === 'as' || next === '.' || (!isCall && columns.has(word))) return null;
    splices.push({ start: token.start, end: isCall ? (last?.end ?? token.end) : token.end, text: constant });
  }
  return splices.length === 0 ? null : applySplices(sql, splices);
}

/** Both engines work in UTC. */
function constantOf(word: string, now: Date): string | null {
  const [day = '', time = ''] = now.toISOString().slice(0, -1).split('T');
  if (DATES.has(word)) return `CAST('${day}' AS DATE)`;
  if (LOCAL.has(word)) return `CAST('${day} ${time}' AS TIMESTAMP)`;
  // Text with a zone is for ICU to read, which the tab lacks.
  return MOMENTS.has(word) ? `to_timestamp(${now.getTime() / 1000})` : null;
}

/** The anchors of SQL that was rewritten twice, from those of each time, the later ones first. */
export function anchorsThrough(later: readonly SqlAnchor[], earlier: SplicedSql): SqlAnchor[] {
  const { anchors } = earlier;
  return later.flatMap(([start, middle, kind], index): SqlAnchor[] => {
    const first: SqlAnchor = [start, earlier.toOriginal(middle), kind];
    if (kind === 'put-in') return [first];
    const end = middle + (later[index + 1]?.[0] ?? Infinity) - start;
    const isPutIn = anchors.findLast(([at]) => at <= middle)?.[2] === 'put-in';
    const inside = anchors.filter(([at]) => at > middle && at < end);
    return [
      isPutIn ? [start, first[1], 'put-in'] : first,
      ...inside.map(([at, original, of]): SqlAnchor => [start + at - middle, original, of]),
    ];
  });
}
