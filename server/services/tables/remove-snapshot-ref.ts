import type { TableChangeResult } from '#shared/contract/table-changes.ts';
import { removeSnapshotRef as removeRefChange } from '#server/iceberg/evolution/manage-snapshots.ts';
import type { ServiceContext } from '../context.ts';
import { changeTable, describeChangedTable } from './change-table.ts';
import { tableId } from './table-content.ts';

/** Its snapshots stay until they expire. @throws REF_NOT_FOUND; INVALID_INPUT for main; what changeTable throws */
export async function removeSnapshotRef(
  ctx: ServiceContext,
  table: string,
  name: string,
  branch: string | undefined,
): Promise<TableChangeResult> {
  const changed = await changeTable(ctx, {
    table,
    branch,
    defaultMessage: (key) => `Remove ${name} from ${tableId(key)}`,
    change: (metadata) => removeRefChange(metadata, name),
  });
  return describeChangedTable(changed);
}
