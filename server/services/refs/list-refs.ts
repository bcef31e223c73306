import type { CreateRefRequest, RefInfo, RefList } from '#shared/contract/refs.ts';
import type { ServiceContext } from '../context.ts';
import { describeRef } from './describe.ts';
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
  const { hash } = await resolveRef(ctx, input.from);
  const ref = await ctx.catalog.createRef({
    name: input.name,
    type: input.type ?? 'BRANCH',
    hash,
    author: ctx.author,
  });
  return describeRef(ctx, ref);
}
