import { queryOptions, useQuery } from '@tanstack/react-query';
import { notebookList, type NotebookSummary } from '#shared/contract/notebooks.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { keptAnswer } from '#web/lib/kept-answers.ts';

async function listNotebooks(signal?: AbortSignal): Promise<readonly NotebookSummary[]> {
  const ask = () => requestJson(notebookList, 'notebooks', { signal });
  return (await keptAnswer('notebooks', notebookList, ask)).notebooks;
}

export const notebooksQuery = () =>
  queryOptions({ queryKey: ['notebooks', 'list'], queryFn: ({ signal }) => listNotebooks(signal) });

export function useNotebooks() {
  return useQuery(notebooksQuery());
}
