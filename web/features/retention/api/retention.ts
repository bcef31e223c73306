import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { gcResult, retentionPolicy, type GcResult, type RetentionPolicy } from '#shared/contract/gc.ts';
import { requestJson } from '#web/lib/api-client.ts';

const policyQuery = () =>
  queryOptions({
    queryKey: ['retention'],
    queryFn: ({ signal }) => requestJson(retentionPolicy, 'maintenance/retention', { signal }),
  });

export function useRetention() {
  return useQuery(policyQuery());
}

export function useSetRetention() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: RetentionPolicy): Promise<RetentionPolicy> =>
      requestJson(retentionPolicy, 'maintenance/retention', { method: 'PUT', body }),
    onSuccess: (policy) => client.setQueryData(policyQuery().queryKey, policy),
  });
}

/** Looks through all of history: it takes as long as there is history. A dry run changes nothing. */
export function useCollect() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (dryRun: boolean): Promise<GcResult> =>
      requestJson(gcResult, 'maintenance/gc', { method: 'POST', body: { dryRun } }),
    onSuccess: async ({ dryRun }) => {
      // What the reflog has forgotten is gone from the pages too.
      if (!dryRun) await client.invalidateQueries({ queryKey: ['refs'] });
    },
  });
}
