import type { SnapshotRefList } from '#shared/contract/table-changes.ts';
import type { ServiceContext } from '../context.ts';
import { resolveRef } from '../refs/index.ts';
import { loadTableAt } from './load-table.ts';
import { parseTableId } from './table-content.ts';

/** The branches and tags inside a table. @throws REF_NOT_FOUND, TABLE_NOT_FOUND */
export async function listSnapshotRefs(
  ctx: ServiceContext,
  table: string,
  ref: string | undefined,
): Promise<SnapshotRefList> {
  const { hash } = await resolveRef(ctx, ref);
  const { metadata } = await loadTableAt(ctx, hash, parseTableId(table));
  return {
    refs: Object.entries(metadata.refs).map(([name, { snapshotId, ...rest }]) => ({
      name,
      snapshotId: snapshotId.toString(),
      ...rest,
    })),
  };
}
