import { queryOptions, useQuery } from '@tanstack/react-query';
import {
  notebookRun,
  notebookRunList,
  revision,
  revisionList,
  scheduleState,
  type NotebookRun,
  type NotebookSchedule,
  type RevisionSummary,
  type ScheduleState,
} from '#shared/contract/notebook-history.ts';
import { notebook, type Notebook } from '#shared/contract/notebooks.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { toldNotebook } from './get-notebook.ts';

const of = (id: string) => `notebooks/${encodeURIComponent(id)}`;

export const revisionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['notebooks', 'revisions', id],
    // Saves as one types make new ones at any time.
    staleTime: 0,
    queryFn: async ({ signal }) =>
      (await requestJson(revisionList, `${of(id)}/revisions`, { signal })).revisions,
  });

export function useRevisions(id: string) {
  return useQuery(revisionsQuery(id));
}

export function useRevision(id: string, version: number | undefined) {
  return useQuery({
    queryKey: ['notebooks', 'revision', id, version],
    enabled: version !== undefined,
    queryFn: ({ signal }) => requestJson(revision, `${of(id)}/revisions/${version}`, { signal }),
  });
}

/** @throws AppError VERSION_CONFLICT where somebody saved since `current` */
export function restoreRevision(id: string, version: number, current: number): Promise<Notebook> {
  const body = { version: current };
  return toldNotebook(() =>
    requestJson(notebook, `${of(id)}/revisions/${version}/restore`, { method: 'POST', body }),
  );
}

/** Names a version, so that it is kept for good; null takes the name away. Resolves to all of them. */
export async function nameRevision(
  id: string,
  version: number,
  name: string | null,
): Promise<readonly RevisionSummary[]> {
  const body = { name };
  return (await requestJson(revisionList, `${of(id)}/revisions/${version}`, { method: 'PUT', body }))
    .revisions;
}

export const scheduleQuery = (id: string) =>
  queryOptions({
    queryKey: ['notebooks', 'schedule', id],
    queryFn: ({ signal }) => requestJson(scheduleState, `${of(id)}/schedule`, { signal }),
  });

export function useSchedule(id: string) {
  return useQuery(scheduleQuery(id));
}

export function setSchedule(id: string, schedule: NotebookSchedule | null): Promise<ScheduleState> {
  return requestJson(scheduleState, `${of(id)}/schedule`, { method: 'PUT', body: { schedule } });
}

export const runsQuery = (id: string) =>
  queryOptions({
    queryKey: ['notebooks', 'runs', id],
    staleTime: 0,
    queryFn: async ({ signal }) => (await requestJson(notebookRunList, `${of(id)}/runs`, { signal })).runs,
  });

export function useRuns(id: string) {
  return useQuery(runsQuery(id));
}

export function useSavedRun(id: string, run: string | null) {
  return useQuery({
    queryKey: ['notebooks', 'run', id, run],
    enabled: run !== null,
    queryFn: ({ signal }) =>
      requestJson(notebookRun, `${of(id)}/runs/${encodeURIComponent(run ?? '')}`, { signal }),
  });
}

/** Runs the notebook on the server, and saves what its cells came to. */
export function runNotebook(id: string, ref: string): Promise<NotebookRun> {
  return requestJson(notebookRun, `${of(id)}/runs`, { method: 'POST', body: { ref } });
}
