import type { RewriteDeletesRequest, RewriteDeletesResult } from '#shared/contract/maintenance.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { TableDeletes } from '#server/engine/deletes/file-deletes.ts';
import { writeDeletes, type PartlyDeleted } from '#server/engine/dml/write-deletes.ts';
import { PositionSet } from '#server/iceberg/deletes/position-set.ts';
import { CoveredDeletes } from '#server/iceberg/maintenance/covered-deletes.ts';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import { loadManifest, loadManifestList } from '#server/iceberg/manifest/load-manifests.ts';
import { currentSnapshot } from '#server/iceberg/metadata/lookup.ts';
import { planFiles, type PlannedFile } from '#server/iceberg/scan/plan-files.ts';
import { fileKeyOf } from '#server/iceberg/transaction/file-key.ts';
import { rewriteFiles } from '#server/iceberg/transaction/rewrite-files.ts';
import { isDeletionVector } from '#server/iceberg/transaction/snapshot-summary.ts';
import { parseTableId, tableId } from '../tables/index.ts';
import type { MaintenanceContext } from './context.ts';
import { head, landRewrite } from './land-rewrite.ts';

/**
 * Puts the position deletes of each data file into one: in v3 a deletion vector, which also takes the place of the
 * position delete files of a table that was v2. Delete files that apply to nothing any more go.
 *
 * @throws TABLE_NOT_FOUND, REF_NOT_FOUND, FORBIDDEN (a tag), CORRUPT_FILE; COMMIT_CONFLICT where another commit
 *   deletes rows of the same data files meanwhile
 */
export async function rewriteTableDeletes(
  ctx: MaintenanceContext,
  table: string,
  request: RewriteDeletesRequest = {},
  signal?: AbortSignal,
): Promise<RewriteDeletesResult> {
  const branch = request.branch ?? ctx.catalog.defaultBranch;
  const { key, metadata } = await head(ctx, { key: parseTableId(table), branch });
  const plan = await planFiles({ io: ctx.io, metadata, cache: ctx.manifests, tableName: tableId(key) });
  const live = await liveDeletes(ctx, metadata);
  const applied = new Set(plan.files.flatMap(({ deletes }) => deletes.map(({ file }) => fileKeyOf(file))));
  const dangling = live.filter((file) => !applied.has(fileKeyOf(file)));

  const byPosition = plan.files.map((planned): PlannedFile => ({
    ...planned,
    deletes: planned.deletes.filter(({ file }) => file.content === 'position-deletes'),
  }));
  const covered = new CoveredDeletes(byPosition);
  const scattered = withSharers(
    byPosition,
    byPosition.filter((planned) => isScattered(planned, metadata)),
  );
  const files = await withPositions(ctx, metadata, scattered, signal);
  const { deleteFiles } = await ctx.rewriter.session([], signal, (session) =>
    writeDeletes({ session, io: ctx.io, metadata, files, directory: ctx.stagingDirectory }),
  );
  const replaced = [...dangling, ...covered.without(scattered)];
  const result = {
    table: tableId(key),
    deleteFilesBefore: live.length,
    deleteFilesAfter: live.length - replaced.length + deleteFiles.length,
    dangling: dangling.length,
    positions: String(deleteFiles.reduce((sum, { recordCount }) => sum + recordCount, 0n)),
    format: metadata.formatVersion >= 3 ? 'deletion-vectors' : 'position-deletes',
  } as const;
  if (replaced.length === 0) return { ...result, commits: [] };
  const target = {
    key,
    branch,
    message: request.message ?? `Rewrite the delete files of ${tableId(key)}`,
    properties: { operation: 'rewrite-deletes' },
    signal,
  };
  const written = [...new Set(deleteFiles.map(({ filePath }) => filePath))];
  const { commit } = await landRewrite(ctx, target, written, (base) =>
    rewriteFiles({
      io: ctx.io,
      base,
      cache: ctx.manifests,
      replacedFiles: replaced,
      addedFiles: deleteFiles,
      startSnapshotId: plan.snapshot?.snapshotId ?? null,
    }),
  );
  return { ...result, commits: [commit.hash] };
}

/** More than one of them, or one of the kind that the table's version has no more. */
function isScattered({ deletes }: PlannedFile, { formatVersion }: TableMetadata): boolean {
  return formatVersion >= 3
    ? deletes.some(({ file }) => !isDeletionVector(file))
    : formatVersion === 2 && deletes.length > 1;
}

/** And files that share a delete file with them: it can go only where it has nothing left to delete. */
function withSharers(all: readonly PlannedFile[], scattered: readonly PlannedFile[]): readonly PlannedFile[] {
  const chosen = new Set(scattered);
  const sharers = new Map<string, PlannedFile[]>();
  for (const planned of all)
    for (const { file } of planned.deletes) {
      const key = fileKeyOf(file);
      const known = sharers.get(key);
      if (known === undefined) sharers.set(key, [planned]);
      else known.push(planned);
    }
  // A set goes on to what is added to it meanwhile.
  for (const { deletes } of chosen)
    for (const { file } of deletes) {
      const key = fileKeyOf(file);
      for (const sharer of sharers.get(key) ?? []) chosen.add(sharer);
      sharers.delete(key);
    }
  return [...chosen];
}

async function withPositions(
  ctx: MaintenanceContext,
  metadata: TableMetadata,
  files: readonly PlannedFile[],
  signal: AbortSignal | undefined,
): Promise<readonly PartlyDeleted[]> {
  const tableDeletes = new TableDeletes(metadata);
  const found: PartlyDeleted[] = [];
  for (const planned of files) {
    const deletes = tableDeletes.of(planned);
    const positions = deletes === null ? PositionSet.EMPTY : await ctx.deletedRows.of(deletes, signal);
    // Such as names places behind the end of the file.
    if (positions.size > 0) found.push({ planned, before: PositionSet.EMPTY, positions });
  }
  return found;
}

async function liveDeletes(ctx: MaintenanceContext, metadata: TableMetadata): Promise<readonly DataFile[]> {
  const snapshot = currentSnapshot(metadata);
  const options = { cache: ctx.manifests };
  const manifests = snapshot === undefined ? [] : await loadManifestList(ctx.io, snapshot, options);
  const files: DataFile[] = [];
  for (const manifest of manifests) {
    if (manifest.content !== 'deletes') continue;
    for (const { status, dataFile } of await loadManifest(ctx.io, manifest, options))
      if (status !== 'deleted') files.push(dataFile);
  }
  return files;
}
