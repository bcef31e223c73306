import type {
  ByFieldId,
  DataFile,
  EntryStatus,
  FileContent,
  FileFormat,
  ManifestEntry,
  ManifestFile,
  PartitionValues,
} from './data-file.ts';
import type { FieldReader } from './field-reader.ts';

/** By the number that manifests have for them. */
export const STATUSES: readonly EntryStatus[] = ['existing', 'added', 'deleted'];
const CONTENTS: readonly FileContent[] = ['data', 'position-deletes', 'equality-deletes'];
const FORMATS = new Set<string>(['PARQUET', 'AVRO', 'ORC', 'PUFFIN']);

/** What an entry has from its manifest or in a form of its own. */
interface EntryContext {
  readonly specId: number;
  readonly partition: PartitionValues;
  readonly firstRowId: bigint | undefined;
  readonly counts: (name: string) => ByFieldId<bigint> | undefined;
  readonly bounds: (name: string) => ByFieldId<Uint8Array> | undefined;
}

type Draft = { -readonly [K in keyof DataFile]: DataFile[K] };

/** Makes an entry of its decoded record; what the record leaves out is inherited from the manifest. */
export function readEntry(entry: FieldReader, manifest: ManifestFile, context: EntryContext): ManifestEntry {
  const status = entry.choice('status', STATUSES);
  // Only what this manifest's snapshot added may leave its sequence numbers out.
  const inherited =
    status === 'added' || manifest.sequenceNumber === 0n ? manifest.sequenceNumber : undefined;
  const sequenceNumber = entry.optionalLong('sequenceNumber') ?? inherited ?? entry.missing('sequenceNumber');
  const fileSequenceNumber =
    entry.optionalLong('fileSequenceNumber') ?? inherited ?? entry.missing('fileSequenceNumber');
  if (sequenceNumber < 0n) entry.fail('sequenceNumber', `is ${sequenceNumber}`);
  if (sequenceNumber > manifest.sequenceNumber) {
    entry.fail('sequenceNumber', `is ${sequenceNumber}, above the manifest's own ${manifest.sequenceNumber}`);
  }
  return {
    status,
    snapshotId: entry.optionalLong('snapshotId') ?? manifest.addedSnapshotId,
    sequenceNumber,
    fileSequenceNumber,
    dataFile: readDataFile(entry.record('dataFile'), manifest, context),
  };
}

/** Counts and places that can't be are refused; nothing is absent that is there. */
function readDataFile(file: FieldReader, manifest: ManifestFile, context: EntryContext): DataFile {
  const format = file.text('fileFormat').toUpperCase();
  if (!FORMATS.has(format)) file.fail('fileFormat', `is '${format}', which is no file format of Iceberg`);
  const content = file.optionalInt('content') === undefined ? 'data' : file.choice('content', CONTENTS);
  if ((content === 'data') !== (manifest.content === 'data')) {
    file.fail('content', `is '${content}' in a manifest of ${manifest.content}`);
  }
  const draft: Draft = {
    content,
    filePath: file.text('filePath'),
    fileFormat: format as FileFormat,
    specId: context.specId,
    partition: context.partition,
    recordCount: count(file, 'recordCount'),
    fileSizeInBytes: count(file, 'fileSizeInBytes'),
  };
  const set = <K extends keyof DataFile>(name: K, value: DataFile[K] | undefined): void => {
    if (value !== undefined) draft[name] = value;
  };
  set('columnSizes', context.counts('columnSizes'));
  set('valueCounts', context.counts('valueCounts'));
  set('nullValueCounts', context.counts('nullValueCounts'));
  set('nanValueCounts', context.counts('nanValueCounts'));
  set('lowerBounds', context.bounds('lowerBounds'));
  set('upperBounds', context.bounds('upperBounds'));
  set('keyMetadata', file.optionalBytes('keyMetadata'));
  set('splitOffsets', file.optionalLongs('splitOffsets'));
  set('equalityIds', file.optionalLongs('equalityIds')?.map(Number));
  set('sortOrderId', file.optionalInt('sortOrderId'));
  set('firstRowId', file.optionalLong('firstRowId') ?? context.firstRowId);
  set('referencedDataFile', file.optionalText('referencedDataFile'));
  set('contentOffset', file.optionalLong('contentOffset'));
  set('contentSizeInBytes', file.optionalLong('contentSizeInBytes'));
  return draft;
}

function count(file: FieldReader, name: 'recordCount' | 'fileSizeInBytes'): bigint {
  const value = file.long(name);
  return value >= 0n ? value : file.fail(name, `is ${value}`);
}
