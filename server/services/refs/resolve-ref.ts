import { AppError } from '#shared/errors/app-error.ts';
import { parseRefExpression, type RefExpression } from '#shared/refs/ref-expression.ts';
import type { Hash } from '#server/catalog/model.ts';
import { refNotFound } from '#server/catalog/ref-not-found.ts';
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
  const head = (await ctx.catalog.getRef(ref.name)).hash;
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

/** REF_NOT_FOUND with the names that are near. @param others names that would have been found too */
export async function unknownRef(
  ctx: ServiceContext,
  name: string,
  cause: unknown,
  others: readonly string[],
): Promise<AppError> {
  // A table of the catalog's main has mostly a main of its own.
  const names = new Set([...(await ctx.catalog.listRefs()).map((ref) => ref.name), ...others]);
  return refNotFound(name, [...names], cause);
}
