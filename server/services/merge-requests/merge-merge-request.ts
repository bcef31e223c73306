import type { MergeMergeRequest, MergeRequestInfo } from '#shared/contract/merge-requests.ts';
import type { LandResult } from '#shared/contract/merges.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { present } from '#shared/util/present.ts';
import { mergeRef } from '../refs/index.ts';
import { blockersOf } from './judge-merge-request.ts';
import {
  assertOpen,
  changedMeanwhile,
  gateFor,
  headOf,
  requestById,
  type MergeRequestContext,
} from './merge-request-context.ts';

/** After this long whoever was merging is taken to have been killed; merging again what has landed changes nothing. */
const ABANDONED_MS = 10 * 60_000;

export interface MergedRequest {
  readonly request: MergeRequestInfo;
  readonly result: LandResult;
}

/**
 * Merges what was approved and checked: the head of the source as it is now. One of several who try at once does;
 * the others are told that it is being merged, or is. Conflicts are an answer; then it stays open.
 *
 * @throws NOT_FOUND; VERSION_CONFLICT unless it is open; FORBIDDEN with the blockers; COMMIT_CONFLICT where the source
 *   is not where it is expected; what mergeRef throws
 */
export async function mergeMergeRequest(
  ctx: MergeRequestContext,
  id: number,
  input: MergeMergeRequest,
): Promise<MergedRequest> {
  const request = await requestById(ctx, id);
  const abandoned = request.status === 'MERGING' && Date.now() - Date.parse(request.updatedAt) > ABANDONED_MS;
  if (!abandoned) assertOpen(request);
  const sourceHash = await headOf(ctx, request.source);
  const blockers = blockersOf(
    request,
    sourceHash,
    await ctx.mergeRequests.verdicts(id),
    await gateFor(ctx, request),
  );
  if (sourceHash === null || (blockers.length > 0 && input.dryRun !== true)) {
    throw new AppError('FORBIDDEN', `Merge request ${id} can't be merged yet. ${blockers.join(' ')}`, {
      context: { request: id, blockers },
    });
  }
  if (input.expectedSourceHash !== undefined && input.expectedSourceHash !== sourceHash) {
    throw new AppError(
      'COMMIT_CONFLICT',
      `"${request.source}" has moved since you looked at merge request ${id}; look at what came.`,
      { context: { request: id, ref: request.source, hash: sourceHash } },
    );
  }
  if (input.dryRun === true) return { request, result: await land(ctx, request, sourceHash, input) };

  const claimed = await ctx.mergeRequests.update(id, request.version, { status: 'MERGING' });
  if (claimed === null) throw changedMeanwhile(id);
  let result: LandResult;
  try {
    result = await land(ctx, request, sourceHash, input);
  } catch (error) {
    await ctx.mergeRequests.update(id, claimed.version, { status: 'OPEN' });
    throw error;
  }
  const landed = result.applied || result.outcome === 'UP_TO_DATE';
  const settled = await ctx.mergeRequests.update(
    id,
    claimed.version,
    landed
      ? { status: 'MERGED', sourceHash, targetBefore: result.before, mergedHash: result.after }
      : { status: 'OPEN' },
  );
  if (settled === null) throw changedMeanwhile(id);
  return { request: settled, result };
}

async function land(
  ctx: MergeRequestContext,
  { id, title, target }: MergeRequestInfo,
  from: string,
  { dryRun, strategy, choices, defaultChoice, message }: MergeMergeRequest,
): Promise<LandResult> {
  return mergeRef(
    ctx,
    target,
    {
      from,
      message: message ?? `${title} (merge request ${id})`,
      ...present({ dryRun, strategy, choices, defaultChoice }),
      // A commit of its own says which request brought the changes.
      fastForward: 'NEVER',
    },
    { byRequest: true },
  );
}
