import { AppError } from '#shared/errors/app-error.ts';
import { stringifyJson } from '#shared/util/json.ts';
import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import { asBuffer, writeAvroFile } from '../avro/write-container.ts';
import { schemaToJson } from '../metadata/schema-json.ts';
import { partitionFieldsToJson } from '../metadata/spec-json.ts';
import { sizedTwosComplement } from '../values/single-value.ts';
import type { ByFieldId, DataFile, EntryStatus, ManifestFile } from './data-file.ts';
import { manifestEntrySchema } from './manifest-schema.ts';
import { summarizePartitions } from './partition-summary.ts';
import {
  decimalSize,
  partitionRecord,
  typedPartitionFields,
  type TypedPartitionField,
} from './partition-type.ts';
import { parsePrimitive } from '#shared/iceberg/types.ts';

/** An entry to write. Sequence numbers are left out of what is added: the commit that lands gives them. */
export interface NewManifestEntry {
  readonly status: EntryStatus;
  readonly snapshotId: bigint;
  readonly sequenceNumber?: bigint;
  readonly fileSequenceNumber?: bigint;
  readonly dataFile: DataFile;
}

export interface WriteManifestInput {
  readonly location: string;
  readonly content: ManifestFile['content'];
  readonly spec: PartitionSpec;
  /** The current schema first, then older ones. */
  readonly schemas: readonly [Schema, ...(readonly Schema[])];
  readonly snapshotId: bigint;
  /** Sequence number of the commit; 0 while it is not known, and then every entry must be an added one. */
  readonly sequenceNumber: bigint;
  readonly entries: readonly NewManifestEntry[];
}

const STATUS = { existing: 0, added: 1, deleted: 2 } as const;
const CONTENT = { data: 0, 'position-deletes': 1, 'equality-deletes': 2 } as const;

/**
 * Makes the bytes of a v2 manifest and the row that a manifest list has for it.
 *
 * @throws INVALID_INPUT naming the data file whose values do not fit the partition spec.
 */
export function writeManifest(input: WriteManifestInput): { bytes: Uint8Array; manifest: ManifestFile } {
  const [schema] = input.schemas;
  const fields = typedPartitionFields(input.spec, input.schemas);
  const bytes = writeAvroFile({
    schema: manifestEntrySchema(partitionRecord(fields)),
    records: entryRecords(input.entries, fields),
    metadata: {
      schema: stringifyJson(schemaToJson(schema)),
      'schema-id': String(schema.schemaId),
      'partition-spec': stringifyJson(partitionFieldsToJson(input.spec.fields)),
      'partition-spec-id': String(input.spec.specId),
      'format-version': '2',
      content: input.content,
    },
  });
  const of = (status: EntryStatus) => input.entries.filter((entry) => entry.status === status);
  const rows = (entries: readonly NewManifestEntry[]) =>
    entries.reduce((sum, entry) => sum + entry.dataFile.recordCount, 0n);
  const [added, existing, deleted] = [of('added'), of('existing'), of('deleted')];
  const sequenceNumbers = [...added, ...existing].map(
    (entry) => entry.sequenceNumber ?? input.sequenceNumber,
  );
  return {
    bytes,
    manifest: {
      manifestPath: input.location,
      manifestLength: BigInt(bytes.length),
      partitionSpecId: input.spec.specId,
      content: input.content,
      sequenceNumber: input.sequenceNumber,
      minSequenceNumber: sequenceNumbers.reduce((a, b) => (b < a ? b : a), input.sequenceNumber),
      addedSnapshotId: input.snapshotId,
      addedFilesCount: added.length,
      existingFilesCount: existing.length,
      deletedFilesCount: deleted.length,
      addedRowsCount: rows(added),
      existingRowsCount: rows(existing),
      deletedRowsCount: rows(deleted),
      partitions: summarizePartitions(
        fields,
        input.entries.map((entry) => entry.dataFile.partition),
      ),
    },
  };
}

function* entryRecords(
  entries: readonly NewManifestEntry[],
  fields: readonly TypedPartitionField[],
): Generator<Readonly<Record<string, unknown>>> {
  const names = partitionRecord(fields).fields.map((field) => field.name);
  for (const entry of entries) {
    yield {
      status: STATUS[entry.status],
      snapshot_id: entry.snapshotId,
      sequence_number: entry.sequenceNumber ?? null,
      file_sequence_number: entry.fileSequenceNumber ?? null,
      data_file: dataFileRecord(entry.dataFile, fields, names),
    };
  }
}

function dataFileRecord(
  file: DataFile,
  fields: readonly TypedPartitionField[],
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  return {
    content: CONTENT[file.content],
    file_path: file.filePath,
    file_format: file.fileFormat,
    partition: Object.fromEntries(fields.map((field, i) => [names[i], partitionValue(file, field)])),
    record_count: file.recordCount,
    file_size_in_bytes: file.fileSizeInBytes,
    column_sizes: entriesOf(file.columnSizes),
    value_counts: entriesOf(file.valueCounts),
    null_value_counts: entriesOf(file.nullValueCounts),
    nan_value_counts: entriesOf(file.nanValueCounts),
    lower_bounds: entriesOf(file.lowerBounds, asBuffer),
    upper_bounds: entriesOf(file.upperBounds, asBuffer),
    key_metadata: file.keyMetadata === undefined ? null : asBuffer(file.keyMetadata),
    split_offsets: file.splitOffsets ?? null,
    equality_ids: file.equalityIds ?? null,
    sort_order_id: file.sortOrderId ?? null,
    referenced_data_file: file.referencedDataFile ?? null,
  };
}

function entriesOf<V, W = V>(
  values: ByFieldId<V> | undefined,
  convert?: (value: V) => W,
): readonly { key: number; value: V | W }[] | null {
  if (values === undefined) return null;
  return [...values].map(([key, value]) => ({ key, value: convert === undefined ? value : convert(value) }));
}

/** A partition value in the form Avro holds it. */
function partitionValue(file: DataFile, field: TypedPartitionField): unknown {
  const value = file.partition.get(field.fieldId) ?? null;
  if (value === null) return null;
  if (field.type === null) {
    throw new AppError(
      'UNSUPPORTED',
      `Files cannot be added to the partition field '${field.name}': its transform '${field.transform}' is not known.`,
      { context: { source: file.filePath, field: field.name } },
    );
  }
  const primitive = parsePrimitive(field.type);
  if (primitive.kind === 'decimal' && typeof value === 'bigint') {
    return asBuffer(sizedTwosComplement(value, decimalSize(primitive.precision)));
  }
  if (primitive.kind === 'uuid' && typeof value === 'string')
    return asBuffer(Buffer.from(value.replaceAll('-', ''), 'hex'));
  return value instanceof Uint8Array ? asBuffer(value) : value;
}
