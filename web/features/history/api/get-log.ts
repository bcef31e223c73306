import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { logPage, type LogPage } from '#shared/contract/refs.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { keptAnswer } from '#web/lib/kept-answers.ts';

const PAGE = 100;

interface LogRequest {
  readonly ref: string;
  /** Only commits that touched this table. */
  readonly table: string | undefined;
}

function getLog(
  { ref, table }: LogRequest,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<LogPage> {
  const ask = () =>
    requestJson(logPage, `refs/${encodeURIComponent(ref)}/log`, {
      query: { limit: PAGE, cursor, table },
      signal,
    });
  // Of a long log, what is looked at first.
  return cursor === undefined ? keptAnswer(`log/${ref}/${table ?? ''}`, logPage, ask) : ask();
}

const logQuery = (request: LogRequest) =>
  infiniteQueryOptions({
    queryKey: ['refs', 'log', request.ref, 'history', request.table],
    queryFn: ({ pageParam, signal }) => getLog(request, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });

/** Commits of a ref, newest first, page by page. Another filter keeps the old commits until the new are there. */
export function useHistory(ref: string, table: string | undefined) {
  return useInfiniteQuery({ ...logQuery({ ref, table }), placeholderData: keepPreviousData });
}
