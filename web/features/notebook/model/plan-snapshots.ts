import type { PinnedRun } from '#shared/contract/notebooks.ts';

/** Whether two plans read the same snapshots of the same tables. */
export function sameSnapshots(a: PinnedRun['snapshots'], b: PinnedRun['snapshots']): boolean {
  const texts = (list: PinnedRun['snapshots']) =>
    [...new Set(list.map(({ table, snapshotId }) => `${table} ${snapshotId ?? ''}`))].sort().join('\n');
  return texts(a) === texts(b);
}
