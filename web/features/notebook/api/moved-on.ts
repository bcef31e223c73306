import { useQuery } from '@tanstack/react-query';
import { plan as planSchema } from '#shared/contract/plan.ts';
import { snapshotsOf } from '#shared/contract/snapshots-of.ts';
import type { RunOutcome } from '#web/duckdb/types.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { sameSnapshots } from '../model/plan-snapshots.ts';

const LOOK_EVERY_MS = 60_000;

/** Tables that have another snapshot now, where the same SQL would be read, than when this was answered. */
export function useMovedOn(outcome: RunOutcome | null): readonly string[] {
  const asks = outcome !== null && outcome.plan.scans.length > 0 && outcome.plan.locals === undefined;
  const query = useQuery({
    // As of refs: a write in this tab asks anew.
    queryKey: ['refs', 'moved-on', outcome?.plan.id, outcome?.request.ref],
    enabled: asks,
    staleTime: LOOK_EVERY_MS,
    refetchInterval: LOOK_EVERY_MS,
    retry: false,
    queryFn: async ({ signal }) => {
      if (outcome === null) return [];
      const { sql, ref } = outcome.request;
      const now = await requestJson(planSchema, 'plan', { method: 'POST', body: { sql, ref }, signal });
      const before = snapshotsOf(outcome.plan);
      if (sameSnapshots(before, snapshotsOf(now))) return [];
      const old = new Set(before.map(({ table, snapshotId }) => `${table} ${snapshotId}`));
      return snapshotsOf(now).flatMap(({ table, snapshotId }) =>
        old.has(`${table} ${snapshotId}`) ? [] : [table],
      );
    },
  });
  return query.data ?? NONE;
}

const NONE: readonly string[] = [];
