import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTable } from '../metadata/load.ts';
import { currentSnapshot } from '../metadata/lookup.ts';
import { planFiles } from '../scan/plan-files.ts';
import { goldenTable } from '../testing/golden-io.ts';
import { formatValue } from '#shared/iceberg/format-value.ts';
import { loadManifest, loadManifestList } from './load-manifests.ts';
import { PlacedMap } from './placed-map.ts';
import { typedPartitionFields } from './partition-type.ts';

/** Bytes as hex, bigint as text, maps as objects: the form of expected.json. */
function plain(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Map || value instanceof PlacedMap)
    return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

describe('manifests of other writers', () => {
  it.each([
    'spark-partition-evolution',
    'partition-decimal',
    'partition-binary',
    'partition-double',
    'partition-timestamptz',
    'uuid',
    'flink-equality-deletes',
    'v3-deletion-vector',
  ])('%s reads as PyIceberg reads it', async (name) => {
    const { folder, metadataFile, io } = goldenTable(name);
    const { metadata } = await loadTable(io, metadataFile);
    const snapshot = currentSnapshot(metadata);
    if (snapshot === undefined) throw new TypeError('no snapshot');
    const read = [];
    for (const manifest of await loadManifestList(io, snapshot)) {
      const spec = metadata.partitionSpecs.find((spec) => spec.specId === manifest.partitionSpecId);
      const fields = spec === undefined ? [] : typedPartitionFields(spec, metadata.schemas);
      const entries = await loadManifest(io, manifest);
      read.push({
        manifestPath: manifest.manifestPath,
        manifestLength: plain(manifest.manifestLength),
        partitionSpecId: manifest.partitionSpecId,
        content: manifest.content,
        sequenceNumber: plain(manifest.sequenceNumber),
        minSequenceNumber: plain(manifest.minSequenceNumber),
        addedSnapshotId: plain(manifest.addedSnapshotId),
        addedFilesCount: manifest.addedFilesCount,
        existingFilesCount: manifest.existingFilesCount,
        deletedFilesCount: manifest.deletedFilesCount,
        partitions: (manifest.partitions ?? []).map((summary) => ({
          containsNull: summary.containsNull,
          containsNan: plain(summary.containsNan),
          lowerBound: plain(summary.lowerBound),
          upperBound: plain(summary.upperBound),
        })),
        entries: entries.map(({ dataFile: file, ...entry }) => ({
          status: entry.status,
          snapshotId: plain(entry.snapshotId),
          sequenceNumber: plain(entry.sequenceNumber),
          fileSequenceNumber: plain(entry.fileSequenceNumber),
          content: file.content,
          filePath: file.filePath,
          fileFormat: file.fileFormat,
          partition: fields.map((field) => {
            const value = file.partition.get(field.fieldId) ?? null;
            const decimal = field.type?.startsWith('decimal') === true && typeof value === 'bigint';
            if (field.type === 'date') return String(value);
            return decimal && field.type !== null ? formatValue(field.type, value) : plain(value);
          }),
          recordCount: plain(file.recordCount),
          fileSizeInBytes: plain(file.fileSizeInBytes),
          columnSizes: plain(file.columnSizes),
          valueCounts: plain(file.valueCounts),
          nullValueCounts: plain(file.nullValueCounts),
          nanValueCounts: plain(file.nanValueCounts),
          lowerBounds: plain(file.lowerBounds),
          upperBounds: plain(file.upperBounds),
          splitOffsets: plain(file.splitOffsets),
          equalityIds: plain(file.equalityIds),
          sortOrderId: plain(file.sortOrderId),
        })),
      });
    }
    expect(read).toEqual(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')));
  });

  it('reads a v1 table whose manifests are named in the metadata', async () => {
    const { metadataFile, io } = goldenTable('spark-v1');
    const { metadata } = await loadTable(io, metadataFile);
    const filter = { op: 'eq', fieldId: 2, value: 'a' } as const;
    const all = await planFiles({ io, metadata });
    const some = await planFiles({ io, metadata, filter });
    expect(all.files.map(({ file }) => file.partition.get(1000))).toHaveLength(2);
    expect(all.files.reduce((rows, { file }) => rows + file.recordCount, 0n)).toBe(3n);
    expect(some.filesKnown).toBe(2);
    expect(some.files.length).toBeLessThan(2);
  });

  it('reads what BigQuery writes', async () => {
    const { metadataFile, io } = goldenTable('bigquery');
    const { metadata } = await loadTable(io, metadataFile);
    const plan = await planFiles({ io, metadata });
    expect(plan.files.map(({ file }) => [file.recordCount, file.partition.size])).toEqual([[2n, 0]]);
  });

  it('plans the deletes of a Flink table: by equality, of one partition, of older files', async () => {
    const { metadataFile, io } = goldenTable('flink-equality-deletes');
    const { metadata } = await loadTable(io, metadataFile);
    const { files } = await planFiles({ io, metadata });
    const deleted = files.map(({ file, deletes }) => [
      file.partition.get(1000),
      deletes.map(({ file: { partition, content } }) => `${content} ${String(partition.get(1000))}`),
    ]);
    expect(Object.fromEntries(deleted)).toEqual({
      a: [],
      b: ['equality-deletes b'],
      c: ['equality-deletes c'],
      d: [],
      e: [],
      f: ['equality-deletes f'],
    });
  });
});
