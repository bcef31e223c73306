import { AppError } from '#shared/errors/app-error.ts';
import { stringifyJson } from '#shared/util/json.ts';
import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { FormatVersion } from '#shared/iceberg/table-metadata.ts';
import { parsePrimitive } from '#shared/iceberg/types.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
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

/**
 * An entry to write. What is added leaves its sequence numbers out, and the commit that lands gives them; one
 * that compacts older files gives them the data sequence number that those had.
 */
export interface NewManifestEntry {
  readonly status: EntryStatus;
  readonly snapshotId: bigint;
  readonly sequenceNumber?: bigint;
  readonly fileSequenceNumber?: bigint;
  readonly dataFile: DataFile;
}

export interface WriteManifestInput {
  readonly location: string;
  readonly formatVersion: FormatVersion;
  readonly content: ManifestFile['content'];
  readonly spec: PartitionSpec;
  /** The current schema first, then older ones. */
  readonly schemas: readonly [Schema, ...(readonly Schema[])];
  readonly snapshotId: bigint;
  readonly entries: readonly NewManifestEntry[];
}

/** The sequence number of a manifest that no commit has taken up yet: it gets that of the commit. */
export const UNASSIGNED = -1n;

const STATUS = { existing: 0, added: 1, deleted: 2 } as const;
const CONTENT = { data: 0, 'position-deletes': 1, 'equality-deletes': 2 } as const;
/** v1 asks for it and nobody reads it. */
const BLOCK_BYTES = 67_108_864n;

/**
 * Makes the bytes of a manifest and the row that a manifest list has for it, the sequence number UNASSIGNED.
 *
 * @throws INVALID_INPUT naming the data file whose values do not fit the partition spec; UNSUPPORTED where
 *   the spec has a transform that is not known.
 */
export function writeManifest(input: WriteManifestInput): { bytes: Uint8Array; manifest: ManifestFile } {
  const [schema] = input.schemas;
  const fields = typedPartitionFields(input.spec, input.schemas);
  const bytes = writeAvroFile({
    schema: manifestEntrySchema(partitionRecord(fields), input.formatVersion),
    records: entryRecords(input.entries, fields),
    metadata: {
      schema: stringifyJson(schemaToJson(schema)),
      'schema-id': String(schema.schemaId),
      'partition-spec': stringifyJson(partitionFieldsToJson(input.spec.fields)),
      'partition-spec-id': String(input.spec.specId),
      'format-version': String(input.formatVersion),
      ...(input.formatVersion === 1 ? {} : { content: input.content }),
    },
  });
  return {
    bytes,
    manifest: {
      manifestPath: input.location,
      manifestLength: BigInt(bytes.length),
      partitionSpecId: input.spec.specId,
      content: input.content,
      sequenceNumber: UNASSIGNED,
      minSequenceNumber: lowestSequenceNumber(input.entries),
      addedSnapshotId: input.snapshotId,
      ...countEntries(input.entries),
      partitions: summarizePartitions(
        fields,
        input.entries.map(
          ({ dataFile }) => new Map(fields.map((field) => [field.fieldId, partitionValue(dataFile, field)])),
        ),
      ),
    },
  };
}

type Counts = Required<
  Pick<
    ManifestFile,
    | 'addedFilesCount'
    | 'existingFilesCount'
    | 'deletedFilesCount'
    | 'addedRowsCount'
    | 'existingRowsCount'
    | 'deletedRowsCount'
  >
>;

/** How many files and rows a manifest has by status, as its row in the list says. */
export function countEntries(entries: readonly Pick<NewManifestEntry, 'status' | 'dataFile'>[]): Counts {
  const files = { added: 0, existing: 0, deleted: 0 };
  const rows = { added: 0n, existing: 0n, deleted: 0n };
  for (const { status, dataFile } of entries) {
    files[status] += 1;
    rows[status] += dataFile.recordCount;
  }
  return {
    addedFilesCount: files.added,
    existingFilesCount: files.existing,
    deletedFilesCount: files.deleted,
    addedRowsCount: rows.added,
    existingRowsCount: rows.existing,
    deletedRowsCount: rows.deleted,
  };
}

/** Of the live files; none is above that of the commit itself, which all others inherit. */
function lowestSequenceNumber(entries: readonly NewManifestEntry[]): bigint {
  let lowest: bigint | undefined;
  for (const { status, sequenceNumber } of entries) {
    if (status === 'deleted' || sequenceNumber === undefined) continue;
    if (lowest === undefined || sequenceNumber < lowest) lowest = sequenceNumber;
  }
  return lowest ?? UNASSIGNED;
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

/** With the members of every format version: those that the schema has not are not written. */
function dataFileRecord(
  file: DataFile,
  fields: readonly TypedPartitionField[],
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  return {
    content: CONTENT[file.content],
    file_path: file.filePath,
    file_format: file.fileFormat,
    partition: Object.fromEntries(fields.map((field, i) => [names[i], avroPartitionValue(file, field)])),
    record_count: file.recordCount,
    file_size_in_bytes: file.fileSizeInBytes,
    block_size_in_bytes: BLOCK_BYTES,
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
    first_row_id: file.firstRowId ?? null,
    referenced_data_file: file.referencedDataFile ?? null,
    content_offset: file.contentOffset ?? null,
    content_size_in_bytes: file.contentSizeInBytes ?? null,
  };
}

function entriesOf<V, W = V>(
  values: ByFieldId<V> | undefined,
  convert?: (value: V) => W,
): readonly { key: number; value: V | W }[] | null {
  if (values === undefined) return null;
  return [...values].map(([key, value]) => ({ key, value: convert === undefined ? value : convert(value) }));
}

/** A file's value of a partition field in the field's type of today, which may be wider than it was. */
function partitionValue(file: DataFile, field: TypedPartitionField): IcebergValue | null {
  const value = file.partition.get(field.fieldId) ?? null;
  if (value === null) return null;
  if (field.type === null) {
    throw new AppError(
      'UNSUPPORTED',
      `Files cannot be added to the partition field '${field.name}': its transform '${field.transform}' is not known.`,
      { context: { source: file.filePath, field: field.name } },
    );
  }
  return field.type === 'long' && typeof value === 'number' ? BigInt(value) : value;
}

/** A partition value in the form Avro holds it. */
function avroPartitionValue(file: DataFile, field: TypedPartitionField): unknown {
  const value = partitionValue(file, field);
  if (value === null || field.type === null) return null;
  const primitive = parsePrimitive(field.type);
  if (primitive.kind === 'decimal' && typeof value === 'bigint') {
    return asBuffer(sizedTwosComplement(value, decimalSize(primitive.precision)));
  }
  if (primitive.kind === 'uuid' && typeof value === 'string')
    return asBuffer(Buffer.from(value.replaceAll('-', ''), 'hex'));
  return value instanceof Uint8Array ? asBuffer(value) : value;
}
