import { encodeKey, pathOf, pathUnder } from './canonical.ts';
import type { LogOptions } from './catalog.ts';
import type { Commit, Hash } from './model.ts';
import type { CatalogReader } from './reader.ts';

/** First parents from `from` on, newest first; the root commit of the catalog is not part of anybody's history. */
export async function walkLog(
  reader: CatalogReader,
  from: Hash,
  { limit, keys, under, author, text, since, until }: LogOptions,
): Promise<{ commits: readonly Commit[]; next?: Hash }> {
  // So that a commit which does not exist is told apart from one without history.
  await reader.getCommit(from);
  const paths = [
    ...(keys ?? []).map((key) => pathOf(encodeKey(key))),
    ...(under === undefined ? [] : [pathOf(encodeKey(under)), pathUnder(encodeKey(under))]),
  ];
  const found = await reader.store.walk({
    from,
    limit: limit + 1,
    ...(paths.length === 0 ? {} : { paths }),
    ...(author === undefined ? {} : { author }),
    ...(text === undefined ? {} : { text }),
    ...(since === undefined ? {} : { since: since.getTime() }),
    ...(until === undefined ? {} : { until: until.getTime() }),
  });
  const commits = await reader.getCommits(found.slice(0, limit));
  const next = found[limit];
  return { commits, ...(next === undefined ? {} : { next }) };
}

/** See Catalog.commitAt. The root commit stands for the time before anything was, and is no answer. */
export async function commitAt(reader: CatalogReader, from: Hash, time: Date): Promise<Commit | null> {
  await reader.getCommit(from);
  const [hash] = await reader.store.walk({ from, limit: 1, until: time.getTime() });
  return hash === undefined ? null : reader.getCommit(hash);
}
