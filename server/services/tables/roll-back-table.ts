import { AppError } from '#shared/errors/app-error.ts';
import type { RollbackRequest, TableChangeResult } from '#shared/contract/table-changes.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChange } from '#shared/iceberg/table-update.ts';
import {
  rollbackTo,
  rollbackToTime,
  setCurrentSnapshot,
} from '#server/iceberg/evolution/manage-snapshots.ts';
import type { ServiceContext } from '../context.ts';
import { changeTable, describeChangedTable } from './change-table.ts';
import { tableId } from './table-content.ts';

/**
 * Makes an older snapshot of a table the current one, as a commit; nothing of what came after is lost.
 *
 * @param properties of the commit
 * @throws SNAPSHOT_NOT_FOUND; INVALID_INPUT where the current snapshot did not come from it; what changeTable throws
 */
export async function rollBackTable(
  ctx: ServiceContext,
  table: string,
  request: RollbackRequest,
  properties: Readonly<Record<string, string>> = {},
): Promise<TableChangeResult> {
  const { to } = request;
  const target = 'snapshotId' in to ? `snapshot ${to.snapshotId}` : to.time;
  const changed = await changeTable(ctx, {
    table,
    branch: request.branch,
    message: request.message,
    properties,
    defaultMessage: (key) => `Roll ${tableId(key)} back to ${target}`,
    change: (metadata) => rollbackChange(metadata, request),
  });
  return describeChangedTable(changed);
}

function rollbackChange(metadata: TableMetadata, { to, anySnapshot = false }: RollbackRequest): TableChange {
  if ('snapshotId' in to) {
    const id = BigInt(to.snapshotId);
    return anySnapshot ? setCurrentSnapshot(metadata, id) : rollbackTo(metadata, id);
  }
  if (anySnapshot)
    throw new AppError('INVALID_INPUT', 'A time names a snapshot of the history only; give a snapshotId.');
  return rollbackToTime(metadata, Date.parse(to.time));
}
