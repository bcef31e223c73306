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
import { relocate } from '../metadata/relocation.ts';
import type { FieldReader } from './field-reader.ts';
import { movePathBounds } from './move-path-bounds.ts';

/** By the number that manifests have for them. */
export const STATUSES: readonly EntryStatus[] = ['existing', 'added', 'deleted'];
const CONTENTS: readonly FileContent[] = ['data', 'position-deletes', 'equality-deletes'];
const FORMATS = new Set<string>(['PARQUET', 'AVRO', 'ORC', 'PUFFIN']);

/** What an entry has from its manifest or in a form of its own. */
interface EntryContext {
  readonly specId: number;
  readonly partition: PartitionValues;
  readonly firstRowId: bigint | undefined;
  readonly metrics: Metrics;
}

/** Where to find an entry's maps. */
export interface Metrics {
  counts(file: FieldReader, name: CountMetric): ByFieldId<bigint> | undefined;
  bounds(file: FieldReader, name: BoundMetric): ByFieldId<Uint8Array> | undefined;
}

export type CountMetric = 'columnSizes' | 'valueCounts' | 'nullValueCounts' | 'nanValueCounts';
export type BoundMetric = 'lowerBounds' | 'upperBounds';

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
    filePath: relocate(file.text('filePath'), manifest.relocation),
    fileFormat: format as FileFormat,
    specId: context.specId,
    partition: context.partition,
    recordCount: count(file, 'recordCount'),
    fileSizeInBytes: count(file, 'fileSizeInBytes'),
  };
  const { metrics } = context;
  set(draft, 'columnSizes', metrics.counts(file, 'columnSizes'));
  set(draft, 'valueCounts', metrics.counts(file, 'valueCounts'));
  set(draft, 'nullValueCounts', metrics.counts(file, 'nullValueCounts'));
  set(draft, 'nanValueCounts', metrics.counts(file, 'nanValueCounts'));
  set(draft, 'lowerBounds', metrics.bounds(file, 'lowerBounds'));
  set(draft, 'upperBounds', metrics.bounds(file, 'upperBounds'));
  set(draft, 'keyMetadata', file.optionalBytes('keyMetadata'));
  set(draft, 'splitOffsets', file.optionalLongs('splitOffsets'));
  set(draft, 'equalityIds', file.optionalLongs('equalityIds')?.map(Number));
  set(draft, 'sortOrderId', file.optionalInt('sortOrderId'));
  set(draft, 'firstRowId', file.optionalLong('firstRowId') ?? context.firstRowId);
  const referenced = file.optionalText('referencedDataFile');
  if (referenced !== undefined) draft.referencedDataFile = relocate(referenced, manifest.relocation);
  set(draft, 'contentOffset', file.optionalLong('contentOffset'));
  set(draft, 'contentSizeInBytes', file.optionalLong('contentSizeInBytes'));
  if (manifest.relocation === undefined || content !== 'position-deletes') return draft;
  return movePathBounds({ ...draft, relocation: manifest.relocation }, manifest.relocation);
}

function set<K extends keyof DataFile>(draft: Draft, name: K, value: DataFile[K] | undefined): void {
  if (value !== undefined) draft[name] = value;
}

function count(file: FieldReader, name: 'recordCount' | 'fileSizeInBytes'): bigint {
  const value = file.long(name);
  return value >= 0n ? value : file.fail(name, `is ${value}`);
}
