import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import {
  allRunsList,
  notebookRun,
  scheduleList,
  scheduleState,
  type AllRunsList,
  type AllRunsQuery,
  type ScheduledNotebook,
} from '#shared/contract/notebook-history.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { keptAnswer } from '#web/lib/kept-answers.ts';

const PAGE = 50;
/** Schedules run by themselves: while somebody looks, it is asked for anew. */
const REFRESH_MS = 15_000;
const KEY = ['schedules'] as const;
const of = (id: string) => `notebooks/${encodeURIComponent(id)}`;

const schedulesQuery = () =>
  queryOptions({
    queryKey: [...KEY, 'list'],
    refetchInterval: REFRESH_MS,
    queryFn: async ({ signal }): Promise<readonly ScheduledNotebook[]> =>
      (
        await keptAnswer('notebook-schedules', scheduleList, () =>
          requestJson(scheduleList, 'notebook-schedules', { signal }),
        )
      ).schedules,
  });

/** Notebooks that run by themselves. */
export function useSchedules() {
  return useQuery(schedulesQuery());
}

function listRuns(
  outcome: AllRunsQuery['outcome'],
  before: string | undefined,
  signal: AbortSignal,
): Promise<AllRunsList> {
  const ask = () =>
    requestJson(allRunsList, 'notebook-runs', { query: { outcome, before, limit: PAGE }, signal });
  return before === undefined ? keptAnswer(`notebook-runs/${outcome ?? 'all'}`, allRunsList, ask) : ask();
}

const runsQuery = (outcome: AllRunsQuery['outcome']) =>
  infiniteQueryOptions({
    queryKey: [...KEY, 'runs', outcome],
    refetchInterval: REFRESH_MS,
    queryFn: ({ pageParam, signal }) => listRuns(outcome, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });

/** Saved runs of all notebooks, newest first, page by page. */
export function useAllRuns(outcome: AllRunsQuery['outcome']) {
  return useInfiniteQuery({ ...runsQuery(outcome), placeholderData: keepPreviousData });
}

/** With what its cells came to; a run that is saved never changes. */
export function useRunResults(notebook: string, run: string) {
  return useQuery({
    queryKey: [...KEY, 'run', notebook, run],
    staleTime: Infinity,
    queryFn: ({ signal }) =>
      requestJson(notebookRun, `${of(notebook)}/runs/${encodeURIComponent(run)}`, { signal }),
  });
}

/** Runs a notebook on the server now, and saves what its cells came to. */
export function useRunNow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ notebook, schedule }: ScheduledNotebook) =>
      requestJson(notebookRun, `${of(notebook)}/runs`, { method: 'POST', body: { ref: schedule.ref } }),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function usePauseSchedule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ notebook, schedule, paused }: ScheduledNotebook) =>
      requestJson(scheduleState, `${of(notebook)}/schedule`, {
        method: 'PUT',
        body: { schedule, paused: !paused },
      }),
    onSettled: (_data, _error, { notebook }) =>
      Promise.all([
        client.invalidateQueries({ queryKey: KEY }),
        client.invalidateQueries({ queryKey: ['notebooks', 'schedule', notebook] }),
      ]),
  });
}
