import { useMutation } from '@tanstack/react-query';
import type { z } from 'zod';
import {
  mergeRequestMerged,
  type MergeMergeRequest,
  type MergeRequestDetail,
} from '#shared/contract/merge-requests.ts';
import { useLanding, type LandingPlan } from '#web/components/landing/use-landing.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { useRefreshRefs } from '#web/lib/refresh-refs.ts';

export type MergeStrategy = NonNullable<MergeMergeRequest['strategy']>;
type Merged = z.infer<typeof mergeRequestMerged>;

function merge(id: number, body: MergeMergeRequest, signal?: AbortSignal): Promise<Merged> {
  return requestJson(mergeRequestMerged, `merge-requests/${id}/merge`, { method: 'POST', body, signal });
}

/** What merging it would do as both branches are now, and what has to be decided for it. */
export function useRequestRehearsal(
  { id, diffTo }: MergeRequestDetail,
  strategy: MergeStrategy,
): LandingPlan {
  return useLanding({
    subject: ['merge-request', id, diffTo, strategy],
    rehearse: async (choices, signal) =>
      (await merge(id, { strategy, choices, dryRun: true }, signal)).result,
  });
}

interface MergeInput {
  readonly request: MergeRequestDetail;
  readonly strategy: MergeStrategy;
  readonly plan: LandingPlan;
  readonly message: string;
}

/** Merges what is on the screen: where the source has moved since, nothing happens. */
function mergeAsSeen({ request: { id, diffTo }, strategy, plan, message }: MergeInput): Promise<Merged> {
  return merge(id, {
    strategy,
    choices: plan.decisions,
    ...(diffTo === null ? {} : { expectedSourceHash: diffTo }),
    ...(message.trim() === '' ? {} : { message: message.trim() }),
  });
}

export function useMergeRequestMerge() {
  const refresh = useRefreshRefs();
  // Also where it failed: what was in the way is to be seen.
  return useMutation({ mutationFn: mergeAsSeen, onSettled: refresh });
}
