import type { Hash, Ref, ReflogEntry } from '../model.ts';
import type { CatalogStore, NewCommit, NewObjects, Walk } from './catalog-store.ts';

/** A store that lives as long as the process: for tests and throw-away lakehouses. */
export function createMemoryCatalogStore(): CatalogStore {
  const objects = new Map<Hash, Uint8Array>();
  const commits = new Map<Hash, NewCommit>();
  const refs = new Map<string, Ref>();
  const expired = new Set<Hash>();
  let log: { readonly entry: ReflogEntry; readonly move: number }[] = [];
  let moves = 0;
  let entries = 0;

  const add = (added: NewObjects) => {
    for (const { hash, bytes } of [...added.nodes, ...added.commits]) objects.set(hash, bytes);
    for (const commit of added.commits) commits.set(commit.hash, commit);
  };

  return {
    getObjects: async (hashes) =>
      new Map(
        hashes.flatMap((hash) => (objects.has(hash) ? [[hash, objects.get(hash) ?? new Uint8Array()]] : [])),
      ),
    findCommits: async (prefix, limit) =>
      prefix === '' ? [] : [...commits.keys()].filter((hash) => hash.startsWith(prefix)).slice(0, limit),
    async walk(walk) {
      const found: Hash[] = [];
      for (let at = commits.get(walk.from); at !== undefined && at.parent !== null;) {
        if (found.length === walk.limit) break;
        if (matches(at, walk)) found.push(at.hash);
        at = commits.get(at.parent);
      }
      return found;
    },
    listRefs: async () => [...refs.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    getRef: async (name) => refs.get(name) ?? null,
    async move({ changes, objects: added, records }) {
      if (!changes.every(({ name, before }) => isSame(refs.get(name) ?? null, before))) return false;
      add(added);
      for (const { name, after } of changes) {
        if (after === null) refs.delete(name);
        else refs.set(name, after);
      }
      moves += 1;
      for (const record of records) {
        log.push({ entry: { ...record, id: String(++entries) }, move: moves });
      }
      return true;
    },
    reflog: async ({ ref, beforeId, limit }) =>
      log
        .map(({ entry }) => entry)
        .filter((entry) => ref === undefined || entry.ref === ref)
        .filter(({ id }) => beforeId === undefined || BigInt(id) < BigInt(beforeId))
        .reverse()
        .slice(0, limit),
    async reflogMove(id) {
      const move = log.find(({ entry }) => entry.id === id)?.move;
      return log.filter((one) => one.move === move).map(({ entry }) => entry);
    },
    async expireReflog(before) {
      const kept = log.filter(({ entry }) => entry.time >= before);
      const expired = log.length - kept.length;
      log = kept;
      return expired;
    },
    roots: async () => [
      ...new Set([
        ...[...refs.values()].map(({ hash }) => hash),
        ...log.flatMap(({ entry }) => [entry.before, entry.after]).filter((hash) => hash !== null),
      ]),
    ],
    async setExpired(contents, isExpired) {
      for (const content of contents) {
        if (isExpired) expired.add(content);
        else expired.delete(content);
      }
    },
    expiredAmong: async (contents) => new Set(contents.filter((content) => expired.has(content))),
    unindexed: async () => [],
    index: async () => undefined,
  };
}

function matches(commit: NewCommit, { since, until, author, text, paths }: Walk): boolean {
  return (
    commit.time >= (since ?? -Infinity) &&
    commit.time <= (until ?? Infinity) &&
    (author === undefined || commit.author.toLowerCase() === author.toLowerCase()) &&
    (text === undefined || commit.message.toLowerCase().includes(text.toLowerCase())) &&
    (paths === undefined || commit.paths.some((path) => paths.includes(path)))
  );
}

/** Null is no ref. */
function isSame(a: Ref | null, b: Ref | null): boolean {
  if (a === null || b === null) return a === b;
  return a.hash === b.hash && a.protection.join(',') === b.protection.join(',');
}
