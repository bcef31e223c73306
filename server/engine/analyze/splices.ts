/** Text to put in the place of sql[start, end). */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface SplicedSql {
  readonly sql: string;
  /** Where an offset of the new text stands in the old one; inside of put-in text: where that was put. */
  toOriginal(offset: number): number;
}

/** Splices must not overlap; their order is free. */
export function applySplices(original: string, splices: readonly Splice[]): SplicedSql {
  const ordered = [...splices].sort((a, b) => a.start - b.start);
  const anchors: { readonly start: number; readonly original: number; readonly fixed: boolean }[] = [];
  let sql = '';
  let from = 0;
  const keep = (until: number): void => {
    anchors.push({ start: sql.length, original: from, fixed: false });
    sql += original.slice(from, until);
  };
  for (const splice of ordered) {
    keep(splice.start);
    anchors.push({ start: sql.length, original: splice.start, fixed: true });
    sql += splice.text;
    from = splice.end;
  }
  keep(original.length);

  return {
    sql,
    toOriginal(offset) {
      let found = anchors[0];
      for (const anchor of anchors) if (anchor.start <= offset) found = anchor;
      if (found === undefined) return offset;
      return found.fixed ? found.original : Math.min(original.length, found.original + offset - found.start);
    },
  };
}
