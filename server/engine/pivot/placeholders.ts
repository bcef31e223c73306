import { applySplices, type Splice, type SplicedSql } from '../analyze/splices.ts';
import { openPivots, type TextSpan } from './find-pivots.ts';

export interface Placeholders extends SplicedSql {
  /** The queries that gave values, which are not in it. */
  readonly queries: readonly TextSpan[];
}

/**
 * The SQL with NULL for the values of every PIVOT that takes them from the data: a parser makes a tree of it, though of
 * another answer. Null where there is none.
 */
export function withPlaceholders(sql: string): Placeholders | null {
  const elements = openPivots(sql).flatMap(({ elements: each }) => each);
  if (elements.length === 0) return null;
  const all = elements.flatMap(({ query }) => query ?? []);
  const queries = all.filter((inner) => !all.some((outer) => outer !== inner && isIn(inner, outer)));
  const splices = elements.flatMap(({ expression: { end }, query }): Splice[] => {
    if (query !== null) return queries.includes(query) ? [{ ...query, text: 'NULL' }] : [];
    return queries.some((outer) => isIn({ start: end, end }, outer))
      ? []
      : [{ start: end, end, text: ' IN (NULL)' }];
  });
  return { ...applySplices(sql, splices), queries };
}

function isIn(inner: TextSpan, outer: TextSpan): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
