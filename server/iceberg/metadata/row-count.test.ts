import { describe, expect, it } from 'vitest';
import { deletedRowsOf, rowCountOf } from './row-count.ts';

const snapshot = (summary: Readonly<Record<string, string>>) => ({
  snapshotId: 1n,
  sequenceNumber: 1n,
  timestampMs: 0,
  manifestList: 'x',
  summary: { operation: 'append' as const, ...summary },
});

describe('the number of rows', () => {
  it.each([
    [{ 'total-records': '10' }, 10n, 'exact'],
    [{ 'total-records': '10', 'total-delete-files': '0', 'total-position-deletes': '0' }, 10n, 'exact'],
    [{ 'total-records': '10', 'total-delete-files': '1', 'total-position-deletes': '3' }, 7n, 'about'],
    [{ 'total-records': '10', 'total-position-deletes': '30' }, 0n, 'about'],
    [{ 'total-records': '10', 'total-equality-deletes': '3' }, 10n, 'at-most'],
    [{ 'total-records': '10', 'total-delete-files': '1' }, 10n, 'at-most'],
    [{ 'total-records': '10', 'total-position-deletes': '1', 'total-equality-deletes': '3' }, 9n, 'about'],
    [{}, 0n, 'unknown'],
    [{ 'total-records': 'many' }, 0n, 'unknown'],
  ] as const)('of %j is %s, %s', (summary, rows, certainty) => {
    expect(rowCountOf(snapshot(summary))).toEqual({ rows, certainty });
  });

  it('of a table without a snapshot is none', () => {
    expect(rowCountOf(undefined)).toEqual({ rows: 0n, certainty: 'exact' });
  });
});

describe('the rows that a snapshot took away', () => {
  it.each([
    [{ 'deleted-records': '4' }, 4n],
    [{ 'added-position-deletes': '5' }, 5n],
    // A deletion vector takes the place of the one before.
    [{ 'added-position-deletes': '5', 'removed-position-deletes': '3' }, 2n],
    // A compaction that leaves out what was deleted before takes nothing away.
    [{ 'deleted-records': '10', 'removed-position-deletes': '3' }, 7n],
    [{ 'removed-position-deletes': '3' }, 0n],
  ])('of %j are %s', (summary, rows) => {
    expect(deletedRowsOf(snapshot(summary))).toBe(rows);
  });
});
