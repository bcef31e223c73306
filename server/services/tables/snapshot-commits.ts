import type { Commit, Content, ContentKey, Hash } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';

const MAX_PAGE = 200;

/**
 * Which commit brought each snapshot of a table: the oldest one along the first parents of `from` that has it as the
 * table's current one. Goes no further back than that takes.
 */
export async function snapshotCommits(
  ctx: Pick<ServiceContext, 'catalog'>,
  from: Hash,
  key: ContentKey,
  snapshotIds: readonly string[],
): Promise<ReadonlyMap<string, Commit>> {
  const found = new Map<string, Commit>();
  let cursor: Hash | undefined = from;
  for (let missing = snapshotIds.length; missing > 0 && cursor !== undefined;) {
    const limit = Math.min(MAX_PAGE, missing);
    const page: Awaited<ReturnType<typeof ctx.catalog.log>> = await ctx.catalog.log(cursor, {
      limit,
      keys: [key],
    });
    for (const commit of page.commits) {
      const id = snapshotOf(await ctx.catalog.getContent(commit.hash, key));
      // What comes later in the log is older, and so was first.
      if (id !== null) found.set(id, commit);
    }
    missing = snapshotIds.filter((id) => !found.has(id)).length;
    if (missing === 0 && (await isGoingOn(ctx, page.commits.at(-1), key))) missing = 1;
    cursor = page.next;
  }
  return found;
}

/** Whether the table had the same snapshot before a commit: that one then changed something else of it. */
async function isGoingOn(
  ctx: Pick<ServiceContext, 'catalog'>,
  commit: Commit | undefined,
  key: ContentKey,
): Promise<boolean> {
  const parent = commit?.parents[0];
  if (commit === undefined || parent === undefined) return false;
  const [before, after] = await Promise.all(
    [parent, commit.hash].map(async (hash) => snapshotOf(await ctx.catalog.getContent(hash, key))),
  );
  return before === after;
}

function snapshotOf(content: Content | null): string | null {
  const id = content?.value['snapshotId'];
  return typeof id === 'string' ? id : null;
}
