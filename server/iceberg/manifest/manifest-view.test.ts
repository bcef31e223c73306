import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import { mapById, optional, required, type AvroField, type AvroRecord } from '../avro/schema.ts';
import { writeAvroFile } from '../avro/write-container.ts';
import { anyPrimitive, anyValue } from '../testing/arbitraries.ts';
import { encodeValue } from '../values/single-value.ts';
import type { DataFile, ManifestFile } from './data-file.ts';
import { ManifestView } from './manifest-view.ts';
import { manifestEntrySchema } from './manifest-schema.ts';
import { partitionRecord, typedPartitionFields } from './partition-type.ts';
import { writeManifest } from './write-manifest.ts';

const listed: ManifestFile = {
  manifestPath: 'w/t/metadata/m0.avro',
  manifestLength: 1n,
  partitionSpecId: 0,
  content: 'data',
  sequenceNumber: 7n,
  minSequenceNumber: 1n,
  addedSnapshotId: 99n,
};
const count = fc.bigInt({ min: 0n, max: 2n ** 62n });

const tables = anyPrimitive.chain((type) => {
  const file = fc.record(
    {
      content: fc.constant('data' as const),
      filePath: fc.string({ unit: 'grapheme', minLength: 1 }),
      fileFormat: fc.constantFrom('PARQUET' as const, 'AVRO' as const, 'ORC' as const),
      specId: fc.constant(0),
      partition: fc.option(anyValue(type), { nil: null }).map((value) => new Map([[1000, value]])),
      recordCount: fc.nat(1000).map(BigInt),
      fileSizeInBytes: count,
      columnSizes: fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), count)).map((all) => new Map(all)),
      valueCounts: fc.constant(new Map([[1, 5n]])),
      nanValueCounts: fc.constant(new Map<number, bigint>()),
      lowerBounds: anyValue(type).map((value) => new Map([[1, encodeValue(type, value)]])),
      upperBounds: anyValue(type).map((value) => new Map([[1, encodeValue(type, value)]])),
      splitOffsets: fc.array(count, { maxLength: 3 }),
      sortOrderId: fc.nat(3),
      keyMetadata: fc.uint8Array({ maxLength: 5 }),
    },
    {
      requiredKeys: [
        'content',
        'filePath',
        'fileFormat',
        'specId',
        'partition',
        'recordCount',
        'fileSizeInBytes',
      ],
    },
  );
  return fc.record({
    type: fc.constant(type),
    files: fc.array(file, { maxLength: 8 }),
    version: fc.constantFrom(1 as const, 2 as const, 3 as const),
  });
});

const schemaOf = (type: string): Schema => ({
  schemaId: 0,
  identifierFieldIds: [],
  fields: [{ id: 1, name: 'c', required: false, type }],
});
const spec: PartitionSpec = {
  specId: 0,
  fields: [{ sourceId: 1, fieldId: 1000, name: 'c', transform: 'identity' }],
};

function plain(file: DataFile): unknown {
  return Object.fromEntries(
    Object.entries(file).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'object' &&
      value !== null &&
      'forEach' in value &&
      'entries' in value &&
      'has' in value
        ? new Map(value as ReadonlyMap<number, IcebergValue>)
        : value,
    ]),
  );
}

describe('ManifestView', () => {
  it('has the files that were written, each metric alone as in the whole', async () => {
    await fc.assert(
      fc.asyncProperty(tables, fc.boolean(), async ({ type, files, version }, lineage) => {
        const entries = files.map((dataFile) => ({ status: 'added' as const, snapshotId: 99n, dataFile }));
        const { bytes } = writeManifest({
          location: 'm',
          formatVersion: version,
          content: 'data',
          spec,
          schemas: [schemaOf(type)],
          snapshotId: 99n,
          entries,
        });
        const view = await ManifestView.read(bytes, { ...listed, ...(lineage ? { firstRowId: 100n } : {}) });
        let nextRowId = 100n;
        const expected = files.map((file) => {
          const firstRowId = nextRowId;
          nextRowId += file.recordCount;
          return lineage ? { ...file, firstRowId } : file;
        });
        expect(view.entries().map(({ dataFile }) => plain(dataFile))).toEqual(
          expected.map((file) => plain(file as DataFile)),
        );
        expect(view.entries().every(({ sequenceNumber }) => sequenceNumber === 7n)).toBe(true);
        for (const [index, file] of files.entries()) {
          expect(view.partitions[view.partitionOf[index] ?? -1]).toEqual(file.partition);
          expect(view.bound(index, 'lowerBounds', 1)).toEqual(file.lowerBounds?.get(1));
          expect(view.count(index, 'valueCounts', 1)).toBe(file.valueCounts?.get(1));
          expect(view.count(index, 'nullValueCounts', 1)).toBeUndefined();
          for (const [id, size] of file.columnSizes ?? [])
            expect(view.entry(index).dataFile.columnSizes?.get(id)).toBe(size);
        }
      }),
      { numRuns: 150 },
    );
  });

  const schema = manifestEntrySchema(partitionRecord(typedPartitionFields(spec, [schemaOf('string')])), 2);
  const record = {
    status: 1,
    snapshot_id: 5n,
    sequence_number: null as bigint | null,
    file_sequence_number: null,
    data_file: {
      content: 0,
      file_path: 's3://b/t/a.parquet',
      file_format: 'PARQUET',
      partition: { c: 'x' as string | null },
      record_count: 3n,
      file_size_in_bytes: 10n,
      column_sizes: [{ key: 1, value: 4n }],
      value_counts: [{ key: 1, value: 3n }],
      null_value_counts: [{ key: 1, value: 0n }],
      nan_value_counts: null,
      lower_bounds: [{ key: 1, value: Buffer.from('a') }],
      upper_bounds: [{ key: 1, value: Buffer.from('z') }],
      key_metadata: null,
      split_offsets: [4n],
      equality_ids: null,
      sort_order_id: 0,
      referenced_data_file: null,
    },
  };
  const written = (records: readonly Readonly<Record<string, unknown>>[], as: AvroRecord = schema) =>
    writeAvroFile({ schema: as, records, metadata: {}, codec: 'null' });
  const file = (over: Partial<typeof record.data_file>) => ({
    ...record,
    data_file: { ...record.data_file, ...over },
  });

  it.each([
    ['sequenceNumber', 'above the manifest', { ...record, sequence_number: 8n }],
    ['sequenceNumber', 'is -4', { ...record, sequence_number: -4n }],
    ['sequenceNumber', 'is missing', { ...record, status: 0 }],
    ['status', 'is 3', { ...record, status: 3 }],
    ['content', 'position-deletes', file({ content: 1 })],
    ['recordCount', 'is -1', file({ record_count: -1n })],
    ['fileFormat', "'CSV'", file({ file_format: 'CSV' })],
  ])('refuses an entry whose %s %s, naming manifest, entry and field', async (field, what, wrong) => {
    const read = async () => (await ManifestView.read(written([record, wrong]), listed)).entries();
    await expect(read()).rejects.toMatchObject({ code: 'CORRUPT_FILE', context: { field } });
    await expect(read()).rejects.toThrow(
      new RegExp(`m0\\.avro is damaged: '${field}' of its entry 1 .*${what}`),
    );
  });

  it('refuses a schema with one id for two fields, and a metric of a wrong type', async () => {
    const clash = (fields: readonly AvroField[]): AvroRecord => ({ type: 'record', name: 'e', fields });
    const twice = clash([required(0, 'status', 'int'), required(0, 'again', 'int')]);
    await expect(ManifestView.read(written([{ status: 1, again: 1 }], twice), listed)).rejects.toThrow(
      /two fields of the id 0/,
    );
    const text = clash([
      required(0, 'status', 'int'),
      required(2, 'data_file', {
        type: 'record',
        name: 'f',
        fields: [
          required(100, 'file_path', 'string'),
          required(101, 'file_format', 'string'),
          required(103, 'record_count', 'long'),
          required(104, 'file_size_in_bytes', 'long'),
          optional(125, 'lower_bounds', mapById(126, 127, 'string')),
        ],
      }),
    ]);
    const { file_path, file_format, record_count, file_size_in_bytes } = record.data_file;
    const lower_bounds = [{ key: 1, value: 'a' }];
    const entry = {
      status: 1,
      data_file: { file_path, file_format, record_count, file_size_in_bytes, lower_bounds },
    };
    const view = await ManifestView.read(written([entry], text), listed);
    expect(view.bound(0, 'lowerBounds', 1)).toBeUndefined();
    expect(() => view.entry(0).dataFile.lowerBounds?.get(1)).toThrow(
      /'lowerBounds' of its entry 0 has a value of a wrong type/,
    );
  });

  it('changed or cut short anywhere ends, with entries or an error that names the manifest', async () => {
    const whole = written([record, file({ partition: { c: null } }), file({ file_path: 'b' })]);
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.nat(9), async (at, byte, cut) => {
        const damaged =
          cut === 0 ? whole.slice(0, at) : whole.map((old, index) => (index === at ? byte : old));
        try {
          const view = await ManifestView.read(damaged, listed);
          for (const { dataFile } of view.entries())
            for (const map of [dataFile.columnSizes, dataFile.valueCounts, dataFile.lowerBounds])
              void map?.size;
        } catch (error) {
          refused += 1;
          if (!isAppError(error, 'CORRUPT_FILE') && !isAppError(error, 'UNSUPPORTED')) throw error;
          expect(error.message).toContain('m0.avro');
        }
      }),
      { numRuns: 600 },
    );
    expect(refused).toBeGreaterThan(100);
  });
});
