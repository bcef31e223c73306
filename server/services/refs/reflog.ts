import type { ReflogPage, RestoreResult } from '#shared/contract/refs.ts';
import type { ServiceContext } from '../context.ts';
import { describeEntry, describeRef } from './describe.ts';
import { movedBy } from './move-ref.ts';

/** Newest first; also of refs that are gone. */
export async function readReflog(
  ctx: ServiceContext,
  query: { readonly ref?: string | undefined; readonly limit: number; readonly cursor?: string | undefined },
): Promise<ReflogPage> {
  const { entries, next } = await ctx.catalog.reflog({
    limit: query.limit,
    ...(query.ref === undefined ? {} : { ref: query.ref }),
    ...(query.cursor === undefined ? {} : { before: query.cursor }),
  });
  return { entries: entries.map(describeEntry), ...(next === undefined ? {} : { next }) };
}

/**
 * Undoes a move: the ref stands again where it stood before, or is there again, or is gone.
 *
 * @throws NOT_FOUND for an entry that there is not; FORBIDDEN where protection refuses; COMMIT_CONFLICT
 */
export async function restoreRef(
  ctx: ServiceContext,
  entry: string,
  said: { readonly expectedHash?: string | undefined; readonly message?: string | undefined },
): Promise<RestoreResult> {
  const { undone, refs } = await ctx.catalog.restore({ entry, ...movedBy(ctx, said) });
  return {
    undone: describeEntry(undone),
    refs: await Promise.all(refs.map((ref) => describeRef(ctx, ref))),
  };
}
