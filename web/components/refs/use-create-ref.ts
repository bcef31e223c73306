import { useMutation, useQueryClient } from '@tanstack/react-query';
import { refInfo, type CreateRefRequest, type RefInfo } from '#shared/contract/refs.ts';
import { requestJson } from '#web/lib/api-client.ts';

function createRef(body: CreateRefRequest): Promise<RefInfo> {
  return requestJson(refInfo, 'refs', { method: 'POST', body });
}

/** Makes a branch or tag; once the mutation is done, the list of refs has it. */
export function useCreateRef() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: createRef,
    // The list alone: no other answer depends on a ref that was not there.
    onSuccess: () => client.invalidateQueries({ queryKey: ['refs'], exact: true }),
  });
}
