import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { partitionSpecOf } from '#shared/iceberg/partition.ts';
import type { DataFile } from '../manifest/data-file.ts';
import type { FileIO } from '../../storage/file-io.ts';
import { loadManifest, loadManifestList } from '../manifest/load-manifests.ts';
import { loadTable, type LoadedTable } from '../metadata/load.ts';
import { currentSchema, defaultSpec } from '../metadata/lookup.ts';
import { planFiles } from '../scan/plan-files.ts';
import { goldenTable } from '../testing/golden-io.ts';
import { ROW_SCHEMA, RowTable, type Row } from '../testing/row-table.ts';
import { appendFiles } from './append-files.ts';
import { cherryPick } from './cherry-pick.ts';
import { commitWithRetry } from './commit-with-retry.ts';
import { deleteFiles } from './delete-files.ts';
import { overwriteFiles } from './overwrite-files.ts';
import { replacePartitions } from './replace-partitions.ts';
import { planReplacement, replaceTable } from './replace-table.ts';
import { rowDelta } from './row-delta.ts';
import type { RebasableCommit } from './staged-commit.ts';

const BY_DAY = partitionSpecOf(ROW_SCHEMA, [{ source: 'day', transform: 'identity' }]);
const row = (id: number, day = 0): Row => ({ id: BigInt(id), day, note: 'a' });

async function tableOf(...groups: (readonly Row[])[]): Promise<{ table: RowTable; base: LoadedTable }> {
  const table = new RowTable();
  let base = await table.create({ spec: BY_DAY });
  for (const rows of groups) base = await append(table, base, rows);
  return { table, base };
}

async function append(table: RowTable, base: LoadedTable, rows: readonly Row[]): Promise<LoadedTable> {
  return table.load(await appendFiles({ io: table.io, base, dataFiles: table.filesFor(base, rows) }));
}

describe('a branch of the table', () => {
  it('begins at the current snapshot and leaves main where it is', async () => {
    const { table, base } = await tableOf([row(1)]);
    const dataFiles = table.filesFor(base, [row(2)]);
    const staged = await appendFiles({ io: table.io, base, dataFiles, targetBranch: 'audit' });
    const { metadata } = await table.load(staged);
    expect(metadata.refs['main']?.snapshotId).toBe(base.metadata.currentSnapshotId);
    expect(staged.snapshot.parentSnapshotId).toBe(base.metadata.currentSnapshotId);
    expect(staged.requirements).toContainEqual({
      type: 'assert-ref-snapshot-id',
      ref: 'audit',
      snapshotId: null,
    });
    const plan = await planFiles({ io: table.io, metadata, snapshotId: staged.snapshot.snapshotId });
    expect(plan.files).toHaveLength(2);
  });

  it('may not be a tag', async () => {
    const { table, base } = await tableOf([row(1)]);
    const snapshotId = base.metadata.currentSnapshotId ?? 0n;
    const metadata = {
      ...base.metadata,
      refs: { ...base.metadata.refs, v1: { snapshotId, type: 'tag' as const } },
    };
    await expect(
      appendFiles({ io: table.io, base: { ...base, metadata }, dataFiles: [], targetBranch: 'v1' }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', context: { ref: 'v1' } });
  });
});

describe('cherry-pick', () => {
  const staged = async (table: RowTable, base: LoadedTable, id: number) =>
    appendFiles({
      io: table.io,
      base,
      dataFiles: table.filesFor(base, [row(id)]),
      stageOnly: true,
      summary: { 'wap.id': `w${id}` },
    });

  it('moves the branch to a snapshot that follows it', async () => {
    const { table, base } = await tableOf([row(1)]);
    const wap = await staged(table, base, 2);
    expect(wap.metadata.currentSnapshotId).toBe(base.metadata.currentSnapshotId);
    const { snapshotId } = wap.snapshot;
    const picked = await cherryPick({ io: table.io, base: await table.load(wap), snapshotId });
    expect(picked.metadata.currentSnapshotId).toBe(snapshotId);
    expect(await table.scan(await table.load(picked))).toEqual([row(1), row(2)]);
  });

  it('appends the files anew where the branch moved on, once', async () => {
    const { table, base } = await tableOf([row(1)]);
    const wap = await staged(table, base, 2);
    const { snapshotId } = wap.snapshot;
    const moved = await append(table, await table.load(wap), [row(3)]);
    const picked = await cherryPick({ io: table.io, base: moved, snapshotId });
    expect(picked.snapshot.summary).toMatchObject({
      operation: 'append',
      'source-snapshot-id': String(snapshotId),
      'published-wap-id': 'w2',
    });
    const after = await table.load(picked);
    expect(await table.scan(after)).toEqual([row(1), row(2), row(3)]);
    await expect(cherryPick({ io: table.io, base: after, snapshotId })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('was picked from it already'),
    });
  });

  it('refuses a second snapshot of one wap.id, and other operations than appends', async () => {
    const { table, base } = await tableOf([row(1)]);
    const one = await staged(table, base, 2);
    const two = await appendFiles({
      io: table.io,
      base: await table.load(one),
      dataFiles: table.filesFor(base, [row(9)]),
      stageOnly: true,
      summary: { 'wap.id': 'w2' },
    });
    const gone = await deleteFiles({
      io: table.io,
      base: await table.load(two),
      filter: { op: 'true' },
      stageOnly: true,
    });
    const published = await table.load(
      await cherryPick({ io: table.io, base: await table.load(gone), snapshotId: one.snapshot.snapshotId }),
    );
    const again = cherryPick({ io: table.io, base: published, snapshotId: two.snapshot.snapshotId });
    await expect(again).rejects.toThrow("has published its wap.id 'w2' already");
    const deletion = cherryPick({ io: table.io, base: published, snapshotId: gone.snapshot.snapshotId });
    await expect(deletion).rejects.toThrow('neither an append nor a dynamic overwrite');
  });

  it('replaces partitions as long as nobody has written to them since', async () => {
    const { table, base } = await tableOf([row(1, 0), row(2, 1)]);
    const dataFiles = table.filesFor(base, [row(5, 0)]);
    const wap = await replacePartitions({ io: table.io, base, dataFiles, stageOnly: true });
    const { snapshotId } = wap.snapshot;
    const elsewhere = await append(table, await table.load(wap), [row(3, 1)]);
    const picked = await cherryPick({ io: table.io, base: elsewhere, snapshotId });
    expect(await table.scan(await table.load(picked))).toEqual([row(2, 1), row(3, 1), row(5, 0)]);
    const there = await append(table, await table.load(wap), [row(3, 0)]);
    await expect(cherryPick({ io: table.io, base: there, snapshotId })).rejects.toMatchObject({
      code: 'COMMIT_CONFLICT',
      context: { conflict: 'added-data-file' },
    });
  });
});

describe('replaceTable', () => {
  it('gives a table another schema, spec and rows, and keeps its past', async () => {
    const { table, base } = await tableOf([row(1), row(2)]);
    const schema = {
      schemaId: 0,
      fields: [
        { id: 1, name: 'note', required: false, type: 'string' },
        { id: 2, name: 'id', required: false, type: 'string' },
        { id: 3, name: 'day', required: false, type: 'int' },
      ],
      identifierFieldIds: [],
    };
    const replacement = planReplacement(base.metadata, {
      schema,
      partitionSpec: { fields: [{ sourceId: 3, fieldId: 1000, name: 'd', transform: 'bucket[4]' }] },
      properties: { a: 'b' },
    });
    // What stays the same keeps its id: so old snapshots and new ones are of the same columns.
    expect(currentSchema(replacement.metadata).fields.map(({ id, name }) => [id, name])).toEqual([
      [3, 'note'],
      [4, 'id'],
      [2, 'day'],
    ]);
    expect(defaultSpec(replacement.metadata).fields[0]).toMatchObject({ sourceId: 2, fieldId: 1001 });
    const dataFiles = table.files([row(7)], defaultSpec(replacement.metadata));
    const staged = await replaceTable({ io: table.io, base, replacement, dataFiles });
    const after = await table.load(staged);
    expect(after.metadata).toMatchObject({ tableUuid: base.metadata.tableUuid, properties: { a: 'b' } });
    expect(staged.snapshot).not.toHaveProperty('parentSnapshotId');
    expect(staged.snapshot.summary).toMatchObject({ operation: 'append', 'total-data-files': '1' });
    expect(await table.scan(after)).toEqual([row(7)]);
    const old = base.metadata.currentSnapshotId ?? 0n;
    const before = await planFiles({ io: table.io, metadata: after.metadata, snapshotId: old });
    expect(before.files.map(({ file }) => file.recordCount)).toEqual([2n]);

    const moved = await append(table, base, [row(3)]);
    const rebased = await staged.rebase(moved);
    expect(await table.scan(await table.load(rebased))).toEqual([row(7)]);
  });
});

describe('commitWithRetry', () => {
  const properties = { 'commit.retry.num-retries': '3', 'commit.retry.min-wait-ms': '1' };

  /** A catalog of one table, whose first commits others win. */
  async function racing(losses: number, failure?: AppError) {
    const table = new RowTable();
    let current = await table.create({ properties });
    const dataFiles = table.filesFor(current, [row(1)]);
    const staged = await appendFiles({ io: table.io, base: current, dataFiles });
    let attempts = 0;
    const outcome = commitWithRetry({
      io: table.io,
      staged,
      contentFiles: dataFiles.map((file) => file.filePath),
      refresh: async () => current,
      commit: async (version: RebasableCommit) => {
        attempts += 1;
        if (failure !== undefined) throw failure;
        if (attempts <= losses) {
          current = await append(table, current, [row(10 + attempts)]);
          throw new AppError('COMMIT_CONFLICT', 'Another commit was first.');
        }
        current = await table.load(version);
        return 'landed';
      },
    });
    const listed = async () => {
      const locations: string[] = [];
      for await (const { location } of table.io.list(`${table.io.root}/t`)) locations.push(location);
      return locations;
    };
    return { table, outcome, staged, current: () => current, listed, attempts: () => attempts };
  }

  it('lands after lost races, and removes what earlier attempts wrote', async () => {
    const race = await racing(2);
    expect(await race.outcome).toBe('landed');
    expect(await race.table.scan(race.current())).toEqual([row(1), row(11), row(12)]);
    const lists = (await race.listed()).filter((location) => location.includes('/snap-'));
    expect(lists).toHaveLength(3);
    const named = race.current().metadata.snapshots.map((snapshot) => snapshot.manifestList);
    expect(new Set(named)).toEqual(new Set(lists));
  });

  it('gives up after the retries that the table allows, leaving nothing behind', async () => {
    const race = await racing(9);
    await expect(race.outcome).rejects.toMatchObject({ code: 'COMMIT_CONFLICT' });
    expect(race.attempts()).toBe(4);
    const left = await race.listed();
    for (const location of race.staged.writtenFiles) expect(left).not.toContain(location);
  });

  it('removes nothing where it is not known whether the commit landed', async () => {
    const race = await racing(0, new AppError('COMMIT_STATE_UNKNOWN', 'Perhaps.'));
    await expect(race.outcome).rejects.toMatchObject({ code: 'COMMIT_STATE_UNKNOWN' });
    expect(race.attempts()).toBe(1);
    expect(await race.listed()).toEqual(expect.arrayContaining([...race.staged.writtenFiles]));
  });
});

describe('what cannot be', () => {
  it('is refused by name: deletes of another format version, a second vector, files not there', async () => {
    const { table, base } = await tableOf([row(1), row(2)]);
    const { io } = table;
    const [file] = (await table.plan(base)).map((planned) => planned.file) as [DataFile];
    const vectors = table.vectors(new Map([[file, new Set([0])]]));
    await expect(rowDelta({ io, base, deleteFiles: vectors })).rejects.toThrow('from format version 3 on');
    const missing = { ...file, filePath: 'memory://warehouse/t/data/none.parquet' };
    await expect(overwriteFiles({ io, base, dataFiles: [], deletedFiles: [missing] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      context: { conflict: 'missing-file', file: missing.filePath },
    });
    const v3 = new RowTable();
    const created = await v3.create({ formatVersion: 3 });
    const [data] = v3.filesFor(created, [row(1), row(2)]) as [DataFile];
    const full = await v3.load(await appendFiles({ io: v3.io, base: created, dataFiles: [data] }));
    const positions = v3.positionDeletes(data, new Set([0]));
    await expect(rowDelta({ io: v3.io, base: full, deleteFiles: [positions] })).rejects.toThrow(
      'have deletion vectors',
    );
    const one = v3.vectors(new Map([[data, new Set([0])]]));
    const deleted = await v3.load(await rowDelta({ io: v3.io, base: full, deleteFiles: one }));
    const two = v3.vectors(new Map([[data, new Set([0, 1])]]));
    await expect(rowDelta({ io: v3.io, base: deleted, deleteFiles: two })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      context: { conflict: 'deletion-vector', file: data.filePath, deleteFile: one[0]?.filePath },
    });
    const joined = await rowDelta({ io: v3.io, base: deleted, deleteFiles: two, removedFiles: one });
    expect(await v3.scan(await v3.load(joined))).toEqual([]);
  });
});

describe('a v1 table of another writer', () => {
  it('is written to as v1: no sequence numbers, no content, counts where its own lists have none', async () => {
    const golden = goldenTable('spark-v1');
    const loaded = await loadTable(golden.io, golden.metadataFile);
    const { io } = new RowTable();
    const store = (location: string) => (location.startsWith(io.root) ? io : golden.io);
    const readable: FileIO = {
      ...io,
      read: async (location, range, signal) => store(location).read(location, range, signal),
      stat: async (location) => store(location).stat(location),
    };
    const metadata = { ...loaded.metadata, properties: { 'write.metadata.path': `${io.root}/t` } };
    const [existing] = (await planFiles({ io: golden.io, metadata: loaded.metadata })).files;
    if (existing === undefined) throw new TypeError('no file');
    const added = { ...existing.file, filePath: `${io.root}/new.parquet` };
    const staged = await overwriteFiles({
      io: readable,
      base: { ...loaded, metadata },
      dataFiles: [added],
      deletedFiles: [existing.file],
    });
    expect(staged.snapshot.sequenceNumber).toBe(0n);
    const after = await loadTable(readable, staged.newMetadataLocation);
    const plan = await planFiles({ io: readable, metadata: after.metadata });
    expect(plan.files.map(({ file }) => file.filePath)).toContain(added.filePath);
    expect(plan.files.map(({ file }) => file.filePath)).not.toContain(existing.file.filePath);
    const manifests = await loadManifestList(readable, staged.snapshot);
    expect(manifests.every((manifest) => manifest.sequenceNumber === 0n)).toBe(true);
    const entries = await Promise.all(manifests.map((manifest) => loadManifest(readable, manifest)));
    expect(entries.flat().find((entry) => entry.status === 'deleted')?.dataFile.filePath).toBe(
      existing.file.filePath,
    );
  });
});
