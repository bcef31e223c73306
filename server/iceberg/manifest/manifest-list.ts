import { present } from '#shared/util/present.ts';
import { readAvroFile } from '../avro/read-container.ts';
import { asBuffer, writeAvroFile } from '../avro/write-container.ts';
import type { FieldSummary, ManifestFile } from './data-file.ts';
import { FieldReader } from './field-reader.ts';
import { MANIFEST_FILE, MANIFEST_LIST_SCHEMA } from './manifest-schema.ts';

const CONTENTS: readonly ManifestFile['content'][] = ['data', 'deletes'];

/**
 * Decodes a manifest list of any format version.
 *
 * @throws CORRUPT_FILE naming the list and the field.
 */
export function readManifestList(bytes: Uint8Array, location: string): readonly ManifestFile[] {
  return readAvroFile(bytes, MANIFEST_FILE, location).records.map((record, index) => {
    const row = new FieldReader(record, location, `manifest ${index}`);
    return present({
      manifestPath: row.text('manifestPath'),
      manifestLength: row.long('manifestLength'),
      partitionSpecId: row.int('partitionSpecId'),
      // v1 has neither deletes nor sequence numbers.
      content: row.optionalInt('content') === undefined ? 'data' : row.choice('content', CONTENTS),
      sequenceNumber: row.optionalLong('sequenceNumber') ?? 0n,
      minSequenceNumber: row.optionalLong('minSequenceNumber') ?? 0n,
      addedSnapshotId: row.long('addedSnapshotId'),
      addedFilesCount: row.optionalInt('addedFilesCount'),
      existingFilesCount: row.optionalInt('existingFilesCount'),
      deletedFilesCount: row.optionalInt('deletedFilesCount'),
      addedRowsCount: row.optionalLong('addedRowsCount'),
      existingRowsCount: row.optionalLong('existingRowsCount'),
      deletedRowsCount: row.optionalLong('deletedRowsCount'),
      partitions: row.records('partitions')?.map(readSummary),
      keyMetadata: row.optionalBytes('keyMetadata'),
      firstRowId: row.optionalLong('firstRowId'),
    });
  });
}

function readSummary(summary: FieldReader): FieldSummary {
  return present({
    containsNull: summary.boolean('containsNull'),
    containsNan: summary.optionalBoolean('containsNan'),
    lowerBound: summary.optionalBytes('lowerBound'),
    upperBound: summary.optionalBytes('upperBound'),
  });
}

/** Makes the bytes of a v2 manifest list. */
export function writeManifestList(input: {
  readonly snapshotId: bigint;
  readonly parentSnapshotId: bigint | undefined;
  readonly sequenceNumber: bigint;
  readonly manifests: readonly ManifestFile[];
}): Uint8Array {
  return writeAvroFile({
    schema: MANIFEST_LIST_SCHEMA,
    metadata: {
      'snapshot-id': String(input.snapshotId),
      'parent-snapshot-id': input.parentSnapshotId === undefined ? 'null' : String(input.parentSnapshotId),
      'sequence-number': String(input.sequenceNumber),
      'format-version': '2',
    },
    records: input.manifests.map((manifest) => ({
      manifest_path: manifest.manifestPath,
      manifest_length: manifest.manifestLength,
      partition_spec_id: manifest.partitionSpecId,
      content: CONTENTS.indexOf(manifest.content),
      sequence_number: manifest.sequenceNumber,
      min_sequence_number: manifest.minSequenceNumber,
      added_snapshot_id: manifest.addedSnapshotId,
      added_files_count: manifest.addedFilesCount ?? 0,
      existing_files_count: manifest.existingFilesCount ?? 0,
      deleted_files_count: manifest.deletedFilesCount ?? 0,
      added_rows_count: manifest.addedRowsCount ?? 0n,
      existing_rows_count: manifest.existingRowsCount ?? 0n,
      deleted_rows_count: manifest.deletedRowsCount ?? 0n,
      partitions: manifest.partitions?.map(summaryRecord) ?? null,
      key_metadata: manifest.keyMetadata === undefined ? null : asBuffer(manifest.keyMetadata),
    })),
  });
}

function summaryRecord(summary: FieldSummary): Readonly<Record<string, unknown>> {
  return {
    contains_null: summary.containsNull,
    contains_nan: summary.containsNan ?? null,
    lower_bound: summary.lowerBound === undefined ? null : asBuffer(summary.lowerBound),
    upper_bound: summary.upperBound === undefined ? null : asBuffer(summary.upperBound),
  };
}
