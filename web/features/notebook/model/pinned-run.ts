import type { PinnedRun } from '#shared/contract/notebooks.ts';
import { snapshotsOf } from '#shared/contract/snapshots-of.ts';
import type { RunOutcome } from '#web/duckdb/types.ts';
import { pinnedRef } from '#web/duckdb/relation/ask-result.ts';
import { sameSnapshots } from './plan-snapshots.ts';
import type { Answer } from './run-store.ts';

/** What it takes to get the rows of an answer again. */
export function pinOf({ at, kept }: Pick<Answer, 'at' | 'kept'>, outcome: RunOutcome): PinnedRun {
  const { plan, request, engine, timings, table } = outcome;
  return {
    sql: request.sql,
    ref: pinnedRef(plan.ref),
    snapshots: snapshotsOf(plan),
    at: new Date(at).toISOString(),
    engine: engine.used,
    elapsedMs: Math.round(timings.total),
    bytes: plan.bytes,
    rows: kept?.rows ?? table.rowCount,
  };
}

/** Whether an answer is that of the pinned run, or would be the same. */
export function isPinned(pin: PinnedRun, { outcome, exact }: Answer): boolean {
  if (exact !== undefined) return exact.at === pin.at && exact.sql === pin.sql && exact.ref === pin.ref;
  if (!('table' in outcome)) return false;
  return outcome.request.sql === pin.sql && sameSnapshots(pin.snapshots, snapshotsOf(outcome.plan));
}
