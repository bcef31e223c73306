import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { mergeRequestList, type MergeRequestInfo } from '#shared/contract/merge-requests.ts';
import { requestJson } from '#web/lib/api-client.ts';

const PAGE = 50;
/** Others propose and merge too: while somebody looks, it is asked for anew. */
const REFRESH_MS = 10_000;

export type RequestStatus = MergeRequestInfo['status'];
type Page = z.infer<typeof mergeRequestList>;

interface ListQuery {
  readonly status: RequestStatus | undefined;
  readonly target?: string | undefined;
}

function listMergeRequests(query: ListQuery, before: number | undefined, signal: AbortSignal): Promise<Page> {
  return requestJson(mergeRequestList, 'merge-requests', {
    query: { ...query, before, limit: PAGE },
    signal,
  });
}

const listQuery = (query: ListQuery) =>
  infiniteQueryOptions({
    queryKey: ['refs', 'merge-requests', 'list', query],
    queryFn: ({ pageParam, signal }) => listMergeRequests(query, pageParam, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next,
  });

/** Merge requests, newest first, page by page. Another filter keeps the old ones until the new are there. */
export function useMergeRequests(query: ListQuery) {
  return useInfiniteQuery({
    ...listQuery(query),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
}
