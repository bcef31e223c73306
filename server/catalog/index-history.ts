import { pathsOf } from './canonical.ts';
import { encodeCommit } from './commit-object.ts';
import { newCommit } from './land.ts';
import type { Commit, Hash } from './model.ts';
import type { CatalogReader } from './reader.ts';
import type { NewCommit } from './store/catalog-store.ts';
import { diffTrees } from './tree/read-tree.ts';

const BATCH = 500;

/** Makes history searchable that an older version has stored. Goes on where it was interrupted: the root is last. */
export async function indexHistory(reader: CatalogReader, root: Hash): Promise<void> {
  const hashes = await reader.store.unindexed(root);
  if (hashes.length === 0) return;
  const commits = await allCommits(reader, hashes);
  const byTime = commits.sort((a, b) => a.time.getTime() - b.time.getTime());
  const trees = new Map<Hash, Hash>(byTime.map(({ hash, tree }) => [hash, tree]));
  const roots = byTime.filter(({ parents }) => parents.length === 0);
  const others = byTime.filter(({ parents }) => parents.length > 0);
  for (const some of [...batchesOf(others), roots]) {
    const rows: NewCommit[] = [];
    for (const commit of some) {
      const parent = trees.get(commit.parents[0] ?? '') ?? null;
      const changed = await diffTrees(reader.nodes, parent, commit.tree);
      const { object } = encodeCommit(commit);
      rows.push(newCommit(commit, object, pathsOf(changed.map(({ key }) => key))));
    }
    await reader.store.index(rows);
  }
}

async function allCommits(reader: CatalogReader, hashes: readonly Hash[]): Promise<Commit[]> {
  const commits: Commit[] = [];
  for (const some of batchesOf(hashes)) commits.push(...(await reader.getCommits(some)));
  return commits;
}

function* batchesOf<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += BATCH) yield all.slice(at, at + BATCH);
}
