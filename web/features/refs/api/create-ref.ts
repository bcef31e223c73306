import { useMutation, useQueryClient } from '@tanstack/react-query';
import { refInfo, type CreateRefRequest, type RefInfo } from '#shared/contract/refs.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { refsQuery } from './list-refs.ts';

function createRef(body: CreateRefRequest): Promise<RefInfo> {
  return requestJson(refInfo, 'refs', { method: 'POST', body });
}

export function useCreateRef() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: createRef,
    onSuccess: (created) => {
      client.setQueryData(refsQuery().queryKey, (list) =>
        list === undefined ? list : { ...list, refs: [...list.refs, created] },
      );
      return client.invalidateQueries({ queryKey: refsQuery().queryKey, exact: true });
    },
  });
}
