import { AppError } from '#shared/errors/app-error.ts';
import type { AssignRefRequest, RefInfo, UpdateRefRequest } from '#shared/contract/refs.ts';
import type { ServiceContext } from '../context.ts';
import { describeRef } from './describe.ts';
import { resolveRef } from './resolve-ref.ts';

/** What a request may say of any move. */
interface Said {
  readonly expectedHash?: string | undefined;
  readonly message?: string | undefined;
}

/**
 * Who asks, and what the ref must still be, in the catalog's words.
 */
export function movedBy(ctx: ServiceContext, { expectedHash, message }: Said) {
  return {
    author: ctx.author,
    ...(message === undefined || message === '' ? {} : { message }),
    ...(expectedHash === undefined ? {} : { expectedHead: expectedHash }),
  };
}

/** @throws REF_NOT_FOUND; FORBIDDEN for the default branch and protected ones; COMMIT_CONFLICT where it has moved */
export async function deleteRef(ctx: ServiceContext, name: string, said: Said = {}): Promise<void> {
  await ctx.catalog.deleteRef({ name, ...movedBy(ctx, said) });
}

/** Points a branch or tag elsewhere. @throws as deleteRef, and COMMIT_NOT_FOUND for where it is to go */
export async function assignRef(
  ctx: ServiceContext,
  name: string,
  input: AssignRefRequest,
): Promise<RefInfo> {
  const { hash } = await resolveRef(ctx, input.to);
  return describeRef(ctx, await ctx.catalog.assignRef({ name, hash, ...movedBy(ctx, input) }));
}

/** Renames, protects, or both: protection first. @throws as deleteRef, REF_ALREADY_EXISTS, INVALID_INPUT */
export async function updateRef(
  ctx: ServiceContext,
  name: string,
  input: UpdateRefRequest,
): Promise<RefInfo> {
  const { name: to, protection } = input;
  if (to === undefined && protection === undefined) {
    throw new AppError('INVALID_INPUT', 'Say what is to change: a new "name", or "protection".');
  }
  const by = movedBy(ctx, input);
  let ref = await ctx.catalog.getRef(name);
  if (protection !== undefined) ref = await ctx.catalog.protectRef({ name, protection, ...by });
  if (to !== undefined) ref = await ctx.catalog.renameRef({ name, to, ...by });
  return describeRef(ctx, ref);
}
