import type { LandResult, RebaseRequest } from '#shared/contract/merges.ts';
import type { ServiceContext } from '../context.ts';
import { describeOutcome } from './describe.ts';
import { landing } from './landing.ts';
import { resolveRef } from './resolve-ref.ts';

/** @throws as mergeRef; FORBIDDEN where the branch is protected from losing commits */
export async function rebaseBranch(
  ctx: ServiceContext,
  branch: string,
  request: RebaseRequest,
): Promise<LandResult> {
  const { hash: onto } = await resolveRef(ctx, request.onto);
  const outcome = await ctx.catalog.rebase({ ...landing(ctx, branch, request), onto });
  return describeOutcome(outcome, request.dryRun ?? false);
}
