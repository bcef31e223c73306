import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import {
  queryRunList,
  runsRecorded,
  type QueryRunList,
  type QueryRunQuery,
  type RecordedRun,
} from '#shared/contract/query-runs.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { keptAnswer } from '#web/lib/kept-answers.ts';

const PAGE = 50;

export type RunFilter = Pick<QueryRunQuery, 'q' | 'state' | 'engine' | 'since'>;

export const RUNS_KEY = ['query-runs'] as const;

function listRuns(filter: RunFilter, before: string | undefined, signal: AbortSignal): Promise<QueryRunList> {
  const ask = () =>
    requestJson(queryRunList, 'query-runs', { query: { ...filter, before, limit: PAGE }, signal });
  const newest = before === undefined && Object.values(filter).every((each) => each === undefined);
  return newest ? keptAnswer('query-runs', queryRunList, ask) : ask();
}

const runsQuery = (filter: RunFilter) =>
  infiniteQueryOptions({
    queryKey: [...RUNS_KEY, filter],
    queryFn: ({ pageParam, signal }) => listRuns(filter, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });

/** What was run, newest first, page by page. Another filter keeps the old ones until the new are there. */
export function useQueryRuns(filter: RunFilter) {
  return useInfiniteQuery({ ...runsQuery(filter), placeholderData: keepPreviousData });
}

/** Told twice, a run counts once. */
export async function recordRuns(runs: readonly RecordedRun[]): Promise<void> {
  await requestJson(runsRecorded, 'query-runs', { method: 'POST', body: { runs } });
}
