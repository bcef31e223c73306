import { useMutation, useQueryClient } from '@tanstack/react-query';
import { requestNothing } from '#web/lib/api-client.ts';
import { refsQuery } from './list-refs.ts';

function deleteRef(name: string): Promise<void> {
  return requestNothing(`refs/${encodeURIComponent(name)}`, { method: 'DELETE' });
}

export function useDeleteRef() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: deleteRef,
    onSuccess: () => client.invalidateQueries({ queryKey: refsQuery().queryKey, exact: true }),
  });
}
