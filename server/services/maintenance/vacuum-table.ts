import type { VacuumRequest, VacuumResult } from '#shared/contract/maintenance.ts';
import { present } from '#shared/util/present.ts';
import { expireTableSnapshots } from '../tables/index.ts';
import type { MaintenanceContext } from './context.ts';
import { removeOrphans } from './remove-orphans.ts';

/**
 * Expires old snapshots of a table as one commit, and deletes under its folder what nothing reads any more. What any
 * branch, tag or commit of the catalog shows stays.
 *
 * @throws what expireTableSnapshots and removeOrphans throw
 */
export async function vacuumTable(
  ctx: MaintenanceContext,
  table: string,
  request: VacuumRequest = {},
  signal?: AbortSignal,
): Promise<VacuumResult> {
  const { retainMs, retainLast, orphansOlderThan, cleanExpiredMetadata, dryRun, branch, message } = request;
  const olderThan = retainMs === undefined ? undefined : new Date(Date.now() - retainMs).toISOString();
  const expired = await expireTableSnapshots(
    ctx,
    table,
    present({ olderThan, retainLast, cleanExpiredMetadata, dryRun, branch, message }),
  );
  const orphans = await removeOrphans(ctx, present({ table, olderThan: orphansOlderThan, dryRun }), signal);
  return { expired, orphans };
}
