import { expect, it } from 'vitest';
import type { TableUpdate } from '#shared/iceberg/table-update.ts';
import type { LoadedTable } from '../metadata/load.ts';
import { RowTable, type Row } from '../testing/row-table.ts';
import { appendFiles } from '../transaction/append-files.ts';
import { stageUpdates } from '../transaction/staged-commit.ts';
import { mergeTables } from './merge-tables.ts';

const table = new RowTable();

async function append(base: LoadedTable, ...ids: readonly bigint[]): Promise<LoadedTable> {
  const rows = ids.map((id): Row => ({ id, day: 1, note: 'a' }));
  return table.load(await appendFiles({ io: table.io, base, dataFiles: table.filesFor(base, rows) }));
}

async function update(base: LoadedTable, ...updates: TableUpdate[]): Promise<LoadedTable> {
  return table.load(await stageUpdates({ io: table.io, base, updates, requirements: [] }));
}

const file = (snapshotId: bigint, path: string) => ({
  snapshotId,
  json: { 'snapshot-id': snapshotId, 'statistics-path': path, 'file-size-in-bytes': 1, 'blob-metadata': [] },
});
const set = (snapshotId: bigint, path: string): TableUpdate => ({
  action: 'set-statistics',
  statistics: file(snapshotId, path),
});
const paths = (files: LoadedTable['metadata']['statistics']) =>
  files.map(({ json }) => json['statistics-path']);
const head = ({ metadata }: LoadedTable) => metadata.currentSnapshotId ?? 0n;

it('takes over what theirs computed of snapshots that both have, and what it removed', async () => {
  const first = await append(await table.create({}), 1n);
  const second = await append(first, 2n);
  const third = await append(second, 3n);
  const base = await update(third, set(head(first), 'base-1'), set(head(second), 'base-2'));
  const ours = await update(await append(base, 4n), set(head(third), 'ours-3'));
  const theirs = await update(
    await append(base, 5n),
    set(head(first), 'theirs-1'),
    { action: 'remove-statistics', snapshotId: head(second) },
    set(head(third), 'theirs-3'),
    { action: 'set-partition-statistics', partitionStatistics: file(head(second), 'partitions-2') },
  );
  // Of a snapshot that the result does not have: what theirs appended is another snapshot of ours.
  const more = await update(theirs, set(head(theirs), 'theirs-5'));
  const merged = await mergeTables({ io: table.io, base: base.metadata, ours, theirs: more.metadata });
  if (!('staged' in merged) || merged.staged === null) throw new TypeError('not merged');
  const { metadata } = await table.load(merged.staged);
  expect(new Set(paths(metadata.statistics))).toEqual(new Set(['ours-3', 'theirs-1']));
  expect(paths(metadata.partitionStatistics)).toEqual(['partitions-2']);
});
