import type { Ref } from '../model.ts';
import type { CatalogStore, Move } from './catalog-store.ts';

/**
 * A store that remembers its refs, so that who only wants the head of a branch waits for no database. For one that nobody
 * else moves refs in: the embedded one, whose folder one process has at a time.
 */
export function withKeptRefs(store: CatalogStore): CatalogStore {
  const known = new Map<string, Ref>();
  const moving = new Map<string, number>();
  // How often a move has begun or ended: what was read across one of these may be from before it.
  let turns = 0;
  const pass = (move: Move, by: 1 | -1) => {
    turns++;
    for (const { name } of move.changes) {
      known.delete(name);
      const left = (moving.get(name) ?? 0) + by;
      if (left === 0) moving.delete(name);
      else moving.set(name, left);
    }
  };
  return {
    ...store,
    async getRef(name) {
      const kept = known.get(name);
      if (kept !== undefined) return kept;
      const before = turns;
      const ref = await store.getRef(name);
      if (ref !== null && turns === before && !moving.has(name)) known.set(name, ref);
      return ref;
    },
    async move(move) {
      pass(move, 1);
      try {
        return await store.move(move);
      } finally {
        pass(move, -1);
      }
    },
  };
}
