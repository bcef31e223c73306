import { queryOptions, useQuery } from '@tanstack/react-query';
import { refList, type RefList } from '#shared/contract/refs.ts';
import { requestJson } from '#web/lib/api-client.ts';

function listRefs(signal?: AbortSignal): Promise<RefList> {
  return requestJson(refList, 'refs', { signal });
}

export const refsQuery = () =>
  queryOptions({ queryKey: ['refs'], queryFn: ({ signal }) => listRefs(signal) });

export function useRefs() {
  return useQuery(refsQuery());
}
