import type { SnapshotOperation } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { walkFields } from '#shared/iceberg/schema.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { ManifestCache } from '../manifest/manifest-cache.ts';
import type { LoadedTable } from '../metadata/load.ts';
import { currentSnapshot } from '../metadata/lookup.ts';
import { assertAddable } from '../transaction/assert-addable.ts';
import { changeFiles } from '../transaction/change-files.ts';
import { fileKeyOf } from '../transaction/file-key.ts';
import { produceSnapshot } from '../transaction/produce-snapshot.ts';
import { ancestorsOf } from '../transaction/snapshot-history.ts';
import { stageUpdates, type StagedCommit } from '../transaction/staged-commit.ts';
import type { TableClash } from './clash.ts';
import { FileState, ofContent, type FileChanges } from './file-state.ts';
import { mergeFiles, type MergedFiles } from './merge-files.ts';
import { MERGED_SNAPSHOT, rewrittenAfterPick } from './picked-files.ts';
import { mergeMetadata, type BroughtFiles } from './merge-metadata.ts';
import { replacedTable } from './replaced-table.ts';

export interface MergeTablesInput {
  readonly io: FileIO;
  readonly base: TableMetadata;
  /** What the result is a new version of. */
  readonly ours: LoadedTable;
  readonly theirs: TableMetadata;
  readonly now?: number;
  readonly cache?: ManifestCache;
}

export type MergedTable =
  | { readonly clashes: readonly [TableClash, ...TableClash[]] }
  /** `staged` is null where ours has all of it already. */
  | { readonly clashes: readonly []; readonly staged: StagedCommit | null };

/**
 * Three-way merge of one table. What theirs did since the base is done to ours as one new snapshot: rows by data
 * files, which stay as they are, everything else name by name. What can't be combined comes back as data.
 *
 * @throws CORRUPT_METADATA, CORRUPT_FILE where files of a version are gone or damaged
 */
export async function mergeTables(input: MergeTablesInput): Promise<MergedTable> {
  const { io, base, theirs } = input;
  const ours = input.ours.metadata;
  const options = input.cache === undefined ? {} : { cache: input.cache };
  const sides = { base, ours, theirs };
  const states = await FileState.openAll(io, sides, options);
  const [mine, other] = await Promise.all([states.ours.since(states.base), states.theirs.since(states.base)]);
  const replaced = replacedTable(sides, mine, other);
  if (replaced !== null) return { clashes: [replaced] };
  const metadata = mergeMetadata(sides, brought(theirs, mine, other));
  if (!('start' in metadata)) return metadata;
  const { start, updates, adopt } = metadata;
  const rewritten = await rewrittenAfterPick({ io, sides, mine, other, ...options });
  if (rewritten !== null) return { clashes: [rewritten] };
  const files = await mergeFiles({
    base: { metadata: base, state: states.base },
    ours: { metadata: ours, state: states.ours, changes: mine },
    theirs: { metadata: theirs, state: states.theirs, changes: other },
    merged: metadata.metadata,
    adopt,
  });
  if ('clash' in files) return { clashes: [files.clash] };
  const misfit = addable(metadata.metadata, files);
  if (misfit !== null) return { clashes: [misfit] };
  const rowsChange = files.added.length > 0 || files.removed.length > 0;
  if (!rowsChange && updates.length === 0) return { clashes: [], staged: null };

  const write = {
    io,
    base: { metadata: start, metadataLocation: input.ours.metadataLocation },
    updates,
    requirements: [],
    ...(input.now === undefined ? {} : { now: input.now }),
  };
  if (!rowsChange) return { clashes: [], staged: await stageUpdates(write) };
  const snapshot = currentSnapshot(theirs);
  const staged = await produceSnapshot(
    {
      ...write,
      ...options,
      sequenceNumbers: files.sequenceNumbers,
      ...(snapshot === undefined ? {} : { summary: { [MERGED_SNAPSHOT]: String(snapshot.snapshotId) } }),
    },
    changeFiles({
      operation: operationOf(base, theirs, files),
      added: files.added,
      removed: { files: files.removed },
      // Deletes of files that are gone go with them.
      mayMiss: true,
    }),
  );
  return { clashes: [], staged };
}

/** What the files that theirs added since the base are like. */
function brought(theirs: TableMetadata, mine: FileChanges, other: FileChanges): BroughtFiles {
  const [columns, deletes] = [new Set<number>(), new Set<number>()];
  const added = [...other.added.values()].filter(({ dataFile }) => !mine.added.has(fileKeyOf(dataFile)));
  const schemasSeen = new Set<number | undefined>();
  for (const { snapshotId, dataFile } of added) {
    const schemaId = theirs.snapshots.find((snapshot) => snapshot.snapshotId === snapshotId)?.schemaId;
    for (const id of dataFile.equalityIds ?? []) for (const ids of [columns, deletes]) ids.add(id);
    if (schemasSeen.has(schemaId)) continue;
    schemasSeen.add(schemaId);
    // Where nobody knows with which schema a file was written, it may be any.
    for (const schema of theirs.schemas)
      if (schemaId === undefined || schema.schemaId <= schemaId)
        for (const { field } of walkFields(schema)) columns.add(field.id);
  }
  return {
    columns: { files: columns, deletes },
    specs: new Set(added.map(({ dataFile }) => dataFile.specId)),
    sortOrders: new Set(added.flatMap(({ dataFile }) => dataFile.sortOrderId ?? [])),
    addsRows: {
      ours: ofContent(mine.added, 'data').length > 0,
      theirs: ofContent(other.added, 'data').length > 0,
    },
  };
}

function addable(
  metadata: TableMetadata,
  { added }: Extract<MergedFiles, { added: unknown }>,
): TableClash | null {
  try {
    assertAddable(
      metadata,
      added.map(({ file }) => file),
    );
    return null;
  } catch (error) {
    if (!isAppError(error, 'INVALID_INPUT') && !isAppError(error, 'UNSUPPORTED')) throw error;
    return {
      kind: 'FORMAT_CLASH',
      message: `A file of theirs can't be in the table as ours has made it: ${error.message}`,
      detail: { formatVersion: metadata.formatVersion, ...error.context },
    };
  }
}

/** What theirs did, where that was one kind of thing; else what it comes to. */
function operationOf(
  base: TableMetadata,
  theirs: TableMetadata,
  { added, removed }: Extract<MergedFiles, { added: unknown }>,
): SnapshotOperation {
  const kinds = new Set<SnapshotOperation>();
  for (const { snapshotId, summary } of ancestorsOf(theirs, currentSnapshot(theirs))) {
    if (snapshotId === base.currentSnapshotId) break;
    kinds.add(summary.operation);
  }
  const [only] = kinds;
  if (only === 'replace' && kinds.size === 1) return 'replace';
  const addsData = added.some(({ file }) => file.content === 'data');
  const addsDeletes = added.some(({ file }) => file.content !== 'data');
  if (!addsData) return 'delete';
  return addsDeletes || removed.some((file) => file.content === 'data') ? 'overwrite' : 'append';
}
