import { AppError } from '#shared/errors/app-error.ts';
import {
  mergeGate as gateOf,
  type AssignRefRequest,
  type RefInfo,
  type UpdateRefRequest,
} from '#shared/contract/refs.ts';
import type { ServiceContext } from '../context.ts';
import { describeRef } from './describe.ts';
import { keepMergeGate } from './merge-gate.ts';
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
  const { name: to, protection, mergeGate } = input;
  if (to === undefined && protection === undefined && mergeGate === undefined) {
    throw new AppError('INVALID_INPUT', 'Say what is to change: a new "name", "protection", or "mergeGate".');
  }
  const by = movedBy(ctx, input);
  let ref = await ctx.catalog.getRef(name);
  const gated = (protection ?? ref.protection).includes('MERGE');
  if (gated ? ref.type === 'TAG' : mergeGate !== undefined) {
    throw new AppError(
      'INVALID_INPUT',
      gated
        ? `"${name}" is a tag, and nothing is merged into tags: protect it with DELETE and RESET.`
        : `A "mergeGate" is for branches that MERGE protects: give "protection" with MERGE too.`,
      { context: { ref: name } },
    );
  }
  const gate = mergeGate === undefined ? null : gateOf.parse(mergeGate);
  const isNew = gated && !ref.protection.includes('MERGE');
  // First, so that nothing gets through a gate that is an older one's.
  if (isNew) await keepMergeGate(ctx, name, gate ?? gateOf.parse({}));
  const rules = protection ?? (gate === null ? undefined : ref.protection);
  if (rules !== undefined) ref = await ctx.catalog.protectRef({ name, protection: rules, ...by });
  if (!isNew && gate !== null) await keepMergeGate(ctx, name, gate);
  if (to !== undefined) ref = await ctx.catalog.renameRef({ name, to, ...by });
  return describeRef(ctx, ref);
}
