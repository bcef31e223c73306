import { present } from '#shared/util/present.ts';
import { readAvroFile } from '../avro/read-container.ts';
import type {
  DataFile,
  EntryStatus,
  FileContent,
  FileFormat,
  ManifestEntry,
  ManifestFile,
} from './data-file.ts';
import { FieldReader } from './field-reader.ts';
import { MANIFEST_ENTRY } from './manifest-schema.ts';

const STATUSES: readonly EntryStatus[] = ['existing', 'added', 'deleted'];
const CONTENTS: readonly FileContent[] = ['data', 'position-deletes', 'equality-deletes'];
const FORMATS = new Set<string>(['PARQUET', 'AVRO', 'ORC', 'PUFFIN']);

/**
 * Decodes a manifest of any format version; entries inherit sequence numbers and snapshot id from `manifest`
 * where they have none of their own. Deleted entries are included.
 *
 * @throws CORRUPT_FILE naming the manifest and the field.
 */
export function readManifest(bytes: Uint8Array, manifest: ManifestFile): readonly ManifestEntry[] {
  const file = manifest.manifestPath;
  const { header, records } = readAvroFile(bytes, MANIFEST_ENTRY, file);
  const ownSpecId = /^\d{1,9}$/.exec(header.metadata.get('partition-spec-id') ?? '')?.[0];
  const specId = ownSpecId === undefined ? manifest.partitionSpecId : Number(ownSpecId);
  let nextRowId = manifest.firstRowId;
  return records.map((record, index) => {
    const entry = new FieldReader(record, file, `entry ${index}`);
    const status = entry.choice('status', STATUSES);
    // Only what this manifest's snapshot added may leave its sequence numbers out.
    const inherited =
      status === 'added' || manifest.sequenceNumber === 0n ? manifest.sequenceNumber : undefined;
    let dataFile = readDataFile(entry.record('dataFile'), specId);
    // v3: what the manifest's own first row id is counted on from, file by file.
    if (nextRowId !== undefined && status !== 'deleted' && dataFile.firstRowId === undefined) {
      dataFile = { ...dataFile, firstRowId: nextRowId };
      nextRowId += dataFile.recordCount;
    }
    return {
      status,
      snapshotId: entry.optionalLong('snapshotId') ?? manifest.addedSnapshotId,
      sequenceNumber: entry.optionalLong('sequenceNumber') ?? inherited ?? entry.missing('sequenceNumber'),
      fileSequenceNumber:
        entry.optionalLong('fileSequenceNumber') ?? inherited ?? entry.missing('fileSequenceNumber'),
      dataFile,
    };
  });
}

function readDataFile(file: FieldReader, specId: number): DataFile {
  const format = file.text('fileFormat').toUpperCase();
  if (!FORMATS.has(format)) file.fail('fileFormat', `is '${format}', which is no file format of Iceberg`);
  const recordCount = file.long('recordCount');
  const fileSizeInBytes = file.long('fileSizeInBytes');
  if (recordCount < 0n) file.fail('recordCount', `is ${recordCount}`);
  if (fileSizeInBytes < 0n) file.fail('fileSizeInBytes', `is ${fileSizeInBytes}`);
  return present({
    content: file.optionalInt('content') === undefined ? 'data' : file.choice('content', CONTENTS),
    filePath: file.text('filePath'),
    fileFormat: format as FileFormat,
    specId,
    partition: file.map('partition') as DataFile['partition'],
    recordCount,
    fileSizeInBytes,
    columnSizes: file.optionalMap('columnSizes', 'bigint'),
    valueCounts: file.optionalMap('valueCounts', 'bigint'),
    nullValueCounts: file.optionalMap('nullValueCounts', 'bigint'),
    nanValueCounts: file.optionalMap('nanValueCounts', 'bigint'),
    lowerBounds: file.optionalMap('lowerBounds', 'bytes'),
    upperBounds: file.optionalMap('upperBounds', 'bytes'),
    keyMetadata: file.optionalBytes('keyMetadata'),
    splitOffsets: file.optionalLongs('splitOffsets'),
    equalityIds: file.optionalLongs('equalityIds')?.map(Number),
    sortOrderId: file.optionalInt('sortOrderId'),
    firstRowId: file.optionalLong('firstRowId'),
    referencedDataFile: file.optionalText('referencedDataFile'),
    contentOffset: file.optionalLong('contentOffset'),
    contentSizeInBytes: file.optionalLong('contentSizeInBytes'),
  });
}
