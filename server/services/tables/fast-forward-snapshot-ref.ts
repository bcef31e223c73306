import type { FastForwardRequest, TableChangeResult } from '#shared/contract/table-changes.ts';
import { fastForward } from '#server/iceberg/evolution/manage-snapshots.ts';
import type { ServiceContext } from '../context.ts';
import { changeTable, describeChangedTable } from './change-table.ts';
import { tableId } from './table-content.ts';

/** @throws REF_NOT_FOUND; INVALID_INPUT where the branch has snapshots of its own; what changeTable throws */
export async function fastForwardSnapshotRef(
  ctx: ServiceContext,
  table: string,
  name: string,
  { branch, message, to }: FastForwardRequest,
): Promise<TableChangeResult> {
  const changed = await changeTable(ctx, {
    table,
    branch,
    message,
    defaultMessage: (key) => `Move ${name} of ${tableId(key)} forward to ${to}`,
    change: (metadata) => fastForward(metadata, name, to),
  });
  return describeChangedTable(changed);
}
