import { parseDottedName } from '#shared/refs/dotted-name.ts';
import type { MergeRequest } from '#shared/contract/merges.ts';
import type { LandInput } from '#server/catalog/merge/outcome.ts';
import type { ServiceContext } from '../context.ts';
import { movedBy } from './move-ref.ts';

/** What all requests that bring changes onto a branch have in common, in the catalog's words. */
export function landing(
  ctx: ServiceContext,
  branch: string,
  request: Pick<MergeRequest, 'expectedHash' | 'message' | 'dryRun' | 'choices' | 'defaultChoice'>,
): LandInput {
  const { choices = [], defaultChoice, dryRun = false } = request;
  return {
    branch,
    dryRun,
    ...movedBy(ctx, request),
    choices: choices.map(({ key, choice }) => ({ key: parseDottedName(key), choice })),
    ...(defaultChoice === undefined ? {} : { defaultChoice }),
    ...(ctx.merger === undefined ? {} : { merger: ctx.merger }),
  };
}
