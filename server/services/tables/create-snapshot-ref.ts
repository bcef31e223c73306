import type { CreateSnapshotRefRequest, TableChangeResult } from '#shared/contract/table-changes.ts';
import { present } from '#shared/util/present.ts';
import { createSnapshotRef as createRefChange } from '#server/iceberg/evolution/manage-snapshots.ts';
import type { ServiceContext } from '../context.ts';
import { changeTable, describeChangedTable } from './change-table.ts';
import { tableId } from './table-content.ts';

/** @throws REF_ALREADY_EXISTS, SNAPSHOT_NOT_FOUND, INVALID_INPUT; what changeTable throws */
export async function createSnapshotRef(
  ctx: ServiceContext,
  table: string,
  { branch, message, snapshotId, ...ref }: CreateSnapshotRefRequest,
): Promise<TableChangeResult> {
  const input = present({ ...ref, snapshotId: snapshotId === undefined ? undefined : BigInt(snapshotId) });
  const changed = await changeTable(ctx, {
    table,
    branch,
    message,
    defaultMessage: (key) => `Create ${ref.type} ${ref.name} in ${tableId(key)}`,
    change: (metadata) => createRefChange(metadata, input),
  });
  return describeChangedTable(changed);
}
