import { queryOptions, useQuery } from '@tanstack/react-query';
import { mergeRequestDetail, type MergeRequestDetail } from '#shared/contract/merge-requests.ts';
import { requestJson } from '#web/lib/api-client.ts';

/** Checks end, others approve: an open one is asked for so often while somebody looks at it. */
const REFRESH_MS = 4000;

function getMergeRequest(id: number, signal: AbortSignal): Promise<MergeRequestDetail> {
  return requestJson(mergeRequestDetail, `merge-requests/${id}`, { signal });
}

export const mergeRequestQuery = (id: number) =>
  queryOptions({
    queryKey: ['refs', 'merge-requests', 'one', id],
    queryFn: ({ signal }) => getMergeRequest(id, signal),
  });

/** One merge request with what was said of it and what is in its way. */
export function useMergeRequest(id: number) {
  return useQuery({
    ...mergeRequestQuery(id),
    refetchInterval: ({ state }) =>
      state.data?.status === 'MERGED' || state.data?.status === 'CLOSED' ? false : REFRESH_MS,
  });
}
