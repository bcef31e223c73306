import { AppError } from '#shared/errors/app-error.ts';
import type { Expression } from '#shared/iceberg/expression.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { DataFile, ManifestEntry, ManifestFile } from '../manifest/data-file.ts';
import { typedPartitionFields } from '../manifest/partition-type.ts';
import { conjunctsOf } from '../scan/file-pruner.ts';
import { strictMatcher } from '../scan/must-match.ts';
import { partitionKey } from '../scan/partition-key.ts';
import { mightMatch, rangeInSummary } from '../scan/value-range.ts';
import { fileKeyOf } from './file-key.ts';
import { schemasNewestFirst } from './snapshot-scratch.ts';
import { isDeletionVector } from './snapshot-summary.ts';

/** Which files a commit takes out of a table. */
export interface FileRemoval {
  /** Named ones: data files and delete files as the table lists them. */
  readonly files?: readonly DataFile[];
  /** Data files by location alone. */
  readonly paths?: readonly string[];
  /** Data files all of whose rows satisfy it; where one has others too, the commit fails. */
  readonly filter?: Expression;
  /** All files of the partitions that these are of. */
  readonly partitionsOf?: readonly DataFile[];
}

/** Decides file by file what goes out of the manifests of one content. */
export interface RemovalRule {
  mayRemoveFrom(manifest: ManifestFile): boolean;
  /** @throws INVALID_INPUT or COMMIT_CONFLICT naming a file that the filter matches only in part */
  removes(entry: ManifestEntry): boolean;
}

export const NOTHING_REMOVED: RemovalRule = { mayRemoveFrom: () => false, removes: () => false };

/**
 * The rule for data files.
 *
 * @param moved whether other commits have changed the table since the operation began
 */
export function dataRemoval(metadata: TableMetadata, removal: FileRemoval, moved: boolean): RemovalRule {
  const named = (removal.files ?? []).filter((file) => file.content === 'data');
  const keys = new Set([...named.map(fileKeyOf), ...(removal.paths ?? [])]);
  const holders = partitionsIn(metadata, [...named, ...(removal.partitionsOf ?? [])]);
  const dropped = partitionKeys(metadata, removal.partitionsOf ?? []);
  const filter = filterRule(metadata, removal.filter, moved);
  const anywhere = (removal.paths ?? []).length > 0;
  return {
    mayRemoveFrom: (manifest) => anywhere || holders(manifest) || filter.mayRemoveFrom(manifest),
    removes: (entry) =>
      keys.has(fileKeyOf(entry.dataFile)) ||
      (dropped.size > 0 && dropped.has(keyIn(metadata, entry.dataFile))) ||
      filter.removes(entry),
  };
}

/**
 * The rule for delete files: those named, those whose partition goes as a whole, deletion vectors of data
 * files that go, and those too old to apply to any data file that stays.
 */
export function deleteRemoval(
  metadata: TableMetadata,
  removal: FileRemoval,
  removedData: ReadonlySet<string>,
  oldestData: bigint,
): RemovalRule {
  const keys = new Set((removal.files ?? []).filter((file) => file.content !== 'data').map(fileKeyOf));
  const dropped = partitionKeys(metadata, removal.partitionsOf ?? []);
  const matcher =
    removal.filter === undefined
      ? null
      : strictMatcher(removal.filter, schemasNewestFirst(metadata), metadata.partitionSpecs);
  const always = keys.size > 0 || dropped.size > 0 || matcher !== null || removedData.size > 0;
  return {
    mayRemoveFrom: (manifest) => always || manifest.minSequenceNumber < oldestData,
    removes: ({ dataFile, sequenceNumber }) =>
      keys.has(fileKeyOf(dataFile)) ||
      (sequenceNumber > 0n && sequenceNumber < oldestData) ||
      (dropped.size > 0 && dropped.has(keyIn(metadata, dataFile))) ||
      (isDeletionVector(dataFile) && removedData.has(dataFile.referencedDataFile ?? '')) ||
      matcher?.matchesPartition(dataFile) === true,
  };
}

function filterRule(metadata: TableMetadata, filter: Expression | undefined, moved: boolean): RemovalRule {
  if (filter === undefined) return NOTHING_REMOVED;
  const schemas = schemasNewestFirst(metadata);
  const conjuncts = conjunctsOf(filter, schemas, metadata.partitionSpecs);
  const matcher = strictMatcher(filter, schemas, metadata.partitionSpecs);
  return {
    mayRemoveFrom: (manifest) => conjuncts.every((conjunct) => conjunct.matchesManifest(manifest)),
    removes: ({ dataFile }) => {
      if (matcher.matchesAll(dataFile)) return true;
      if (conjuncts.every((conjunct) => conjunct.matchesFile(dataFile))) throw partlyMatches(dataFile, moved);
      return false;
    },
  };
}

function partlyMatches(file: DataFile, moved: boolean): AppError {
  return new AppError(
    moved ? 'COMMIT_CONFLICT' : 'INVALID_INPUT',
    `The file ${file.filePath} cannot be deleted as a whole: some of its rows may not satisfy the filter. Delete its rows by rewriting it.`,
    { context: { conflict: 'partial-match', file: file.filePath } },
  );
}

function partitionKeys(metadata: TableMetadata, files: readonly DataFile[]): ReadonlySet<string> {
  return new Set(files.map((file) => keyIn(metadata, file)));
}

function keyIn(metadata: TableMetadata, file: DataFile): string {
  return partitionKey(
    file,
    metadata.partitionSpecs.find((spec) => spec.specId === file.specId),
  );
}

/** Whether a manifest may hold a file of one of the partitions, by its summaries. */
function partitionsIn(
  metadata: TableMetadata,
  files: readonly DataFile[],
): (manifest: ManifestFile) => boolean {
  const schemas = schemasNewestFirst(metadata);
  const partitions = new Map(files.map((file) => [keyIn(metadata, file), file]));
  const fields = new Map(
    metadata.partitionSpecs.map((spec) => [spec.specId, typedPartitionFields(spec, schemas)]),
  );
  return (manifest) => {
    const own = fields.get(manifest.partitionSpecId) ?? [];
    return [...partitions.values()].some(
      (file) =>
        file.specId === manifest.partitionSpecId &&
        own.every((field, position) => {
          const summary = manifest.partitions?.[position];
          const value = file.partition.get(field.fieldId);
          if (summary === undefined || field.type === null || value === undefined) return true;
          const range = rangeInSummary(summary, field.type);
          if (value === null) return mightMatch({ op: 'is-null' }, range);
          if (Number.isNaN(value)) return mightMatch({ op: 'is-nan' }, range);
          return mightMatch({ op: 'eq', literal: { low: value, high: value } }, range);
        }),
    );
  };
}
