import type { Commit, Hash } from '#server/catalog/model.ts';
import { IDEMPOTENCY_PROPERTY } from './land.ts';
import type { RestContext } from './rest-context.ts';

const PAGE = 200;

/** The commit that a request with this key has made on a branch since a time; null where there is none. */
export async function commitOfRequest(
  ctx: RestContext,
  branch: string,
  idempotencyKey: string,
  since: Date,
): Promise<Commit | null> {
  const { hash } = await ctx.catalog.getRef(branch);
  for (let from: Hash | undefined = hash; from !== undefined;) {
    const page: Awaited<ReturnType<typeof ctx.catalog.log>> = await ctx.catalog.log(from, {
      limit: PAGE,
      since,
    });
    const found = page.commits.find(({ properties }) => properties[IDEMPOTENCY_PROPERTY] === idempotencyKey);
    if (found !== undefined) return found;
    from = page.next;
  }
  return null;
}
