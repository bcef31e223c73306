import type { FormatVersion } from '#shared/iceberg/table-metadata.ts';
import { present } from '#shared/util/present.ts';
import { readAvroFile } from '../avro/read-container.ts';
import { asBuffer, writeAvroFile } from '../avro/write-container.ts';
import type { FieldSummary, ManifestFile } from './data-file.ts';
import { FieldReader } from './field-reader.ts';
import { MANIFEST_FILE, manifestListSchema } from './manifest-schema.ts';

const CONTENTS: readonly ManifestFile['content'][] = ['data', 'deletes'];

/**
 * Decodes a manifest list of any format version.
 *
 * @throws CORRUPT_FILE naming the list and the field.
 */
export function readManifestList(bytes: Uint8Array, location: string): readonly ManifestFile[] {
  return readAvroFile(bytes, MANIFEST_FILE, location).records.map((record, index) => {
    const row = new FieldReader(record, location, 'manifest', index);
    return present({
      manifestPath: row.text('manifestPath'),
      manifestLength: row.long('manifestLength'),
      partitionSpecId: row.int('partitionSpecId'),
      // v1 has neither deletes nor sequence numbers.
      content: row.optionalInt('content') === undefined ? 'data' : row.choice('content', CONTENTS),
      sequenceNumber: row.optionalLong('sequenceNumber') ?? 0n,
      minSequenceNumber: row.optionalLong('minSequenceNumber') ?? 0n,
      addedSnapshotId: row.long('addedSnapshotId'),
      addedFilesCount: filesCount(row, 'addedFilesCount'),
      existingFilesCount: filesCount(row, 'existingFilesCount'),
      deletedFilesCount: filesCount(row, 'deletedFilesCount'),
      addedRowsCount: row.optionalLong('addedRowsCount'),
      existingRowsCount: row.optionalLong('existingRowsCount'),
      deletedRowsCount: row.optionalLong('deletedRowsCount'),
      partitions: row.records('partitions')?.map(readSummary),
      keyMetadata: row.optionalBytes('keyMetadata'),
      firstRowId: row.optionalLong('firstRowId'),
    });
  });
}

function filesCount(row: FieldReader, name: string): number | undefined {
  const count = row.optionalInt(name);
  return count === undefined || count >= 0 ? count : row.fail(name, `is ${count}`);
}

function readSummary(summary: FieldReader): FieldSummary {
  return present({
    containsNull: summary.boolean('containsNull'),
    containsNan: summary.optionalBoolean('containsNan'),
    lowerBound: summary.optionalBytes('lowerBound'),
    upperBound: summary.optionalBytes('upperBound'),
  });
}

export interface WriteManifestListInput {
  readonly formatVersion: FormatVersion;
  readonly snapshotId: bigint;
  readonly parentSnapshotId: bigint | undefined;
  readonly sequenceNumber: bigint;
  /** With their counts; data manifests without a first row id get one in v3. */
  readonly manifests: readonly ManifestFile[];
  /** v3: the first row id that the table has not given yet. */
  readonly nextRowId?: bigint;
}

/**
 * Makes the bytes of a manifest list.
 *
 * @returns the manifests as listed, and for v3 the next row id after those that it has given
 */
export function writeManifestList(input: WriteManifestListInput): {
  readonly bytes: Uint8Array;
  readonly manifests: readonly ManifestFile[];
  readonly nextRowId: bigint;
} {
  const { formatVersion } = input;
  let nextRowId = input.nextRowId ?? 0n;
  const firstRowId = nextRowId;
  const manifests = input.manifests.map((manifest) => {
    if (formatVersion < 3 || manifest.content !== 'data' || manifest.firstRowId !== undefined)
      return manifest;
    const given = { ...manifest, firstRowId: nextRowId };
    nextRowId += (manifest.addedRowsCount ?? 0n) + (manifest.existingRowsCount ?? 0n);
    return given;
  });
  const bytes = writeAvroFile({
    schema: manifestListSchema(formatVersion),
    metadata: {
      'snapshot-id': String(input.snapshotId),
      'parent-snapshot-id': input.parentSnapshotId === undefined ? 'null' : String(input.parentSnapshotId),
      ...(formatVersion === 1 ? {} : { 'sequence-number': String(input.sequenceNumber) }),
      ...(formatVersion === 3 ? { 'first-row-id': String(firstRowId) } : {}),
      'format-version': String(formatVersion),
    },
    records: manifests.map((manifest) => ({
      manifest_path: manifest.manifestPath,
      manifest_length: manifest.manifestLength,
      partition_spec_id: manifest.partitionSpecId,
      content: CONTENTS.indexOf(manifest.content),
      sequence_number: manifest.sequenceNumber,
      min_sequence_number: manifest.minSequenceNumber,
      added_snapshot_id: manifest.addedSnapshotId,
      added_files_count: manifest.addedFilesCount ?? null,
      existing_files_count: manifest.existingFilesCount ?? null,
      deleted_files_count: manifest.deletedFilesCount ?? null,
      added_rows_count: manifest.addedRowsCount ?? null,
      existing_rows_count: manifest.existingRowsCount ?? null,
      deleted_rows_count: manifest.deletedRowsCount ?? null,
      partitions: manifest.partitions?.map(summaryRecord) ?? null,
      key_metadata: manifest.keyMetadata === undefined ? null : asBuffer(manifest.keyMetadata),
      first_row_id: manifest.firstRowId ?? null,
    })),
  });
  return { bytes, manifests, nextRowId };
}

function summaryRecord(summary: FieldSummary): Readonly<Record<string, unknown>> {
  return {
    contains_null: summary.containsNull,
    contains_nan: summary.containsNan ?? null,
    lower_bound: summary.lowerBound === undefined ? null : asBuffer(summary.lowerBound),
    upper_bound: summary.upperBound === undefined ? null : asBuffer(summary.upperBound),
  };
}
