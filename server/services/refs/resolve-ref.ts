import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { parseRefExpression, type RefExpression } from '#shared/refs/ref-expression.ts';
import type { Hash } from '#server/catalog/model.ts';
import { nearestNames } from '#shared/util/nearest-names.ts';
import type { ServiceContext } from '../context.ts';

export interface ResolvedRef {
  /** The branch or tag; the commit's hash where the expression named none. */
  readonly name: string;
  readonly hash: Hash;
}

/**
 * The commit that a ref expression means; the default branch where there is none.
 *
 * @throws INVALID_INPUT, REF_NOT_FOUND with names that are near, COMMIT_NOT_FOUND
 */
export async function resolveRef(ctx: ServiceContext, expression: string | undefined): Promise<ResolvedRef> {
  const ref: RefExpression =
    expression === undefined
      ? { kind: 'ref', name: ctx.catalog.defaultBranch }
      : parseRefExpression(expression);
  if (ref.kind === 'commit') {
    const commit = await ctx.catalog.findCommit(ref.hash);
    return { name: ref.name ?? commit.hash, hash: commit.hash };
  }
  const head = await getRefOrSuggest(ctx, ref.name);
  if (ref.kind === 'ref') return { name: ref.name, hash: head };
  const commit = await ctx.catalog.commitAt(head, ref.time);
  if (commit === null) {
    throw new AppError(
      'COMMIT_NOT_FOUND',
      `"${ref.name}" has no commit at or before ${ref.time.toISOString()}.`,
      {
        context: { ref: ref.name, time: ref.time.toISOString() },
      },
    );
  }
  return { name: ref.name, hash: commit.hash };
}

async function getRefOrSuggest(ctx: ServiceContext, name: string): Promise<Hash> {
  try {
    return (await ctx.catalog.getRef(name)).hash;
  } catch (error) {
    if (!isAppError(error, 'REF_NOT_FOUND')) throw error;
    throw await unknownRef(ctx, name, error);
  }
}

/** REF_NOT_FOUND with the names that are near. @param others names that would have been found too */
export async function unknownRef(
  ctx: ServiceContext,
  name: string,
  cause: unknown,
  others: readonly string[] = [],
): Promise<AppError> {
  const names = [...(await ctx.catalog.listRefs()).map((ref) => ref.name), ...others];
  const suggestions = nearestNames(name, [...new Set(names)]);
  const hint =
    suggestions.length > 0
      ? `Did you mean ${suggestions.join(' or ')}?`
      : `There are: ${names.slice(0, 20).join(', ')}.`;
  return new AppError('REF_NOT_FOUND', `There is no branch or tag "${name}". ${hint}`, {
    context: { ref: name, suggestions },
    cause,
  });
}
