import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { logPage, type LogPage } from '#shared/contract/refs.ts';
import { requestJson } from '#web/lib/api-client.ts';

const PAGE = 100;

function getLog(ref: string, cursor: string | undefined, signal?: AbortSignal): Promise<LogPage> {
  return requestJson(logPage, `refs/${encodeURIComponent(ref)}/log`, {
    query: { limit: PAGE, cursor },
    signal,
  });
}

export const logQuery = (ref: string) =>
  infiniteQueryOptions({
    queryKey: ['refs', 'log', ref],
    queryFn: ({ pageParam, signal }) => getLog(ref, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });

/** Commits of a ref, newest first, page by page. */
export function useLog(ref: string, enabled = true) {
  return useInfiniteQuery({ ...logQuery(ref), enabled });
}
