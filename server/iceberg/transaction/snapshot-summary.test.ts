import { beforeEach, describe, expect, it } from 'vitest';
import { partitionSpecOf } from '#shared/iceberg/partition.ts';
import type { DataFile } from '../manifest/data-file.ts';
import type { LoadedTable } from '../metadata/load.ts';
import { ROW_SCHEMA, RowTable, type Row } from '../testing/row-table.ts';
import { appendFiles } from './append-files.ts';
import { deleteFiles } from './delete-files.ts';
import { overwriteFiles } from './overwrite-files.ts';
import { replacePartitions } from './replace-partitions.ts';
import { rewriteFiles } from './rewrite-files.ts';
import { rewriteManifests } from './rewrite-manifests.ts';
import { rowDelta } from './row-delta.ts';
import type { RebasableCommit } from './staged-commit.ts';

const BY_DAY = partitionSpecOf(ROW_SCHEMA, [{ source: 'day', transform: 'identity' }]);
const rows = (day: number, ...ids: number[]): readonly Row[] =>
  ids.map((id) => ({ id: BigInt(id), day, note: 'a' }));

/**
 * Names and counts as the Java library's SnapshotSummary and its operations give them; a file has 100 bytes a
 * row, a delete file or vector 40.
 */
describe('the summary of', () => {
  let table: RowTable;
  let base: LoadedTable;
  let files: readonly DataFile[];
  beforeEach(async () => {
    table = new RowTable();
    const created = await table.create({ spec: BY_DAY });
    files = table.files([...rows(0, 1, 2), ...rows(1, 3, 4, 5)], BY_DAY);
    const staged = await appendFiles({
      io: table.io,
      base: created,
      dataFiles: files,
      summary: { by: 'us' },
    });
    base = await table.load(staged);
    expect(staged.snapshot.summary).toEqual({
      operation: 'append',
      by: 'us',
      'added-data-files': '2',
      'added-files-size': '500',
      'added-records': '5',
      'changed-partition-count': '2',
      'manifests-created': '1',
      'manifests-kept': '0',
      'manifests-replaced': '0',
      ...totals({}),
    });
  });

  const totals = (other: Readonly<Record<string, string>>) => ({
    'total-data-files': '2',
    'total-delete-files': '0',
    'total-equality-deletes': '0',
    'total-files-size': '500',
    'total-position-deletes': '0',
    'total-records': '5',
    ...other,
  });
  const manifests = (created: number, kept: number, replaced: number) => ({
    'manifests-created': String(created),
    'manifests-kept': String(kept),
    'manifests-replaced': String(replaced),
  });
  const first = () => files[0] as DataFile;

  it('an overwrite, of which a part may be all', async () => {
    const { io } = table;
    const dataFiles = table.files(rows(0, 9), BY_DAY);
    const both = await overwriteFiles({ io, base, dataFiles, deletedFiles: [first()] });
    expect(both.snapshot.summary).toEqual({
      operation: 'overwrite',
      'added-data-files': '1',
      'added-files-size': '100',
      'added-records': '1',
      'changed-partition-count': '1',
      'deleted-data-files': '1',
      'deleted-records': '2',
      'removed-files-size': '200',
      ...manifests(2, 0, 1),
      ...totals({ 'total-files-size': '400', 'total-records': '4' }),
    });
    const deletes = await overwriteFiles({ io, base, dataFiles: [], deletedFiles: [first()] });
    expect(deletes.snapshot.summary.operation).toBe('delete');
    const adds = await overwriteFiles({ io, base, dataFiles });
    expect(adds.snapshot.summary.operation).toBe('append');
  });

  it('a delete by metadata, and of partitions replaced', async () => {
    const { io } = table;
    const filter = { op: 'eq', fieldId: 2, value: 1 } as const;
    const deleted = await deleteFiles({ io, base, filter });
    expect(deleted.snapshot.summary).toEqual({
      operation: 'delete',
      'changed-partition-count': '1',
      'deleted-data-files': '1',
      'deleted-records': '3',
      'removed-files-size': '300',
      ...manifests(1, 0, 1),
      ...totals({ 'total-data-files': '1', 'total-files-size': '200', 'total-records': '2' }),
    });
    const replaced = await replacePartitions({ io, base, dataFiles: table.files(rows(1, 9), BY_DAY) });
    expect(replaced.snapshot.summary).toMatchObject({
      operation: 'overwrite',
      'replace-partitions': 'true',
      'deleted-records': '3',
      'total-records': '3',
    });
  });

  it('row-level deletes, and of what takes them away again', async () => {
    const { io } = table;
    const deletes = [
      table.positionDeletes(first(), new Set([0])),
      table.equalityDeletes(first(), new Set([2n, 77n])),
    ];
    const delta = await rowDelta({ io, base, deleteFiles: deletes });
    expect(delta.snapshot.summary).toEqual({
      operation: 'delete',
      'added-delete-files': '2',
      'added-equality-delete-files': '1',
      'added-equality-deletes': '2',
      'added-files-size': '80',
      'added-position-delete-files': '1',
      'added-position-deletes': '1',
      'changed-partition-count': '1',
      ...manifests(1, 1, 0),
      ...totals({
        'total-delete-files': '2',
        'total-equality-deletes': '2',
        'total-position-deletes': '1',
        'total-files-size': '580',
      }),
    });
    const compacted = await rewriteFiles({
      io,
      base: await table.load(delta),
      replacedFiles: [first(), ...deletes],
      addedFiles: [],
    });
    expect(compacted.snapshot.summary).toEqual({
      operation: 'replace',
      'changed-partition-count': '1',
      'deleted-data-files': '1',
      'deleted-records': '2',
      'removed-delete-files': '2',
      'removed-equality-delete-files': '1',
      'removed-equality-deletes': '2',
      'removed-files-size': '280',
      'removed-position-delete-files': '1',
      'removed-position-deletes': '1',
      ...manifests(2, 0, 2),
      ...totals({ 'total-data-files': '1', 'total-files-size': '300', 'total-records': '3' }),
    });
  });

  it('deletion vectors, which count by what they take in their file', async () => {
    const own = new RowTable();
    const { io } = own;
    const [file, other] = own.files([...rows(0, 1, 2), ...rows(1, 3)], BY_DAY) as [DataFile, DataFile];
    const created = await own.create({ formatVersion: 3, spec: BY_DAY });
    const full = await own.load(await appendFiles({ io, base: created, dataFiles: [file, other] }));
    const vectors = own.vectors(
      new Map([
        [file, new Set([0])],
        [other, new Set([0])],
      ]),
    );
    const delta = await rowDelta({ io, base: full, deleteFiles: vectors });
    expect(delta.snapshot.summary).toMatchObject({
      operation: 'delete',
      'added-delete-files': '2',
      'added-dvs': '2',
      'added-files-size': '80',
      'added-position-deletes': '2',
      'changed-partition-count': '2',
    });
    expect(delta.snapshot.summary).not.toHaveProperty('added-position-delete-files');
    // A vector goes with its data file, and the other one in the same Puffin file stays.
    const after = await own.load(delta);
    const deleted = await deleteFiles({ io, base: after, paths: [other.filePath] });
    expect(deleted.snapshot.summary).toMatchObject({
      'removed-dvs': '1',
      'removed-delete-files': '1',
      'total-delete-files': '1',
      'total-position-deletes': '1',
    });
    expect(await own.scan(await own.load(deleted))).toEqual(rows(0, 2));
  });

  it('manifests rewritten', async () => {
    const { io } = table;
    const two = await appendFiles({ io, base, dataFiles: table.files(rows(2, 8), BY_DAY), mode: 'fast' });
    const rewritten: RebasableCommit = await rewriteManifests({ io, base: await table.load(two) });
    expect(rewritten.snapshot.summary).toEqual({
      operation: 'replace',
      'changed-partition-count': '0',
      'entries-processed': '3',
      ...manifests(1, 0, 2),
      ...totals({ 'total-data-files': '3', 'total-files-size': '600', 'total-records': '6' }),
    });
  });
});
