import { keepPreviousData, queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { landResult, type LandResult, type MergeRequest, type PickRequest } from '#shared/contract/merges.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { useRefreshRefs } from './refresh.ts';

/** A way to bring changes onto a branch. */
export type Landing =
  | { readonly kind: 'merge'; readonly branch: string; readonly request: MergeRequest }
  | { readonly kind: 'cherry-pick' | 'revert'; readonly branch: string; readonly request: PickRequest };

function land({ kind, branch, request }: Landing, signal?: AbortSignal): Promise<LandResult> {
  return requestJson(landResult, `refs/${encodeURIComponent(branch)}/${kind}`, {
    method: 'POST',
    body: request,
    signal,
  });
}

const rehearsalQuery = (landing: Landing) =>
  queryOptions({
    queryKey: ['refs', 'rehearsal', landing],
    queryFn: ({ signal }) =>
      land({ ...landing, request: { ...landing.request, dryRun: true } } as Landing, signal),
  });

/** What would happen. Changes nothing. */
export function useRehearsal(landing: Landing, enabled = true) {
  return useQuery({ ...rehearsalQuery(landing), enabled, placeholderData: keepPreviousData });
}

export function useLand() {
  const refresh = useRefreshRefs();
  return useMutation({ mutationFn: (landing: Landing) => land(landing), onSuccess: refresh });
}
