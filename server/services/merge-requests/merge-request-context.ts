import type { MergeRequestInfo } from '#shared/contract/merge-requests.ts';
import type { MergeGate } from '#shared/contract/refs.ts';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { Hash } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';
import { mergeGateOf } from '../refs/index.ts';
import type { MergeChecks } from './merge-checks.ts';
import type { MergeRequestStore } from './merge-request-store.ts';

export interface MergeRequestContext extends ServiceContext {
  readonly mergeRequests: MergeRequestStore;
  readonly mergeChecks: MergeChecks;
}

/** @throws NOT_FOUND */
export async function requestById(ctx: MergeRequestContext, id: number): Promise<MergeRequestInfo> {
  const request = await ctx.mergeRequests.get(id);
  if (request !== null) return request;
  throw new AppError('NOT_FOUND', `There is no merge request ${id}.`, { context: { request: id } });
}

/** Where a branch is; null where it is gone. */
export async function headOf(ctx: ServiceContext, branch: string): Promise<Hash | null> {
  try {
    return (await ctx.catalog.getRef(branch)).hash;
  } catch (error) {
    if (isAppError(error, 'REF_NOT_FOUND')) return null;
    throw error;
  }
}

/** What its target asks of a merge request; null where that is nothing. */
export async function gateFor(ctx: ServiceContext, { target }: MergeRequestInfo): Promise<MergeGate | null> {
  try {
    return await mergeGateOf(ctx, await ctx.catalog.getRef(target));
  } catch (error) {
    if (isAppError(error, 'REF_NOT_FOUND')) return null;
    throw error;
  }
}

/** @throws VERSION_CONFLICT unless it is open */
export function assertOpen({ id, status }: MergeRequestInfo): void {
  if (status === 'OPEN') return;
  const what =
    status === 'MERGING' ? 'is being merged right now' : status === 'MERGED' ? 'is merged' : 'is closed';
  throw new AppError('VERSION_CONFLICT', `Merge request ${id} ${what}.`, {
    context: { request: id, status },
  });
}

export function changedMeanwhile(id: number): AppError {
  return new AppError(
    'VERSION_CONFLICT',
    `Merge request ${id} was changed by somebody else meanwhile; look at it again.`,
    { context: { request: id } },
  );
}
