import type { ReplaceSnapshotRefRequest, TableChangeResult } from '#shared/contract/table-changes.ts';
import { present } from '#shared/util/present.ts';
import { replaceSnapshotRef as replaceRefChange } from '#server/iceberg/evolution/manage-snapshots.ts';
import type { ServiceContext } from '../context.ts';
import { changeTable, describeChangedTable } from './change-table.ts';
import { tableId } from './table-content.ts';

/** @throws REF_NOT_FOUND, SNAPSHOT_NOT_FOUND, INVALID_INPUT; what changeTable throws */
export async function replaceSnapshotRef(
  ctx: ServiceContext,
  table: string,
  name: string,
  { branch, message, snapshotId, ...ref }: ReplaceSnapshotRefRequest,
): Promise<TableChangeResult> {
  const input = present({
    ...ref,
    name,
    snapshotId: snapshotId === undefined ? undefined : BigInt(snapshotId),
  });
  const changed = await changeTable(ctx, {
    table,
    branch,
    message,
    defaultMessage: (key) => `Replace ${ref.type} ${name} in ${tableId(key)}`,
    change: (metadata) => replaceRefChange(metadata, input),
  });
  return describeChangedTable(changed);
}
