import { present } from '../util/present.ts';
import type { Plan } from './plan.ts';
import type { QueryResult } from './query.ts';

/** Which snapshots an answer is of; of a table without one, none. */
export function snapshotsOf({ scans }: Pick<Plan, 'scans'>): QueryResult['snapshots'] {
  return scans.map(({ table, snapshotId }) => ({ table, ...present({ snapshotId }) }));
}
