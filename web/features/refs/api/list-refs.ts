import { queryOptions, useQuery } from '@tanstack/react-query';
import { refList, type RefList } from '#shared/contract/refs.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { keptAnswer } from '#web/lib/kept-answers.ts';

function listRefs(signal?: AbortSignal): Promise<RefList> {
  return keptAnswer('refs', refList, () => requestJson(refList, 'refs', { signal }));
}

export const refsQuery = () =>
  queryOptions({ queryKey: ['refs'], queryFn: ({ signal }) => listRefs(signal) });

export function useRefs() {
  return useQuery(refsQuery());
}
