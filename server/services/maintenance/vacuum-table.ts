import type { VacuumRequest, VacuumResult } from '#shared/contract/maintenance.ts';
import { present } from '#shared/util/present.ts';
import { expireTableSnapshots } from '../tables/index.ts';
import type { MaintenanceContext } from './context.ts';
import { orphansOf, sweep } from './remove-orphans.ts';

/**
 * Expires old snapshots of a table as one commit, and deletes under its folder what nothing reads any more. What any
 * branch, tag or commit of the catalog shows stays.
 *
 * @throws what expireTableSnapshots and removeOrphans throw; where the words are off, before anything has gone
 */
export async function vacuumTable(
  ctx: MaintenanceContext,
  table: string,
  request: VacuumRequest = {},
  signal?: AbortSignal,
): Promise<VacuumResult> {
  const { retainMs, retainLast, orphansOlderThan, cleanExpiredMetadata, dryRun, branch, message } = request;
  const olderThan = retainMs === undefined ? undefined : new Date(Date.now() - retainMs).toISOString();
  // Asked first: what can't be swept is not to be found out once snapshots have gone.
  const swept = await orphansOf(ctx, present({ table, olderThan: orphansOlderThan, dryRun }), branch);
  const expired = await expireTableSnapshots(
    ctx,
    table,
    present({ olderThan, retainLast, cleanExpiredMetadata, dryRun, branch, message }),
  );
  return { expired, orphans: await sweep(ctx, swept, signal) };
}
