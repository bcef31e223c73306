import { originalOffset, type SqlAnchor } from '#shared/sql/anchors.ts';

/** Text to put in the place of sql[start, end). */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface SplicedSql {
  readonly sql: string;
  readonly anchors: readonly SqlAnchor[];
  /** Where an offset of the new text stands in the old one; inside of put-in text: where that was put. */
  toOriginal(offset: number): number;
}

/** Splices must not overlap; their order is free. */
export function applySplices(original: string, splices: readonly Splice[]): SplicedSql {
  const ordered = [...splices].sort((a, b) => a.start - b.start);
  const anchors: SqlAnchor[] = [];
  let sql = '';
  let from = 0;
  const keep = (until: number): void => {
    anchors.push([sql.length, from, 'kept']);
    sql += original.slice(from, until);
  };
  for (const splice of ordered) {
    keep(splice.start);
    anchors.push([sql.length, splice.start, 'put-in']);
    sql += splice.text;
    from = splice.end;
  }
  keep(original.length);
  return { sql, anchors, toOriginal: (offset) => originalOffset(anchors, original, offset) };
}
