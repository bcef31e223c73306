import type { PinnedRun } from '#shared/contract/notebooks.ts';
import type { Plan } from '#shared/contract/plan.ts';

/** What a plan reads. */
export function snapshotsOf({ scans }: Pick<Plan, 'scans'>): PinnedRun['snapshots'] {
  return scans.map(({ table, snapshotId }) => ({
    table,
    ...(snapshotId === undefined ? {} : { snapshotId }),
  }));
}

/** Whether two plans read the same snapshots of the same tables. */
export function sameSnapshots(a: PinnedRun['snapshots'], b: PinnedRun['snapshots']): boolean {
  const texts = (list: PinnedRun['snapshots']) =>
    [...new Set(list.map(({ table, snapshotId }) => `${table} ${snapshotId ?? ''}`))].sort().join('\n');
  return texts(a) === texts(b);
}
