import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChange } from '#shared/iceberg/table-update.ts';
import { createMemoryFileIO } from '../../storage/memory-file-io.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { applyUpdates } from '../metadata/apply-updates.ts';
import { createTableMetadata } from '../metadata/create.ts';
import { loadTable, type LoadedTable } from '../metadata/load.ts';
import { assertRequirements } from '../metadata/requirements.ts';
import { appendFiles } from '../transaction/append-files.ts';
import { deleteFiles } from '../transaction/delete-files.ts';
import { expireSnapshots } from './expire-snapshots.ts';
import {
  createSnapshotRef,
  fastForward,
  removeSnapshotRef,
  replaceSnapshotRef,
  rollbackTo,
  rollbackToTime,
  setCurrentSnapshot,
} from './manage-snapshots.ts';
import { unreachableFiles } from './unreachable-files.ts';

const schema = schemaFromColumns([{ name: 'id', sqlType: 'BIGINT' }]);
const commit = (
  metadata: TableMetadata,
  { updates, requirements }: TableChange,
  now = 100_000,
): TableMetadata => {
  assertRequirements(metadata, requirements);
  return applyUpdates(metadata, updates, { metadataLocation: null, now });
};
const snapshot = (
  metadata: TableMetadata,
  snapshotId: bigint,
  timestampMs: number,
  parent?: bigint,
  ref = 'main',
) =>
  applyUpdates(
    metadata,
    [
      {
        action: 'add-snapshot',
        snapshot: {
          snapshotId,
          sequenceNumber: metadata.lastSequenceNumber + 1n,
          timestampMs,
          summary: { operation: 'append' },
          manifestList: `l${snapshotId}`,
          ...(parent === undefined ? {} : { parentSnapshotId: parent }),
        },
      },
      { action: 'set-snapshot-ref', refName: ref, ref: { snapshotId, type: 'branch' } },
    ],
    { metadataLocation: null, now: timestampMs },
  );

/** 1 ← 2 ← 3 ← 4 is main; 2 ← 5 is the branch audit. */
const created = createTableMetadata({ location: 'm://t', schema, now: 500 });
const four = [1n, 2n, 3n, 4n].reduce(
  (metadata, id) => snapshot(metadata, id, Number(id) * 1000, id === 1n ? undefined : id - 1n),
  created,
);
const table = snapshot(four, 5n, 5000, 2n, 'audit');

describe('the current snapshot', () => {
  it('goes back to an ancestor, by id or by time, and the log says when', () => {
    const back = commit(table, rollbackTo(table, 2n), 9000);
    expect(back.currentSnapshotId).toBe(2n);
    expect(back.snapshotLog.at(-1)).toEqual({ snapshotId: 2n, timestampMs: 9000 });
    expect(commit(table, rollbackToTime(table, 3500)).currentSnapshotId).toBe(3n);
    expect(() => rollbackToTime(table, 999)).toThrow('no snapshot from 1970-01-01T00:00:00.999Z');
    expect(() => rollbackTo(table, 5n)).toThrow('did not come from it');
    expect(commit(table, setCurrentSnapshot(table, 5n)).currentSnapshotId).toBe(5n);
    expect(() => setCurrentSnapshot(table, 9n)).toThrow('no snapshot 9');
    expect(rollbackTo(table, 4n).updates).toEqual([]);
  });

  it('is not moved where another writer moved it first', () => {
    const change = rollbackTo(table, 2n);
    expect(() => commit(snapshot(table, 6n, 6000, 4n), change)).toThrow("the snapshot of 'main' is 6, not 4");
  });
});

describe('refs of a table', () => {
  it('are made, replaced, moved forward and removed', () => {
    const tagged = commit(
      table,
      createSnapshotRef(table, { name: 'v1', type: 'tag', snapshotId: 1n, maxRefAgeMs: 10 }),
    );
    expect(tagged.refs['v1']).toEqual({ snapshotId: 1n, type: 'tag', maxRefAgeMs: 10 });
    const moved = commit(tagged, replaceSnapshotRef(tagged, { name: 'v1', type: 'tag', snapshotId: 3n }));
    expect(moved.refs['v1']).toEqual({ snapshotId: 3n, type: 'tag', maxRefAgeMs: 10 });
    expect(commit(moved, removeSnapshotRef(moved, 'v1')).refs).not.toHaveProperty('v1');

    const behind = commit(table, createSnapshotRef(table, { name: 'slow', type: 'branch', snapshotId: 2n }));
    expect(commit(behind, fastForward(behind, 'slow', 'main')).refs['slow']?.snapshotId).toBe(4n);
    expect(commit(behind, fastForward(behind, 'new', 'audit')).refs['new']?.snapshotId).toBe(5n);
    expect(() => fastForward(table, 'main', 'audit')).toThrow("'audit' did not come from");
  });

  it.each<[string, () => unknown]>([
    ["has a branch 'audit' already", () => createSnapshotRef(table, { name: 'audit', type: 'tag' })],
    ["no branch or tag 'x'; it has main, audit", () => removeSnapshotRef(table, 'x')],
    ["'main' stays", () => removeSnapshotRef(table, 'main')],
    ["'audit' is a branch, not a tag", () => replaceSnapshotRef(table, { name: 'audit', type: 'tag' })],
    ['no snapshot yet', () => createSnapshotRef(created, { name: 'v', type: 'tag' })],
    [
      'a tag is one snapshot',
      () => commit(table, createSnapshotRef(table, { name: 'v', type: 'tag', minSnapshotsToKeep: 2 })),
    ],
  ])('refuses: %s', (message, act) => {
    expect(act).toThrow(message);
  });
});

describe('expiry', () => {
  it('keeps what refs keep and goes by age elsewhere', () => {
    expect(expireSnapshots(table, { olderThanMs: 10_000, now: 10_000 })).toMatchObject({
      snapshotIds: [1n, 2n, 3n],
      refs: [],
    });
    expect(expireSnapshots(table, { olderThanMs: 10_000, retainLast: 3, now: 10_000 }).snapshotIds).toEqual(
      [],
    );
    expect(expireSnapshots(table, { olderThanMs: 10_000, retainLast: 2, now: 10_000 }).snapshotIds).toEqual([
      1n,
    ]);
    expect(expireSnapshots(table, { olderThanMs: 2500, now: 10_000 }).snapshotIds).toEqual([1n, 2n]);
    expect(expireSnapshots(table, { now: 10_000 }).snapshotIds).toEqual([]);
    expect(expireSnapshots(table, { snapshotIds: [3n], now: 10 ** 12 })).toMatchObject({
      snapshotIds: [3n],
      refs: [],
    });
    const left = commit(table, expireSnapshots(table, { olderThanMs: 10_000, now: 10_000 }).change);
    expect(left.snapshots.map((s) => s.snapshotId)).toEqual([4n, 5n]);
    expect(left.snapshotLog.map((s) => s.snapshotId)).toEqual([4n]);
  });

  it("follows each ref's own retention", () => {
    const old = commit(
      table,
      createSnapshotRef(table, { name: 'v1', type: 'tag', snapshotId: 1n, maxRefAgeMs: 5000 }),
    );
    const audit = commit(
      old,
      replaceSnapshotRef(old, { name: 'audit', type: 'branch', minSnapshotsToKeep: 2 }),
    );
    expect(expireSnapshots(audit, { olderThanMs: 10_000, now: 6000 })).toMatchObject({
      snapshotIds: [3n],
      refs: [],
    });
    expect(expireSnapshots(audit, { olderThanMs: 10_000, now: 6001 })).toMatchObject({
      snapshotIds: [1n, 3n],
      refs: ['v1'],
    });
  });

  it('refuses what a ref points at, and tables whose files are shared', () => {
    expect(() => expireSnapshots(table, { snapshotIds: [5n] })).toThrow(
      "the branch 'audit' of the table points at it",
    );
    const shared = { ...table, properties: { 'gc.enabled': 'false' } };
    expect(() => expireSnapshots(shared)).toThrow('gc.enabled is false');
    expect(() => expireSnapshots(table, { retainLast: 0 })).toThrow('at least 1');
  });

  it('never leaves a ref without its snapshot, nor a hole in a kept history', () => {
    const limits = fc.record({
      olderThanMs: fc.integer({ min: 0, max: 7000 }),
      retainLast: fc.integer({ min: 1, max: 5 }),
      now: fc.integer({ min: 5000, max: 20_000 }),
    });
    fc.assert(
      fc.property(limits, fc.option(fc.integer({ min: 1, max: 9000 })), (options, maxRefAgeMs) => {
        const base =
          maxRefAgeMs === null
            ? table
            : commit(table, replaceSnapshotRef(table, { name: 'audit', type: 'branch', maxRefAgeMs }));
        const after = commit(base, expireSnapshots(base, options).change);
        const ids = new Set(after.snapshots.map((s) => s.snapshotId));
        expect(after.currentSnapshotId).toBe(4n);
        for (const { snapshotId } of Object.values(after.refs)) expect(ids.has(snapshotId)).toBe(true);
        // main's history: an unbroken run up to 4.
        const main = [4n, 3n, 2n, 1n].map((id) => ids.has(id));
        const kept = main.indexOf(false) === -1 ? 4 : main.indexOf(false);
        expect(kept).toBeGreaterThanOrEqual(Math.min(4, options.retainLast));
      }),
    );
  });
});

describe('files', () => {
  const io = createMemoryFileIO();
  const file = (name: string): DataFile => ({
    content: 'data',
    filePath: `${io.root}/t/data/${name}.parquet`,
    fileFormat: 'PARQUET',
    specId: 0,
    partition: new Map(),
    recordCount: 1n,
    fileSizeInBytes: 100n,
  });
  const path = (name: string) => file(name).filePath;
  const versions: LoadedTable[] = [];

  beforeAll(async () => {
    const metadata = createTableMetadata({ location: `${io.root}/t`, schema });
    const one = await appendFiles({
      io,
      base: { metadata, metadataLocation: null },
      dataFiles: [file('a'), file('b')],
    });
    versions.push(await loadTable(io, one.newMetadataLocation));
    for (const step of [
      (base: LoadedTable) => deleteFiles({ io, base, paths: [path('a')] }),
      (base: LoadedTable) => appendFiles({ io, base, dataFiles: [file('c')] }),
    ]) {
      const [base] = versions.slice(-1);
      if (base !== undefined) versions.push(await loadTable(io, (await step(base)).newMetadataLocation));
    }
  });

  const expire = (kept: readonly TableMetadata[]) => {
    const before = versions.at(-1)?.metadata ?? created;
    const { change, snapshotIds } = expireSnapshots(before, { olderThanMs: Date.now() + 1e6 });
    const after = applyUpdates(before, change.updates, { metadataLocation: null });
    const gone = before.snapshots.filter((s) => snapshotIds.includes(s.snapshotId));
    return unreachableFiles({ io, before, gone, kept: [after, ...kept] });
  };

  it('of expired snapshots alone are unreachable, as far as nobody else reads them', async () => {
    const found = await expire([]);
    expect(found.dataFiles).toEqual([path('a')]);
    expect(found.manifestLists).toHaveLength(2);
    expect(found.manifests.length).toBeGreaterThan(0);
    const first = versions[0]?.metadata ?? created;
    expect(await expire([first])).toMatchObject({ dataFiles: [], manifests: [], deleteFiles: [] });
  });

  it('that cannot be read make an error, never a shorter list of what is kept', async () => {
    const broken = createMemoryFileIO();
    const before = versions.at(-1)?.metadata ?? created;
    await expect(
      unreachableFiles({ io: broken, before, gone: before.snapshots.slice(0, 1), kept: [] }),
    ).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});
