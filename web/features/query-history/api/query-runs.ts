import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import {
  queryRunList,
  runsRecorded,
  type QueryRunList,
  type RecordedRun,
} from '#shared/contract/query-runs.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { authorName } from '#web/lib/author.ts';
import { isOffline, keptAnswers } from '#web/lib/kept-answers.ts';
import type { RunFilter } from '../model/run-filter.ts';
import { useRunLog, type RunLog } from '../model/run-log.ts';
import { runsHere } from '../model/runs-here.ts';

const PAGE = 50;

/** Under which the newest page is kept. */
const NEWEST = 'query-runs';

export const RUNS_KEY = ['query-runs'] as const;

interface RunPage extends QueryRunList {
  /** The server is away: these are the runs that this browser knows. */
  readonly away?: true;
}

type OwnRuns = Pick<RunLog, 'own'>;

async function listRuns(
  filter: RunFilter,
  before: string | undefined,
  log: OwnRuns | null,
  signal: AbortSignal,
): Promise<RunPage> {
  const query = { ...filter, before, limit: PAGE };
  try {
    const page = await requestJson(queryRunList, 'query-runs', { query, signal });
    const isNewest = before === undefined && Object.values(filter).every((each) => each === undefined);
    if (isNewest) void keptAnswers.keep(NEWEST, queryRunList, () => page);
    return page;
  } catch (error) {
    if (!isOffline(error) || before !== undefined) throw error;
    const nothing = { runs: [] };
    const told = await keptAnswers
      .orLast(NEWEST, queryRunList, () => Promise.reject(error))
      .catch(() => nothing);
    const here = (await log?.own()) ?? [];
    return { runs: runsHere({ told: told.runs, here, author: authorName() || 'you' }, filter), away: true };
  }
}

const runsQuery = (filter: RunFilter, log: OwnRuns | null) =>
  infiniteQueryOptions({
    queryKey: [...RUNS_KEY, filter],
    queryFn: ({ pageParam, signal }) => listRuns(filter, pageParam, log, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });

/** What was run, newest first, page by page. Another filter keeps the old ones until the new are there. */
export function useQueryRuns(filter: RunFilter) {
  return useInfiniteQuery({ ...runsQuery(filter, useRunLog()), placeholderData: keepPreviousData });
}

/** Told twice, a run counts once. */
export async function recordRuns(runs: readonly RecordedRun[]): Promise<void> {
  await requestJson(runsRecorded, 'query-runs', { method: 'POST', body: { runs } });
}
