import type { PinnedRun } from '#shared/contract/notebooks.ts';
import { snapshotsOf } from '#shared/contract/snapshots-of.ts';
import type { Answer } from './run-store.ts';

/** What was read once, and where the same would be read now. */
export interface PastRead extends Pick<PinnedRun, 'sql' | 'snapshots'> {
  /** Of the notebook or the cell, not of the commit that was read. */
  readonly ref: string;
}

/** Null where no later write could change the answer, or none that a server knows of. */
export function readOfAnswer({ outcome, ref, exact }: Answer): PastRead | null {
  if (!('table' in outcome) || outcome.plan.locals !== undefined) return null;
  if (exact !== undefined) return readOfPin(exact, ref);
  const { plan, request } = outcome;
  return plan.scans.length === 0
    ? null
    : { sql: request.sql, ref: request.ref, snapshots: snapshotsOf(plan) };
}

/** @param ref where the cell reads now */
export function readOfPin({ sql, snapshots }: PinnedRun, ref: string): PastRead | null {
  return snapshots.length === 0 ? null : { sql, ref, snapshots };
}
