import { isAppError } from '#shared/errors/app-error.ts';
import type { LogChange } from '#shared/contract/refs.ts';
import type { KeyDiff } from '#server/catalog/model.ts';
import { currentSnapshot } from '#server/iceberg/metadata/lookup.ts';
import { deletedRowsOf, rowCountOf } from '#server/iceberg/metadata/row-count.ts';
import type { ServiceContext } from '../context.ts';
import { loadContent } from './load-table.ts';
import { ICEBERG_TABLE, tableId } from './table-content.ts';

/** One line of a commit: what happened to the table, with the counts that its snapshot's summary has. */
export async function describeChange(
  ctx: ServiceContext,
  { key, before, after }: KeyDiff,
): Promise<LogChange> {
  const kind = before === null ? 'added' : after === null ? 'removed' : 'modified';
  const change = { key: tableId(key), kind } as const;
  if (after?.type !== ICEBERG_TABLE) return change;
  const table = await loadContent(ctx, key, after).catch((error: unknown) => {
    // That it changed is known, whatever else is not any more.
    if (isAppError(error, 'HISTORY_EXPIRED')) return null;
    throw error;
  });
  if (table === null) return change;
  const snapshot = currentSnapshot(table.metadata);
  const unchanged = snapshot?.snapshotId.toString() === before?.value['snapshotId'];
  if (snapshot === undefined || unchanged) return change;
  const { summary } = snapshot;
  return {
    ...change,
    operation: summary.operation,
    addedRows: summary['added-records'] ?? '0',
    deletedRows: String(deletedRowsOf(snapshot)),
    totalRows: String(rowCountOf(snapshot).rows),
    snapshotId: snapshot.snapshotId.toString(),
  };
}
