import { currentSnapshot } from '#server/iceberg/metadata/lookup.ts';
import { deleteFiles } from '#server/iceberg/transaction/delete-files.ts';
import { tableId } from '../tables/index.ts';
import { counted } from './insert-rows.ts';
import { land } from './land.ts';
import {
  openTarget,
  type StatementContext,
  type StatementOutcome,
  type StatementRun,
} from './statement-context.ts';

/** Removes all rows by metadata alone: no file is read. */
export async function truncateTable(ctx: StatementContext, run: StatementRun): Promise<StatementOutcome> {
  const target = await openTarget(ctx, run);
  const { key, metadata } = target;
  const before = currentSnapshot(metadata)?.summary;
  if (before === undefined || before['total-data-files'] === '0')
    return { key, commit: null, snapshotId: metadata.currentSnapshotId };
  const staged = await deleteFiles({
    io: ctx.io,
    base: target,
    cache: ctx.manifests,
    filter: { op: 'true' },
  });
  const records = BigInt(staged.snapshot.summary['deleted-records'] ?? before['total-records'] ?? '0');
  // Rows that deletes have taken away were gone before; how many equality deletes took, no metadata says.
  const deleted = records - BigInt(before['total-position-deletes'] ?? '0');
  const commit = await land(ctx, {
    run,
    key,
    standing: target.content,
    staged,
    contentFiles: [],
    message: `Delete all ${counted(deleted)} of ${tableId(key)}`,
  });
  return { key, rows: { deleted }, commit, snapshotId: staged.snapshot.snapshotId };
}
