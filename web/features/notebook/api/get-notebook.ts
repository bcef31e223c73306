import { queryOptions, useQuery } from '@tanstack/react-query';
import { notebook, type Notebook } from '#shared/contract/notebooks.ts';
import { requestJson } from '#web/lib/api-client.ts';

export function getNotebook(id: string, signal?: AbortSignal): Promise<Notebook> {
  return requestJson(notebook, `notebooks/${encodeURIComponent(id)}`, { signal });
}

export const notebookQuery = (id: string) =>
  queryOptions({ queryKey: ['notebooks', 'one', id], queryFn: ({ signal }) => getNotebook(id, signal) });

export function useNotebook(id: string) {
  return useQuery(notebookQuery(id));
}
