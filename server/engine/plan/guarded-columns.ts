export interface NamedType {
  readonly name: string;
  readonly sqlType: string;
}

/** What a plan says of one scan of a table. */
interface ScanInPlan {
  /** What it gives to the step above. */
  readonly projections: readonly string[];
  /** On its rows, its own and those right above: what stands right above a scan of nothing would be part of one of files. */
  readonly conditions: readonly string[];
  /** Of all joins of the plan, over names that are not the scan's own. */
  readonly joins: readonly string[];
  /** It is one of several whose rows are put together, and of which the first by some order are wanted. */
  readonly mixed: boolean;
}

const BYTES = /^BLOB$/;
const FLOATS = /^(?:FLOAT|DOUBLE)$/;
/** What Bloom filters are asked by. */
const EQUALITY = /(?<![<>!])=|\bIN\b/;
const ZERO_OR_NAN = /(?<![\d.])0\.0(?!\d)|nan'/i;

/**
 * Indexes of columns whose conditions must not reach files, as DuckDB 1.5.6 is wrong there:
 *
 * - It skips row groups in which a column is NULL throughout, or has one value and NULLs, for `c < 5 OR c IS DISTINCT FROM 3`,
 *   whose rows with NULL are wanted.
 * - It asks a file's Bloom filter for the text of a BLOB (`\x7F`) in place of its bytes, and for one of the zeros and one of
 *   the NaNs where the file may have another that is equal to it. A join asks, too, where it finds one value on its other side.
 * - It takes the first rows of INTEGER and BIGINT columns put together by comparing one with the other's lower half; see
 *   mayTakeFirst.
 */
export function guardedColumns(scan: ScanInPlan, columns: readonly NamedType[]): ReadonlySet<number> {
  const guarded = new Set<number>();
  const given = new Set(scan.projections.flatMap(columnsIn));
  const guardThoseIn = (text: string, types: RegExp): void => {
    for (const index of columnsIn(text)) if (types.test(columns[index]?.sqlType ?? '')) guarded.add(index);
  };
  for (const text of scan.conditions) {
    if (text.includes(' DISTINCT FROM ')) guardThoseIn(text, /./);
    if (!EQUALITY.test(text)) continue;
    guardThoseIn(text, BYTES);
    if (ZERO_OR_NAN.test(text)) guardThoseIn(text, FLOATS);
  }
  for (const [index, { name, sqlType }] of columns.entries()) {
    const isJoined =
      // By whichever name: it may have another there.
      (BYTES.test(sqlType) && scan.joins.length > 0) ||
      (FLOATS.test(sqlType) && scan.joins.some((text) => text.includes(name)));
    if (isJoined || (scan.mixed && given.has(index) && sqlType === 'INTEGER')) guarded.add(index);
  }
  return guarded;
}

export function columnsIn(text: string): readonly number[] {
  return [...text.matchAll(/_c(\d+)_/g)].map((match) => Number(match[1]));
}
