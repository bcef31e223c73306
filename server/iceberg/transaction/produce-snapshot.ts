import { AppError } from '#shared/errors/app-error.ts';
import type { Snapshot, SnapshotOperation } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableRequirement, TableUpdate } from '#shared/iceberg/table-update.ts';
import { present } from '#shared/util/present.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { ManifestFile } from '../manifest/data-file.ts';
import { loadManifestList } from '../manifest/load-manifests.ts';
import type { ManifestCache } from '../manifest/manifest-cache.ts';
import { writeManifestList } from '../manifest/manifest-list.ts';
import { countEntries, UNASSIGNED } from '../manifest/write-manifest.ts';
import { applyUpdates } from '../metadata/apply-updates.ts';
import type { LoadedTable } from '../metadata/load.ts';
import { metadataFileLocation } from '../metadata/locations.ts';
import { assertRequirements } from '../metadata/requirements.ts';
import { headOf, MAIN } from './snapshot-history.ts';
import { SnapshotScratch } from './snapshot-scratch.ts';
import type { SummaryTally } from './snapshot-summary.ts';
import { stageUpdates, type RebasableCommit } from './staged-commit.ts';

/** What every operation that makes a snapshot is given. */
export interface SnapshotInput {
  readonly io: FileIO;
  /** The table as it is; a metadataLocation of null is a table that this commit creates. */
  readonly base: LoadedTable;
  /** Changes of the metadata in the same commit, made before the snapshot, e.g. the schema that its files have. */
  readonly updates?: readonly TableUpdate[];
  /** What must hold for those, at later attempts too. */
  readonly requirements?: readonly TableRequirement[];
  /** More properties of the snapshot's summary. */
  readonly summary?: Readonly<Record<string, string>>;
  /** The branch of the table, not of the catalog, that gets the snapshot: `main` where not given. */
  readonly targetBranch?: string;
  /** The snapshot becomes part of the table and no branch points at it: write, audit, then cherry-pick. */
  readonly stageOnly?: boolean;
  /**
   * How many sequence numbers the snapshot takes, 1 where not given: more where its files have several among them,
   * the last of which is the snapshot's own.
   */
  readonly sequenceNumbers?: bigint;
  /** Milliseconds since 1970; the clock's time where not given. */
  readonly now?: number;
  readonly cache?: ManifestCache;
}

/** A table version that an operation makes a snapshot on. */
export interface SnapshotBase {
  readonly scratch: SnapshotScratch;
  /** With the commit's own updates. */
  readonly metadata: TableMetadata;
  readonly parent: Snapshot | undefined;
  /** Of the parent, with their counts. */
  readonly manifests: readonly ManifestFile[];
}

export interface SnapshotContent {
  readonly operation: SnapshotOperation;
  /** All of the snapshot; those that this commit wrote have the sequence number UNASSIGNED. */
  readonly manifests: readonly ManifestFile[];
  readonly tally: SummaryTally;
  readonly summary?: Readonly<Record<string, string>>;
}

/** What an operation does to a version of the table; asked again for each attempt. */
export type SnapshotAction = (base: SnapshotBase) => Promise<SnapshotContent>;

/** Writes a snapshot, its manifest list and the metadata with it. What a failed attempt wrote is removed. */
export async function produceSnapshot(
  input: SnapshotInput,
  action: SnapshotAction,
): Promise<RebasableCommit> {
  const scratch = new SnapshotScratch(input.io, input.base.metadata, input.cache);
  return attempt(input, action, scratch, input.base, 1);
}

async function attempt(
  input: SnapshotInput,
  action: SnapshotAction,
  scratch: SnapshotScratch,
  base: LoadedTable,
  number: number,
): Promise<RebasableCommit> {
  const before = scratch.written.length;
  try {
    return await stage(input, action, scratch, base, number);
  } catch (error) {
    // What fails here is gone with the rest.
    await scratch.landed().catch(() => undefined);
    const written = scratch.written.slice(before);
    await Promise.allSettled(written.map((location) => input.io.delete(location)));
    throw error;
  }
}

async function stage(
  input: SnapshotInput,
  action: SnapshotAction,
  scratch: SnapshotScratch,
  base: LoadedTable,
  number: number,
): Promise<RebasableCommit> {
  const branch = input.targetBranch ?? MAIN;
  assertBranch(base.metadata, branch);
  const updates = input.updates ?? [];
  const metadata =
    updates.length === 0 ? base.metadata : applyUpdates(base.metadata, updates, { metadataLocation: null });
  const parent = headOf(metadata, branch);
  const manifests = await parentManifests(scratch, parent);
  const content = await action({ scratch, metadata, parent, manifests });

  const sequenceNumber =
    metadata.formatVersion === 1 ? 0n : metadata.lastSequenceNumber + (input.sequenceNumbers ?? 1n);
  const { snapshotId } = scratch;
  const manifestList = metadataFileLocation(
    metadata,
    `snap-${snapshotId}-${number}-${scratch.commitId}.avro`,
  );
  const firstRowId = metadata.nextRowId ?? 0n;
  const list = writeManifestList({
    formatVersion: metadata.formatVersion,
    snapshotId,
    parentSnapshotId: parent?.snapshotId,
    sequenceNumber,
    manifests: content.manifests.map((manifest) => assigned(manifest, sequenceNumber)),
    nextRowId: firstRowId,
  });
  await scratch.put(manifestList, list.bytes);
  input.cache?.keepList(manifestList, list.manifests);

  const snapshot: Snapshot = present({
    snapshotId,
    parentSnapshotId: parent?.snapshotId,
    sequenceNumber,
    timestampMs: Math.max(input.now ?? Date.now(), base.metadata.lastUpdatedMs),
    summary: content.tally.summary(content.operation, parent, { ...input.summary, ...content.summary }),
    manifestList,
    schemaId: metadata.currentSchemaId,
    ...(metadata.formatVersion === 3 ? { firstRowId, addedRows: list.nextRowId - firstRowId } : {}),
  });
  const staging = stageUpdates({
    io: input.io,
    base,
    updates: [
      ...updates,
      { action: 'add-snapshot', snapshot },
      ...(input.stageOnly === true ? [] : [pointBranch(metadata, branch, snapshotId)]),
    ],
    requirements: requirementsOf(input, base, branch),
    now: snapshot.timestampMs,
    writtenFiles: scratch.written,
  });
  const [metadataWritten, rest] = await Promise.allSettled([staging, scratch.landed()]);
  if (metadataWritten.status === 'rejected') throw metadataWritten.reason;
  const staged = metadataWritten.value;
  scratch.note(staged.newMetadataLocation);
  if (rest.status === 'rejected') throw rest.reason;
  const used = new Set([
    ...list.manifests.map((manifest) => manifest.manifestPath),
    manifestList,
    staged.newMetadataLocation,
  ]);
  return {
    ...staged,
    snapshot,
    supersededFiles: staged.writtenFiles.filter((location) => !used.has(location)),
    rebase: async (fresh) => {
      assertSameTable(base.metadata, fresh.metadata);
      assertRequirements(fresh.metadata, input.requirements ?? []);
      return attempt(input, action, scratch, fresh, number + 1);
    },
  };
}

function pointBranch(metadata: TableMetadata, refName: string, snapshotId: bigint): TableUpdate {
  // How long the branch keeps its snapshots stays as it is set.
  return {
    action: 'set-snapshot-ref',
    refName,
    ref: { ...metadata.refs[refName], snapshotId, type: 'branch' },
  };
}

function requirementsOf(
  input: SnapshotInput,
  base: LoadedTable,
  branch: string,
): readonly TableRequirement[] {
  if (base.metadataLocation === null) return [{ type: 'assert-create' }];
  const { tableUuid, refs } = base.metadata;
  return [
    // v1 tables need not have one.
    ...(tableUuid === '' ? [] : [{ type: 'assert-table-uuid', uuid: tableUuid } as const]),
    ...(input.stageOnly === true
      ? []
      : [
          {
            type: 'assert-ref-snapshot-id',
            ref: branch,
            snapshotId: refs[branch]?.snapshotId ?? null,
          } as const,
        ]),
    ...(input.requirements ?? []),
  ];
}

function assigned(manifest: ManifestFile, sequenceNumber: bigint): ManifestFile {
  if (manifest.sequenceNumber !== UNASSIGNED) return manifest;
  const lowest = manifest.minSequenceNumber;
  return { ...manifest, sequenceNumber, minSequenceNumber: lowest === UNASSIGNED ? sequenceNumber : lowest };
}

/** Old v1 lists do not count the files of their manifests, and lists of v2 and later must. */
async function parentManifests(
  scratch: SnapshotScratch,
  parent: Snapshot | undefined,
): Promise<readonly ManifestFile[]> {
  if (parent === undefined) return [];
  const { io, cache } = scratch;
  const manifests = await loadManifestList(io, parent, cache === undefined ? {} : { cache });
  return Promise.all(
    manifests.map(async (manifest) => {
      if (isCounted(manifest)) return manifest;
      const entries = await scratch.entriesOf(manifest);
      // Manifests that only the metadata names say themselves of which spec they are.
      const partitionSpecId = entries[0]?.dataFile.specId ?? manifest.partitionSpecId;
      return { ...manifest, partitionSpecId, ...countEntries(entries) };
    }),
  );
}

function isCounted(manifest: ManifestFile): boolean {
  return (
    manifest.addedFilesCount !== undefined &&
    manifest.existingFilesCount !== undefined &&
    manifest.deletedFilesCount !== undefined &&
    manifest.addedRowsCount !== undefined &&
    manifest.existingRowsCount !== undefined &&
    manifest.deletedRowsCount !== undefined
  );
}

function assertBranch(metadata: TableMetadata, branch: string): void {
  if (metadata.refs[branch]?.type !== 'tag') return;
  throw new AppError(
    'INVALID_INPUT',
    `'${branch}' is a tag of the table at ${metadata.location}, and tags do not move; write to a branch.`,
    { context: { location: metadata.location, ref: branch } },
  );
}

function assertSameTable(before: TableMetadata, now: TableMetadata): void {
  if (now.tableUuid === before.tableUuid) return;
  throw new AppError('VERSION_CONFLICT', `The table at ${before.location} was replaced by another one.`, {
    context: { location: before.location },
  });
}
