import { queryOptions, useQuery } from '@tanstack/react-query';
import { notebookList, type NotebookSummary } from '#shared/contract/notebooks.ts';
import { requestJson } from '#web/lib/api-client.ts';

async function listNotebooks(signal?: AbortSignal): Promise<readonly NotebookSummary[]> {
  return (await requestJson(notebookList, 'notebooks', { signal })).notebooks;
}

export const notebooksQuery = () =>
  queryOptions({ queryKey: ['notebooks', 'list'], queryFn: ({ signal }) => listNotebooks(signal) });

export function useNotebooks() {
  return useQuery(notebooksQuery());
}
