import { encodeKey } from './canonical.ts';
import type { LogOptions } from './catalog.ts';
import type { CatalogReader } from './create-catalog.ts';
import type { Commit, Hash } from './model.ts';
import { findInTree } from './tree/read-tree.ts';

/** First parents from `from` on, newest first; the root commit of the catalog is not part of anybody's history. */
export async function walkLog(
  reader: CatalogReader,
  from: Hash,
  { limit, keys }: LogOptions,
): Promise<{ commits: readonly Commit[]; next?: Hash }> {
  const commits: Commit[] = [];
  let hash: Hash | undefined = from;
  while (hash !== undefined) {
    const commit: Commit = await reader.getCommit(hash);
    const parent: Hash | undefined = commit.parents[0];
    if (parent === undefined) break;
    if (commits.length === limit) return { commits, next: hash };
    if (keys === undefined || (await touches(reader, commit, parent, keys))) commits.push(commit);
    hash = parent;
  }
  return { commits };
}

async function touches(
  reader: CatalogReader,
  commit: Commit,
  parent: Hash,
  keys: NonNullable<LogOptions['keys']>,
): Promise<boolean> {
  const before = (await reader.getCommit(parent)).tree;
  for (const key of keys.map(encodeKey)) {
    const [was, is] = await Promise.all([
      findInTree(reader.nodes, before, key),
      findInTree(reader.nodes, commit.tree, key),
    ]);
    if (JSON.stringify(was) !== JSON.stringify(is)) return true;
  }
  return false;
}
