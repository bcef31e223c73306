import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  savedQuery,
  savedQueryDeleted,
  savedQueryList,
  type CreateSavedQuery,
  type SavedQuery,
} from '#shared/contract/saved-queries.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { keptAnswer } from '#web/lib/kept-answers.ts';

const KEY = ['saved-queries'] as const;

export const savedQueriesQuery = () =>
  queryOptions({
    queryKey: KEY,
    queryFn: async ({ signal }): Promise<readonly SavedQuery[]> =>
      (
        await keptAnswer('saved-queries', savedQueryList, () =>
          requestJson(savedQueryList, 'saved-queries', { signal }),
        )
      ).queries,
  });

/** Queries and snippets, by name. */
export function useSavedQueries() {
  return useQuery(savedQueriesQuery());
}

/** What is to be kept: a new one, or what one that is there becomes. */
export interface Keep {
  readonly content: CreateSavedQuery;
  readonly over?: Pick<SavedQuery, 'id' | 'version'>;
}

export function useKeepQuery() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ content, over }: Keep) =>
      over === undefined
        ? requestJson(savedQuery, 'saved-queries', { method: 'POST', body: content })
        : requestJson(savedQuery, `saved-queries/${encodeURIComponent(over.id)}`, {
            method: 'PUT',
            body: { ...content, version: over.version },
          }),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useDeleteSavedQuery() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      requestJson(savedQueryDeleted, `saved-queries/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
