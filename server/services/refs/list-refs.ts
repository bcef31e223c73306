import type { CreateRefRequest, RefInfo, RefList } from '#shared/contract/refs.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { refNameProblem } from '#shared/refs/ref-expression.ts';
import type { Ref } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';
import { resolveRef } from './resolve-ref.ts';

export async function listRefs(ctx: ServiceContext): Promise<RefList> {
  const refs = await ctx.catalog.listRefs();
  return {
    refs: await Promise.all(refs.map((ref) => describeRef(ctx, ref))),
    defaultBranch: ctx.catalog.defaultBranch,
  };
}

/** @throws INVALID_INPUT for a name that can't be one, REF_ALREADY_EXISTS, REF_NOT_FOUND for `from` */
export async function createRef(ctx: ServiceContext, input: CreateRefRequest): Promise<RefInfo> {
  const problem = refNameProblem(input.name);
  if (problem !== null) {
    throw new AppError('INVALID_INPUT', `"${input.name}" can't name a branch or tag: ${problem}.`, {
      context: { name: input.name },
    });
  }
  const { hash } = await resolveRef(ctx, input.from);
  const ref = await ctx.catalog.createRef({ name: input.name, type: input.type ?? 'BRANCH', hash });
  return describeRef(ctx, ref);
}

/** @throws REF_NOT_FOUND; FORBIDDEN for the default branch */
export async function deleteRef(ctx: ServiceContext, name: string): Promise<void> {
  if (name === ctx.catalog.defaultBranch) {
    throw new AppError('FORBIDDEN', `"${name}" is the default branch and can't be deleted.`, {
      context: { ref: name },
    });
  }
  await ctx.catalog.deleteRef({ name });
}

async function describeRef(ctx: ServiceContext, ref: Ref): Promise<RefInfo> {
  const { author, message, time } = await ctx.catalog.getCommit(ref.hash);
  return {
    name: ref.name,
    type: ref.type,
    hash: ref.hash,
    head: { author, message, time: time.toISOString() },
  };
}
