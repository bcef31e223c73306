import { useQuery } from '@tanstack/react-query';
import { plan as planSchema } from '#shared/contract/plan.ts';
import { logPage } from '#shared/contract/refs.ts';
import { snapshotsOf } from '#shared/contract/snapshots-of.ts';
import { requestJson } from '#web/lib/api-client.ts';
import type { PastRead } from '../model/past-read.ts';

/** Milliseconds. Where a ref points costs little to ask; what SQL reads there is asked only once that is elsewhere. */
const LOOK_EVERY_MS = 5000;

/** Tables that have another snapshot now, where the same SQL would be read, than when this was answered. */
export function useMovedOn(read: PastRead | null): readonly string[] {
  const ref = read?.ref ?? '';
  const head = useQuery({
    queryKey: ['refs', 'head', ref],
    enabled: read !== null,
    refetchInterval: LOOK_EVERY_MS,
    retry: false,
    queryFn: async ({ signal }) => {
      const path = `refs/${encodeURIComponent(ref)}/log?limit=1`;
      const { entries } = await requestJson(logPage, path, { signal });
      return entries[0]?.hash ?? '';
    },
  }).data;
  const moved = useQuery({
    // As of refs: a write in this tab asks anew.
    queryKey: ['refs', 'moved-on', read, head],
    enabled: read !== null && head !== undefined,
    staleTime: Infinity,
    retry: false,
    queryFn: async ({ signal }) => {
      if (read === null) return [];
      const { sql, snapshots } = read;
      const now = await requestJson(planSchema, 'plan', { method: 'POST', body: { sql, ref }, signal });
      const old = new Set(snapshots.map(({ table, snapshotId }) => `${table} ${snapshotId}`));
      const tables = snapshotsOf(now).flatMap(({ table, snapshotId }) =>
        old.has(`${table} ${snapshotId}`) ? [] : [table],
      );
      return [...new Set(tables)];
    },
    // What has moved stays so until it is known how it is after one more move.
    placeholderData: (before, query) => (sameRead(query?.queryKey[2], read) ? before : undefined),
  });
  return moved.data ?? NONE;
}

const NONE: readonly string[] = [];

function sameRead(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
