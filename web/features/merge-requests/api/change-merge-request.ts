import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  mergeRequestDetail,
  mergeRequestInfo,
  type ApproveRequest,
  type CreateMergeRequest,
  type MergeRequestDetail,
  type MergeRequestInfo,
  type UpdateMergeRequest,
} from '#shared/contract/merge-requests.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { mergeRequestQuery } from './get-merge-request.ts';

const ALL = ['refs', 'merge-requests'];

function propose(body: CreateMergeRequest): Promise<MergeRequestInfo> {
  return requestJson(mergeRequestInfo, 'merge-requests', { method: 'POST', body });
}

export function usePropose() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: propose,
    onSuccess: () => client.invalidateQueries({ queryKey: ALL }),
  });
}

/** Changes what it says or needs, closes it, or opens it again. */
export function useChangeRequest(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: UpdateMergeRequest): Promise<MergeRequestInfo> =>
      requestJson(mergeRequestInfo, `merge-requests/${id}`, { method: 'PATCH', body }),
    // Also where it failed: somebody else was quicker, and what they did is to be seen.
    onSettled: () => client.invalidateQueries({ queryKey: ALL }),
  });
}

/** What answers with the whole request: it is shown at once. */
function useSay<T>(id: number, path: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: T): Promise<MergeRequestDetail> =>
      requestJson(mergeRequestDetail, `merge-requests/${id}/${path}`, { method: 'POST', body }),
    onSuccess: (detail) => client.setQueryData(mergeRequestQuery(id).queryKey, detail),
  });
}

export const useApprove = (id: number) => useSay<ApproveRequest>(id, 'approve');

/** Runs the checks that run in the server. */
export const useRunChecks = (id: number) => useSay<undefined>(id, 'checks/run');
