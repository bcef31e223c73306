import type { LandResult, MergeRequest } from '#shared/contract/merges.ts';
import type { ServiceContext } from '../context.ts';
import { describeOutcome } from './describe.ts';
import { landing } from './landing.ts';
import { resolveRef } from './resolve-ref.ts';

/**
 * Merges a branch, tag, commit or time into a branch. Conflicts are an answer, not an error; then nothing has changed.
 *
 * @param byRequest whether a merge request that may be merged asks
 * @throws REF_NOT_FOUND, COMMIT_NOT_FOUND, FORBIDDEN (a tag, what protection refuses), COMMIT_CONFLICT (not at the expected hash)
 */
export async function mergeRef(
  ctx: ServiceContext,
  branch: string,
  request: MergeRequest,
  { byRequest = false }: { readonly byRequest?: boolean } = {},
): Promise<LandResult> {
  const { name, hash } = await resolveRef(ctx, request.from);
  const { strategy = 'MERGE', fastForward = 'IF_POSSIBLE' } = request;
  const source = name === hash ? hash.slice(0, 12) : name;
  const outcome = await ctx.catalog.merge({
    message: `${strategy === 'SQUASH' ? 'Squash' : 'Merge'} ${source} into ${branch}`,
    ...landing(ctx, branch, request),
    from: hash,
    strategy,
    fastForward,
    byRequest,
  });
  return describeOutcome(outcome, request.dryRun ?? false);
}
