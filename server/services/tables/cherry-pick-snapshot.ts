import { AppError } from '#shared/errors/app-error.ts';
import type { CherryPickSnapshotRequest, TableChangeResult } from '#shared/contract/table-changes.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { cherryPick } from '#server/iceberg/transaction/cherry-pick.ts';
import { commitWithRetry } from '#server/iceberg/transaction/commit-with-retry.ts';
import type { ServiceContext } from '../context.ts';
import { commitTable } from './commit-table.ts';
import { describeChangedTable } from './change-table.ts';
import { loadTableAt, type CatalogTable } from './load-table.ts';
import { assertWritable } from './registered-table.ts';
import { parseTableId, tableContent, tableId } from './table-content.ts';
import { tableTurn } from './table-turn.ts';

/**
 * Brings what a snapshot of the table changed into its current state, as a commit: one that was staged to be looked at
 * first (`wap.id`), one of another of its branches, or one that was rolled back.
 *
 * @throws SNAPSHOT_NOT_FOUND; INVALID_INPUT where it can't be picked or was already; COMMIT_CONFLICT; TABLE_NOT_FOUND,
 *   REF_NOT_FOUND, FORBIDDEN (a tag, a registered table)
 */
export async function cherryPickSnapshot(
  ctx: ServiceContext,
  table: string,
  request: CherryPickSnapshotRequest,
  properties: Readonly<Record<string, string>> = {},
): Promise<TableChangeResult> {
  const branch = request.branch ?? ctx.catalog.defaultBranch;
  const head = async (): Promise<CatalogTable> => {
    const found = await loadTableAt(ctx, (await ctx.catalog.getRef(branch)).hash, parseTableId(table));
    assertWritable(found.key, found.content);
    return found;
  };
  let standing = await head();
  const { metadata: before, key } = standing;
  const snapshotId = 'wapId' in request ? stagedAs(before, request.wapId) : BigInt(request.snapshotId);
  let landed = await cherryPick({ io: ctx.io, base: standing, snapshotId });
  const what = 'wapId' in request ? `what was staged as ${request.wapId}` : `snapshot ${snapshotId}`;
  const commit = await commitWithRetry({
    io: ctx.io,
    staged: landed,
    turn: tableTurn(ctx, branch, key),
    commit: async (attempt) => {
      landed = attempt;
      return commitTable(ctx, {
        table: key,
        branch,
        message: request.message ?? `Cherry-pick ${what} in ${tableId(key)}`,
        properties,
        standing: standing.content,
        metadata: attempt.metadata,
        metadataLocation: attempt.newMetadataLocation,
      });
    },
    refresh: async () => (standing = await head()),
  });
  const { metadata, newMetadataLocation: metadataLocation } = landed;
  const content = tableContent(metadata, metadataLocation);
  return describeChangedTable({ before, after: { key, content, metadata, metadataLocation }, commit });
}

/** @throws SNAPSHOT_NOT_FOUND */
function stagedAs({ snapshots, location }: TableMetadata, wapId: string): bigint {
  const staged = snapshots.findLast(({ summary }) => summary['wap.id'] === wapId);
  if (staged !== undefined) return staged.snapshotId;
  const known = [...new Set(snapshots.flatMap(({ summary }) => summary['wap.id'] ?? []))].slice(-5);
  throw new AppError(
    'SNAPSHOT_NOT_FOUND',
    `The table has no snapshot that was staged as ${wapId}. ${known.length === 0 ? 'None was staged (wap.id).' : `There are ${known.join(', ')}.`}`,
    { context: { wapId, location, suggestions: known } },
  );
}
