import {
  infiniteQueryOptions,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { z } from 'zod';
import {
  createdHook,
  hookDeliveries,
  hookDelivery,
  hookInfo,
  hookList,
  type CreateHookRequest,
  type HookDelivery,
  type HookInfo,
  type UpdateHookRequest,
} from '#shared/contract/hooks.ts';
import { requestJson, requestNothing } from '#web/lib/api-client.ts';

const PAGE = 50;
/** Deliveries come as things happen: while somebody looks, they are asked for anew. */
const REFRESH_MS = 5000;

const path = (id: string) => `hooks/${encodeURIComponent(id)}`;

const hooksQuery = () =>
  queryOptions({
    queryKey: ['hooks'],
    queryFn: async ({ signal }) => (await requestJson(hookList, 'hooks', { signal })).hooks,
  });

export function useHooks() {
  return useQuery(hooksQuery());
}

const deliveriesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['hook-deliveries', id],
    queryFn: ({ pageParam, signal }) =>
      requestJson(hookDeliveries, `${path(id)}/deliveries`, {
        query: { limit: PAGE, before: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });

/** What was sent to a hook, newest first, page by page. */
export function useDeliveries(id: string) {
  return useInfiniteQuery({ ...deliveriesQuery(id), refetchInterval: REFRESH_MS });
}

function useHooksMutation<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () => client.invalidateQueries({ queryKey: hooksQuery().queryKey }),
  });
}

export type CreatedHook = z.infer<typeof createdHook>;

/** The answer alone has the secret. */
export const useCreateHook = () =>
  useHooksMutation((body: CreateHookRequest): Promise<CreatedHook> =>
    requestJson(createdHook, 'hooks', { method: 'POST', body }),
  );

export const useUpdateHook = () =>
  useHooksMutation(({ id, change }: { id: string; change: UpdateHookRequest }): Promise<HookInfo> =>
    requestJson(hookInfo, path(id), { method: 'PATCH', body: change }),
  );

export const useDeleteHook = () =>
  useHooksMutation((id: string): Promise<void> => requestNothing(path(id), { method: 'DELETE' }));

/** Sends something made up, and says what came back. */
export function useTestHook(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (): Promise<HookDelivery> =>
      requestJson(hookDelivery, `${path(id)}/test`, { method: 'POST' }),
    onSettled: () => client.invalidateQueries({ queryKey: deliveriesQuery(id).queryKey }),
  });
}
