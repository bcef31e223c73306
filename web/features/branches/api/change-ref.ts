import { useMutation } from '@tanstack/react-query';
import {
  refInfo,
  type AssignRefRequest,
  type RefInfo,
  type UpdateRefRequest,
} from '#shared/contract/refs.ts';
import { requestJson, requestNothing } from '#web/lib/api-client.ts';
import { useRefreshRefs } from '#web/lib/refresh-refs.ts';

const path = (name: string) => `refs/${encodeURIComponent(name)}`;

function updateRef({ ref, change }: { ref: string; change: UpdateRefRequest }): Promise<RefInfo> {
  return requestJson(refInfo, path(ref), { method: 'PATCH', body: change });
}

function assignRef({ ref, ...body }: AssignRefRequest & { readonly ref: string }): Promise<RefInfo> {
  return requestJson(refInfo, path(ref), { method: 'PUT', body });
}

/** Only where it still is as the page shows it: nobody deletes commits that they have not seen. */
function deleteRef({ name, hash }: RefInfo): Promise<void> {
  return requestNothing(path(name), { method: 'DELETE', query: { expectedHash: hash } });
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

/** Points a branch or tag at another commit. */
export function useAssignRef() {
  const refresh = useRefreshRefs();
  return useMutation({ mutationFn: assignRef, onSuccess: refresh });
}
