import type { Commit, Content, ContentKey, Hash } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';

export interface HistoryContent {
  readonly key: ContentKey;
  readonly content: Content;
}

/**
 * Everything that stands at some key in some commit that a branch, a tag or the reflog leads to, by whatever parent:
 * all that somebody may still read; what has expired is left out. Newest commits first; what was given once may come again.
 *
 * Costs what the commits changed, and the catalog's size once for each line of history.
 */
export async function* contentsInHistory(ctx: ServiceContext): AsyncGenerator<HistoryContent> {
  const waiting = await newestFirst(ctx, await ctx.catalog.roots());
  const seen = new Set<Hash>();
  for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
    if (seen.has(line.hash)) continue;
    yield* await unexpired(ctx, await ctx.catalog.listContents(line.hash));
    for (let commit: Commit | undefined = line; commit !== undefined && !seen.has(commit.hash);) {
      seen.add(commit.hash);
      const [first, ...others]: readonly Hash[] = commit.parents;
      for (const parent of others) waiting.unshift(await ctx.catalog.getCommit(parent));
      if (first === undefined) break;
      const changes = await ctx.catalog.diff(first, commit.hash);
      yield* await unexpired(
        ctx,
        changes.flatMap(({ key, before }) => (before === null ? [] : [{ key, content: before }])),
      );
      commit = await ctx.catalog.getCommit(first);
    }
  }
}

async function unexpired(
  { catalog }: ServiceContext,
  contents: readonly HistoryContent[],
): Promise<readonly HistoryContent[]> {
  const expired = await catalog.areExpired(contents.map(({ content }) => content));
  return contents.filter((_, index) => expired[index] !== true);
}

async function newestFirst(ctx: ServiceContext, hashes: readonly Hash[]): Promise<Commit[]> {
  const commits: Commit[] = [];
  for (const hash of new Set(hashes)) commits.push(await ctx.catalog.getCommit(hash));
  return commits.sort((a, b) => b.time.getTime() - a.time.getTime());
}
