import type { Snapshot } from '#shared/iceberg/snapshot.ts';

export interface RowCount {
  readonly rows: bigint;
  /** 'about': deletes may name rows twice, or rows of files that are gone, and more may be deleted by value. */
  readonly certainty: 'exact' | 'at-most' | 'about' | 'unknown';
}

/**
 * How many rows a table has, by the totals in its snapshot's summary: no manifest is read. Rows that are deleted by
 * position are taken off; how many are deleted by value nobody knows without reading the files.
 */
export function rowCountOf(snapshot: Snapshot | undefined): RowCount {
  if (snapshot === undefined) return { rows: 0n, certainty: 'exact' };
  const { summary } = snapshot;
  const records = countIn(summary['total-records']);
  if (records === null) return { rows: 0n, certainty: 'unknown' };
  const positions = countIn(summary['total-position-deletes']) ?? 0n;
  if (positions > 0n) return { rows: records > positions ? records - positions : 0n, certainty: 'about' };
  const deletes = ['total-equality-deletes', 'total-delete-files'].map(
    (name) => countIn(summary[name]) ?? 0n,
  );
  return { rows: records, certainty: deletes.some((count) => count > 0n) ? 'at-most' : 'exact' };
}

/** The rows that a snapshot took away, by whole files and by position, less those that were deleted before. */
export function deletedRowsOf({ summary }: Snapshot): bigint {
  const count = (name: string) => countIn(summary[name]) ?? 0n;
  const deleted =
    count('deleted-records') + count('added-position-deletes') - count('removed-position-deletes');
  return deleted > 0n ? deleted : 0n;
}

function countIn(text: string | undefined): bigint | null {
  return text !== undefined && /^\d{1,19}$/.test(text) ? BigInt(text) : null;
}
