import { queryOptions, useQuery } from '@tanstack/react-query';
import { notebook, type Notebook } from '#shared/contract/notebooks.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { keptAnswer } from '#web/lib/kept-answers.ts';

export function getNotebook(id: string, signal?: AbortSignal): Promise<Notebook> {
  return requestJson(notebook, `notebooks/${encodeURIComponent(id)}`, { signal });
}

/** While the server is away, as this browser saw it last. */
export const notebookQuery = (id: string) =>
  queryOptions({
    queryKey: ['notebooks', 'one', id],
    queryFn: ({ signal }) => keptAnswer(`notebooks/${id}`, notebook, () => getNotebook(id, signal)),
  });

export function useNotebook(id: string) {
  return useQuery(notebookQuery(id));
}
