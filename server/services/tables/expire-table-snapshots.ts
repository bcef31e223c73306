import type { ExpireSnapshotsRequest, ExpireSnapshotsResult } from '#shared/contract/table-changes.ts';
import type { Snapshot } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { present } from '#shared/util/present.ts';
import type { Commit } from '#server/catalog/model.ts';
import {
  expireSnapshots,
  type ExpireOptions,
  type Expiry,
} from '#server/iceberg/evolution/expire-snapshots.ts';
import { unreachableFiles, type UnreachableFiles } from '#server/iceberg/evolution/unreachable-files.ts';
import { removalOf, unusedDefinitions } from '#server/iceberg/evolution/unused-definitions.ts';
import { applyUpdates } from '#server/iceberg/metadata/apply-updates.ts';
import { requirementsFor } from '#server/iceberg/metadata/update-requirements.ts';
import type { ServiceContext } from '../context.ts';
import { resolveRef } from '../refs/index.ts';
import { changeTable, describeCommit } from './change-table.ts';
import { versionsInHistory, type KeptVersions } from './kept-versions.ts';
import { loadTableAt } from './load-table.ts';
import { parseTableId, tableId } from './table-content.ts';

/**
 * Expires snapshots of a table as one commit, and deletes the files that nothing reads any more. What a commit of
 * the catalog still shows stays: there the files go when the catalog forgets the commit.
 *
 * @param keptVersions who else may read versions of the table; all of the catalog's history where not given
 * @throws what expireSnapshots and changeTable throw; CORRUPT_METADATA where what is kept cannot be read
 */
export async function expireTableSnapshots(
  ctx: ServiceContext,
  table: string,
  request: ExpireSnapshotsRequest,
  keptVersions: KeptVersions = versionsInHistory(ctx),
): Promise<ExpireSnapshotsResult> {
  const options = optionsOf(request);
  const { before, after, expiry, commit } =
    request.dryRun === true
      ? await rehearse(ctx, table, request, options)
      : await expire(ctx, table, request, options);
  const gone = before.snapshots.filter((snapshot) => expiry.snapshotIds.includes(snapshot.snapshotId));
  const { held, files } = await freedFiles(ctx, keptVersions, before, after, gone);
  // Lists and manifests last: while they are there, what they name can be found again.
  const locations = [
    ...files.dataFiles,
    ...files.deleteFiles,
    ...files.statisticsFiles,
    ...files.manifests,
    ...files.manifestLists,
  ];
  const deletedFiles = request.dryRun === true ? 0 : await deleteAll(ctx, locations);
  return {
    dryRun: request.dryRun === true,
    snapshotIds: expiry.snapshotIds.map(String),
    refs: [...expiry.refs],
    held: held.map(String),
    removedSchemas: idsGone(before.schemas, after.schemas, ({ schemaId }) => schemaId),
    removedSpecs: idsGone(before.partitionSpecs, after.partitionSpecs, ({ specId }) => specId),
    unreachable: {
      manifestLists: files.manifestLists.length,
      manifests: files.manifests.length,
      dataFiles: files.dataFiles.length,
      deleteFiles: files.deleteFiles.length,
      statisticsFiles: files.statisticsFiles.length,
    },
    deletedFiles,
    ...describeCommit(commit),
  };
}

interface Expired {
  readonly before: TableMetadata;
  readonly after: TableMetadata;
  readonly expiry: Expiry;
  readonly commit: Commit | null;
}

function optionsOf({ olderThan, retainLast, snapshotIds }: ExpireSnapshotsRequest): ExpireOptions {
  return present({
    olderThanMs: olderThan === undefined ? undefined : Date.parse(olderThan),
    retainLast,
    snapshotIds: snapshotIds?.map(BigInt),
    now: Date.now(),
  });
}

async function rehearse(
  ctx: ServiceContext,
  table: string,
  request: ExpireSnapshotsRequest,
  options: ExpireOptions,
): Promise<Expired> {
  const { hash } = await resolveRef(ctx, request.branch);
  const { metadata: before } = await loadTableAt(ctx, hash, parseTableId(table));
  const expiry = await expiryOf(ctx, before, request, options);
  const after = applyUpdates(before, expiry.change.updates, { metadataLocation: null });
  return { before, after, expiry, commit: null };
}

async function expire(
  ctx: ServiceContext,
  table: string,
  request: ExpireSnapshotsRequest,
  options: ExpireOptions,
): Promise<Expired> {
  let expiry: Expiry | undefined;
  const changed = await changeTable(ctx, {
    table,
    branch: request.branch,
    message: request.message,
    defaultMessage: (key) => `Expire snapshots of ${tableId(key)}`,
    change: async (metadata) => (expiry = await expiryOf(ctx, metadata, request, options)).change,
  });
  const { before, commit } = changed;
  const made = expiry ?? (await expiryOf(ctx, before, request, options));
  return { before, after: changed.after.metadata, expiry: made, commit };
}

/** What expires, and where it is asked for what no snapshot that stays uses. */
async function expiryOf(
  ctx: ServiceContext,
  before: TableMetadata,
  request: ExpireSnapshotsRequest,
  options: ExpireOptions,
): Promise<Expiry> {
  const expiry = expireSnapshots(before, options);
  if (request.cleanExpiredMetadata !== true) return expiry;
  const after = applyUpdates(before, expiry.change.updates, { metadataLocation: null });
  const removal = removalOf(await unusedDefinitions(ctx.io, after));
  if (removal.length === 0) return expiry;
  const updates = [...expiry.change.updates, ...removal];
  return { ...expiry, change: { updates, requirements: requirementsFor(before, updates) } };
}

function idsGone<T>(before: readonly T[], after: readonly T[], idOf: (item: T) => number): number[] {
  const left = new Set(after.map(idOf));
  return before.map(idOf).filter((id) => !left.has(id));
}

/** The history is read only as far back as it takes to see that all snapshots are still in it. */
async function freedFiles(
  ctx: ServiceContext,
  keptVersions: KeptVersions,
  before: TableMetadata,
  after: TableMetadata,
  gone: readonly Snapshot[],
): Promise<{ readonly held: readonly bigint[]; readonly files: UnreachableFiles }> {
  const left = new Map(gone.map((snapshot) => [snapshot.snapshotId, snapshot]));
  const kept = [after];
  if (left.size > 0) {
    for await (const version of keptVersions(before.tableUuid)) {
      kept.push(version);
      for (const { snapshotId } of version.snapshots) left.delete(snapshotId);
      if (left.size === 0) break;
    }
  }
  const held = gone.map(({ snapshotId }) => snapshotId).filter((id) => !left.has(id));
  const freed = [...left.values()];
  const files =
    freed.length === 0 ? NO_FILES : await unreachableFiles({ io: ctx.io, before, gone: freed, kept });
  return { held, files };
}

const NO_FILES: UnreachableFiles = {
  dataFiles: [],
  deleteFiles: [],
  statisticsFiles: [],
  manifests: [],
  manifestLists: [],
};

async function deleteAll(ctx: ServiceContext, locations: readonly string[]): Promise<number> {
  let deleted = 0;
  for (const location of locations) {
    try {
      await ctx.io.delete(location);
      deleted += 1;
    } catch (error) {
      // It is reached by nothing, so the orphan sweep finds it.
      ctx.logger.warn({ err: error, location }, 'a file that nothing reads could not be deleted');
    }
  }
  return deleted;
}
