import type { Hash, Ref } from '../model.ts';
import type { CatalogStore, NewObjects } from './catalog-store.ts';

/** A store that lives as long as the process: for tests and throw-away lakehouses. */
export function createMemoryCatalogStore(): CatalogStore {
  const objects = new Map<Hash, Uint8Array>();
  const commits = new Set<Hash>();
  const refs = new Map<string, Ref>();

  const add = (added: NewObjects) => {
    for (const { hash, bytes } of [...added.nodes, ...added.commits]) objects.set(hash, bytes);
    for (const { hash } of added.commits) commits.add(hash);
  };

  return {
    getObjects: async (hashes) =>
      new Map(
        hashes.flatMap((hash) => (objects.has(hash) ? [[hash, objects.get(hash) ?? new Uint8Array()]] : [])),
      ),
    findCommits: async (prefix, limit) =>
      prefix === '' ? [] : [...commits].filter((hash) => hash.startsWith(prefix)).slice(0, limit),
    listRefs: async () => [...refs.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    getRef: async (name) => refs.get(name) ?? null,
    async createRef(ref, added) {
      if (refs.has(ref.name)) return false;
      if (added !== undefined) add(added);
      refs.set(ref.name, ref);
      return true;
    },
    async swapRef({ name, expected, next }, added) {
      const ref = refs.get(name);
      if (ref?.hash !== expected) return false;
      add(added);
      refs.set(name, { ...ref, hash: next });
      return true;
    },
    async deleteRef(name, expected) {
      const ref = refs.get(name);
      if (ref === undefined || (expected !== undefined && ref.hash !== expected)) return false;
      return refs.delete(name);
    },
  };
}
