import type {
  CreateMergeRequest,
  MergeRequestInfo,
  MergeRequestQuery,
  UpdateMergeRequest,
} from '#shared/contract/merge-requests.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { present } from '#shared/util/present.ts';
import { resolveRef } from '../refs/index.ts';
import {
  assertOpen,
  changedMeanwhile,
  headOf,
  requestById,
  type MergeRequestContext,
} from './merge-request-context.ts';

/** @throws REF_NOT_FOUND; INVALID_INPUT where source and target are one, or no branches */
export async function openMergeRequest(
  ctx: MergeRequestContext,
  input: CreateMergeRequest,
): Promise<MergeRequestInfo> {
  const target = input.target ?? ctx.catalog.defaultBranch;
  const { source } = input;
  if (source === target) {
    throw new AppError('INVALID_INPUT', `"${source}" can't be merged into itself.`, { context: { source } });
  }
  for (const name of [source, target]) {
    await resolveRef(ctx, name);
    if ((await ctx.catalog.getRef(name)).type === 'BRANCH') continue;
    throw new AppError('INVALID_INPUT', `"${name}" is a tag; merge requests are between branches.`, {
      context: { ref: name },
    });
  }
  return ctx.mergeRequests.insert({
    title: input.title,
    description: input.description ?? '',
    source,
    target,
    status: 'OPEN',
    author: ctx.author,
    requiredChecks: [...new Set(input.requiredChecks)],
    requiredApprovals: input.requiredApprovals ?? 0,
  });
}

export async function listMergeRequests(
  ctx: MergeRequestContext,
  query: MergeRequestQuery,
): Promise<{ readonly requests: MergeRequestInfo[]; readonly next?: number }> {
  const found = await ctx.mergeRequests.list({ ...query, limit: query.limit + 1 });
  const requests = found.slice(0, query.limit);
  const last = requests.at(-1);
  return { requests, ...(found.length > query.limit && last !== undefined ? { next: last.id } : {}) };
}

/**
 * Changes what it says, closes it, or opens it again.
 *
 * @throws NOT_FOUND; VERSION_CONFLICT where it was changed meanwhile, or is merged
 */
export async function changeMergeRequest(
  ctx: MergeRequestContext,
  id: number,
  { version, ...change }: UpdateMergeRequest,
): Promise<MergeRequestInfo> {
  const request = await requestById(ctx, id);
  if (version !== undefined && version !== request.version) throw changedMeanwhile(id);
  if (request.status !== 'CLOSED') assertOpen(request);
  const closes = change.status === 'CLOSED' && request.status === 'OPEN';
  const sourceHash = closes ? await headOf(ctx, request.source) : change.status === 'OPEN' ? null : undefined;
  const changed = await ctx.mergeRequests.update(id, request.version, present({ ...change, sourceHash }));
  if (changed === null) throw changedMeanwhile(id);
  return changed;
}
