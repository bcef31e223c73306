import { AppError } from '#shared/errors/app-error.ts';
import type { ContentKey, Hash } from '#server/catalog/model.ts';
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

const AT_COMMIT = /^(.+)~([0-9a-f]{64})$/;

/**
 * Where a table or view is read: at the prefix; or at a commit that its name ends with, as in `flights~1f3c…`, by which
 * one catalog of an engine reads any branch, and any time, that a query asks for.
 *
 * @throws as readablePlace
 */
export async function entityPlace(
  ctx: RestContext,
  prefix: string,
  key: ContentKey,
): Promise<{ readonly hash: Hash; readonly key: ContentKey }> {
  const { hash } = await readablePlace(ctx, prefix);
  const [, name, commit] = AT_COMMIT.exec(key.at(-1) ?? '') ?? [];
  if (name === undefined || commit === undefined || (await ctx.catalog.getContent(hash, key)) !== null)
    return { hash, key };
  const at = await readablePlace(ctx, commit);
  return { hash: at.hash, key: [...key.slice(0, -1), name] };
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
