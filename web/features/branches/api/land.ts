import { useMutation } from '@tanstack/react-query';
import {
  landResult,
  type LandResult,
  type MergeRequest,
  type PickRequest,
  type RebaseRequest,
} from '#shared/contract/merges.ts';
import { useLanding, type LandingPlan } from '#web/components/landing/use-landing.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { useRefreshRefs } from '#web/lib/refresh-refs.ts';

/** A way to bring changes onto a branch. */
export type Landing =
  | { readonly kind: 'merge'; readonly branch: string; readonly request: MergeRequest }
  | { readonly kind: 'rebase'; readonly branch: string; readonly request: RebaseRequest }
  | { readonly kind: 'cherry-pick' | 'revert'; readonly branch: string; readonly request: PickRequest };

/** What each way may be told besides. */
type Said = Pick<MergeRequest, 'choices' | 'expectedHash' | 'message' | 'dryRun'>;

function land({ kind, branch, request }: Landing, said: Said, signal?: AbortSignal): Promise<LandResult> {
  return requestJson(landResult, `refs/${encodeURIComponent(branch)}/${kind}`, {
    method: 'POST',
    body: { ...request, ...said },
    signal,
  });
}

/** What would happen, and what has to be decided for it. Changes nothing. */
export function useRehearsal(landing: Landing): LandingPlan {
  return useLanding({
    subject: landing,
    rehearse: (choices, signal) => land(landing, { choices, dryRun: true }, signal),
  });
}

export interface DecidedLanding {
  readonly landing: Landing;
  readonly plan: LandingPlan;
  readonly message?: string;
}

/** As it was tried out: with what was decided, and only where the branch still is where it was. */
function landAsTried({ landing, plan: { result, decisions }, message = '' }: DecidedLanding) {
  return land(landing, {
    choices: decisions,
    ...(result === undefined ? {} : { expectedHash: result.before }),
    ...(message.trim() === '' ? {} : { message: message.trim() }),
  });
}

export function useLand() {
  const refresh = useRefreshRefs();
  return useMutation({ mutationFn: landAsTried, onSuccess: refresh });
}
