import { useMutation } from '@tanstack/react-query';
import {
  refInfo,
  type CreateRefRequest,
  type RefInfo,
  type UpdateRefRequest,
} from '#shared/contract/refs.ts';
import { requestJson, requestNothing } from '#web/lib/api-client.ts';
import { useRefreshRefs } from './refresh.ts';

const path = (name: string) => `refs/${encodeURIComponent(name)}`;

function createRef(body: CreateRefRequest): Promise<RefInfo> {
  return requestJson(refInfo, 'refs', { method: 'POST', body });
}

function updateRef({ ref, change }: { ref: string; change: UpdateRefRequest }): Promise<RefInfo> {
  return requestJson(refInfo, path(ref), { method: 'PATCH', body: change });
}

/** Only where it still is as the page shows it: nobody deletes commits that they have not seen. */
function deleteRef({ name, hash }: RefInfo): Promise<void> {
  return requestNothing(path(name), { method: 'DELETE', query: { expectedHash: hash } });
}

export function useCreateRef() {
  const refresh = useRefreshRefs();
  return useMutation({ mutationFn: createRef, onSuccess: refresh });
}

/** Renames and protects. */
export function useUpdateRef() {
  const refresh = useRefreshRefs();
  return useMutation({ mutationFn: updateRef, onSuccess: refresh });
}

export function useDeleteRef() {
  const refresh = useRefreshRefs();
  return useMutation({ mutationFn: deleteRef, onSuccess: refresh });
}
