import { describe, expect, it } from 'vitest';
import { partitionSpecOf } from '#shared/iceberg/partition.ts';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import { createMemoryFileIO } from '../../storage/memory-file-io.ts';
import type { FileIO } from '../../storage/file-io.ts';
import { encodeValue } from '../values/single-value.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { loadManifest, loadManifestList } from '../manifest/load-manifests.ts';
import { PlacedMap } from '../manifest/placed-map.ts';
import { createTableMetadata } from '../metadata/create.ts';
import { loadTable } from '../metadata/load.ts';
import { currentSnapshot } from '../metadata/lookup.ts';
import { planFiles } from '../scan/plan-files.ts';
import { appendFiles } from './append-files.ts';
import { stageCreate } from './staged-commit.ts';

const schema = schemaFromColumns([
  { name: 'id', sqlType: 'BIGINT' },
  { name: 'day', sqlType: 'DATE' },
]);

function dataFile(
  name: string,
  from: bigint,
  to: bigint,
  partition: DataFile['partition'] = new Map(),
): DataFile {
  return {
    content: 'data',
    filePath: `memory://warehouse/t/data/${name}.parquet`,
    fileFormat: 'PARQUET',
    specId: 0,
    partition,
    recordCount: to - from + 1n,
    fileSizeInBytes: 1000n,
    columnSizes: new Map([[1, 400n]]),
    valueCounts: new Map([[1, to - from + 1n]]),
    nullValueCounts: new Map([[1, 0n]]),
    nanValueCounts: new Map(),
    lowerBounds: new Map([[1, encodeValue('long', from)]]),
    upperBounds: new Map([[1, encodeValue('long', to)]]),
    splitOffsets: [4n],
    sortOrderId: 0,
  };
}

async function createTable(io: FileIO, partitioned = false) {
  const metadata = createTableMetadata({
    location: `${io.root}/t`,
    schema,
    ...(partitioned
      ? { partitionSpec: partitionSpecOf(schema, [{ source: 'day', transform: 'month' }]) }
      : {}),
  });
  const staged = await stageCreate({ io, metadata });
  return loadTable(io, staged.newMetadataLocation);
}

/** Metrics of files that were read are maps that stay encoded. */
function withPlainMaps(file: DataFile): DataFile {
  const entries = Object.entries(file).map(([name, value]: [string, unknown]) => [
    name,
    value instanceof PlacedMap ? new Map(value) : value,
  ]);
  return Object.fromEntries(entries) as DataFile;
}

describe('appendFiles', () => {
  it('writes a table version that reads back with every field of its files', async () => {
    const io = createMemoryFileIO();
    const base = await createTable(io);
    const file = dataFile('a', 1n, 10n);
    const staged = await appendFiles({
      io,
      base,
      dataFiles: [file],
      summary: { 'engine-name': 'timestream' },
    });

    const table = await loadTable(io, staged.newMetadataLocation);
    expect(table.metadata).toEqual(staged.metadata);
    expect(table.metadata.metadataLog).toEqual([
      { metadataFile: base.metadataLocation, timestampMs: base.metadata.lastUpdatedMs },
    ]);
    expect(currentSnapshot(table.metadata)).toMatchObject({
      sequenceNumber: 1n,
      summary: {
        operation: 'append',
        'engine-name': 'timestream',
        'added-data-files': '1',
        'total-records': '10',
        'total-files-size': '1000',
        'changed-partition-count': '1',
      },
    });
    const plan = await planFiles({ io, metadata: table.metadata });
    const files = plan.files.map((planned) => ({ ...planned, file: withPlainMaps(planned.file) }));
    expect(files).toEqual([{ file, sequenceNumber: 1n, deletes: [] }]);
  });

  it('adds to what is there: totals, sequence numbers, parents and the log go on', async () => {
    const io = createMemoryFileIO();
    let base = await createTable(io);
    for (let i = 0n; i < 3n; i += 1n) {
      const staged = await appendFiles({ io, base, dataFiles: [dataFile(`f${i}`, i * 10n, i * 10n + 9n)] });
      base = await loadTable(io, staged.newMetadataLocation);
    }
    const { metadata } = base;
    expect(metadata.snapshots.map((s) => s.sequenceNumber)).toEqual([1n, 2n, 3n]);
    expect(metadata.snapshots[2]?.parentSnapshotId).toBe(metadata.snapshots[1]?.snapshotId);
    expect(metadata.snapshots[2]?.summary).toMatchObject({ 'total-data-files': '3', 'total-records': '30' });
    expect(metadata.snapshotLog.map((entry) => entry.snapshotId)).toEqual(
      metadata.snapshots.map((s) => s.snapshotId),
    );
    expect(metadata.metadataLog).toHaveLength(3);
    const names = base.metadataLocation?.split('/').at(-1);
    expect(names).toMatch(/^00003-[0-9a-f-]{36}\.metadata\.json$/);

    const filter = { op: 'eq', fieldId: 1, value: 15n } as const;
    const plan = await planFiles({ io, metadata, filter });
    expect(plan.files.map(({ file }) => file.filePath)).toEqual(['memory://warehouse/t/data/f1.parquet']);
    expect(plan.filesKnown).toBe(3);
    expect(plan.pruning).toEqual(['id = 15 skips 2 of 3 files (2 by column bounds)']);

    const older = metadata.snapshots[0]?.snapshotId;
    const first = await planFiles({ io, metadata, ...(older === undefined ? {} : { snapshotId: older }) });
    expect(first.files).toHaveLength(1);
  });

  it('rebases onto a table that moved on, reusing its manifest under the new sequence number', async () => {
    const io = createMemoryFileIO();
    const base = await createTable(io);
    const mine = await appendFiles({ io, base, dataFiles: [dataFile('mine', 1n, 2n)] });
    const theirs = await appendFiles({ io, base, dataFiles: [dataFile('theirs', 3n, 4n)] });
    const fresh = await loadTable(io, theirs.newMetadataLocation);
    const rebased = await mine.rebase(fresh);

    expect(rebased.requirements).toContainEqual({
      type: 'assert-ref-snapshot-id',
      ref: 'main',
      snapshotId: theirs.snapshot.snapshotId,
    });
    expect(rebased.snapshot.snapshotId).toBe(mine.snapshot.snapshotId);
    const manifests = await loadManifestList(io, rebased.snapshot);
    expect(manifests.map((manifest) => manifest.sequenceNumber)).toEqual([2n, 1n]);
    expect(mine.writtenFiles).toContain(manifests[0]?.manifestPath);
    const [entry] = await Promise.all(manifests.map((manifest) => loadManifest(io, manifest)));
    expect(entry?.[0]).toMatchObject({ sequenceNumber: 2n, fileSequenceNumber: 2n, status: 'added' });
    const plan = await planFiles({ io, metadata: rebased.metadata });
    expect(plan.files.map(({ file }) => file.filePath.split('/').at(-1))).toEqual([
      'mine.parquet',
      'theirs.parquet',
    ]);
    for (const location of rebased.writtenFiles) expect(await io.exists(location)).toBe(true);
  });

  it('creates a table and appends to it as one version', async () => {
    const io = createMemoryFileIO();
    const metadata = createTableMetadata({ location: `${io.root}/t`, schema });
    const staged = await appendFiles({
      io,
      base: { metadata, metadataLocation: null },
      dataFiles: [dataFile('a', 1n, 2n)],
    });
    expect(staged.requirements).toEqual([{ type: 'assert-create' }]);
    expect(staged.newMetadataLocation).toContain('/t/metadata/00000-');
    expect(staged.metadata.metadataLog).toEqual([]);
  });

  it('skips whole manifests by their partition summaries', async () => {
    const io = createMemoryFileIO();
    let base = await createTable(io, true);
    for (const month of [360, 361, 362]) {
      const file = dataFile(`m${month}`, 0n, 9n, new Map([[1000, month]]));
      base = await loadTable(io, (await appendFiles({ io, base, dataFiles: [file] })).newMetadataLocation);
    }
    // 2000-02-03 is day 10990, in month 361 since 1970.
    const filter = { op: 'eq', fieldId: 2, value: 10_990 } as const;
    const plan = await planFiles({ io, metadata: base.metadata, filter });
    expect(plan.files.map(({ file }) => file.partition.get(1000))).toEqual([361]);
    expect(plan.manifestsRead).toBe(1);
    expect(plan.pruning).toEqual(["day = '2000-02-03' skips 2 of 3 files (2 by partition)"]);
  });

  it('refuses files that do not fit the table, naming them', async () => {
    const io = createMemoryFileIO();
    const base = await createTable(io, true);
    await expect(appendFiles({ io, base, dataFiles: [dataFile('a', 1n, 2n)] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('a.parquet cannot be added: it has no value for one of its partition'),
    });
  });
});
