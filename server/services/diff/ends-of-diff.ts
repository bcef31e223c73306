import { AppError } from '#shared/errors/app-error.ts';
import type { ServiceContext } from '../context.ts';
import { resolveRef, type ResolvedRef } from '../refs/index.ts';

/**
 * The two commits to compare; the first is where the two parted, where that was asked.
 *
 * @throws REF_NOT_FOUND, COMMIT_NOT_FOUND also where they have no common history
 */
export async function endsOfDiff(
  ctx: ServiceContext,
  request: { readonly from: string; readonly to: string; readonly since?: 'from' | 'merge-base' | undefined },
): Promise<{ readonly from: ResolvedRef; readonly to: ResolvedRef }> {
  const [from, to] = await Promise.all([resolveRef(ctx, request.from), resolveRef(ctx, request.to)]);
  if (request.since !== 'merge-base') return { from, to };
  const { bases } = await ctx.catalog.relate(from.hash, to.hash);
  const [base] = bases;
  if (base === undefined) {
    throw new AppError('COMMIT_NOT_FOUND', `"${request.from}" and "${request.to}" have no common history.`, {
      context: { from: request.from, to: request.to },
    });
  }
  return { from: { name: from.name, hash: base }, to };
}
