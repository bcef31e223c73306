import { AppError } from '#shared/errors/app-error.ts';
import { parseRefExpression } from '#shared/refs/ref-expression.ts';
import { resolveRef, type ResolvedRef } from '../refs/index.ts';
import type { RestContext } from './rest-context.ts';

/**
 * The commit that a prefix of the protocol means: any ref expression.
 *
 * @throws INVALID_INPUT, REF_NOT_FOUND, COMMIT_NOT_FOUND
 */
export async function readablePlace(ctx: RestContext, prefix: string): Promise<ResolvedRef> {
  return resolveRef(ctx, prefix);
}

/**
 * The branch that a prefix names; everything else is read only.
 *
 * @throws FORBIDDEN for a tag, a commit or a time; REF_NOT_FOUND
 */
export async function writableBranch(ctx: RestContext, prefix: string): Promise<string> {
  const expression = parseRefExpression(prefix);
  if (expression.kind === 'ref') {
    await resolveRef(ctx, prefix);
    const ref = await ctx.catalog.getRef(expression.name);
    if (ref.type === 'BRANCH') return ref.name;
  }
  throw new AppError(
    'FORBIDDEN',
    `The catalog at "${prefix}" is read only, because that is no branch. Use a branch as the prefix to write.`,
    { context: { ref: prefix } },
  );
}
