import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq, inArray, like } from 'drizzle-orm';
import { AppError } from '#shared/errors/app-error.ts';
import { databaseError, isBrokenConnection, withDatabaseErrors } from '#server/db/database-error.ts';
import type { Database } from '#server/db/open-database.ts';
import { catalogObjects, catalogRefs } from '#server/db/schema.ts';
import type { Hash } from '../model.ts';
import type { CatalogStore, NewObjects, RefSwap } from './catalog-store.ts';

/** Rows of one statement: PostgreSQL takes 65,535 parameters at most. */
const BATCH = 1000;
/** How often, and after what pauses, a swap is asked about that may have landed: about three seconds in all. */
const PAUSES_MS = [50, 200, 800, 2000];

type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** The catalog's store on PGlite or PostgreSQL. A ref and the objects that it needs change in one transaction. */
export function createDatabaseCatalogStore(db: Database, pausesMs = PAUSES_MS): CatalogStore {
  return withDatabaseErrors<CatalogStore>({
    async getObjects(hashes) {
      const { hash, bytes } = catalogObjects;
      const found = new Map<Hash, Uint8Array>();
      for (const some of batches(hashes)) {
        const rows = await db.select({ hash, bytes }).from(catalogObjects).where(inArray(hash, some));
        for (const row of rows) found.set(row.hash, row.bytes);
      }
      return found;
    },
    async findCommits(prefix, limit) {
      const { hash, kind } = catalogObjects;
      // Also keeps the wildcards of LIKE out.
      if (!/^[0-9a-f]{1,64}$/.test(prefix)) return [];
      const found = await db
        .select({ hash })
        .from(catalogObjects)
        .where(and(eq(kind, 'commit'), like(hash, `${prefix}%`)))
        .limit(limit);
      return found.map((row) => row.hash);
    },
    async listRefs() {
      const { name, type, hash } = catalogRefs;
      const refs = await db.select({ name, type, hash }).from(catalogRefs);
      // Not in the database, whose order of names hangs on its collation.
      return refs.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async getRef(wanted) {
      const { name, type, hash } = catalogRefs;
      const [ref] = await db.select({ name, type, hash }).from(catalogRefs).where(eq(name, wanted));
      return ref ?? null;
    },
    createRef: (ref, objects) =>
      db.transaction(async (tx) => {
        const created = await tx
          .insert(catalogRefs)
          .values(ref)
          .onConflictDoNothing()
          .returning({ name: catalogRefs.name });
        if (created.length === 1 && objects !== undefined) await addObjects(tx, objects);
        return created.length === 1;
      }),
    swapRef: (swap, objects) => swapForSure(db, swap, objects, pausesMs),
    async deleteRef(name, expected) {
      const same = eq(catalogRefs.name, name);
      const deleted = await db
        .delete(catalogRefs)
        .where(expected === undefined ? same : and(same, eq(catalogRefs.hash, expected)))
        .returning({ name: catalogRefs.name });
      return deleted.length === 1;
    },
  });
}

/**
 * Swaps, and finds out whether it happened where the connection broke after COMMIT was sent. Trying the same
 * swap again settles that, also for a first one that is still on its way: only one of the two can find the ref
 * at `expected`. The new commit is stored in the swap's transaction and nowhere else, so it is there exactly
 * when a swap to it has landed, whatever was committed on top of it since.
 */
async function swapForSure(
  db: Database,
  swap: RefSwap,
  objects: NewObjects,
  pausesMs: readonly number[],
): Promise<boolean> {
  let mayHaveLanded = false;
  let broken: unknown;
  for (const pause of [0, ...pausesMs]) {
    if (pause > 0) await sleep(pause);
    let sentAll = false;
    try {
      const swapped = await db.transaction(async (tx) => {
        const done = await swapOnce(tx, swap, objects);
        sentAll = true;
        return done;
      });
      return swapped || (mayHaveLanded && (await isStored(db, swap.next)));
    } catch (error) {
      if (!isBrokenConnection(error)) throw error;
      broken = error;
      mayHaveLanded ||= sentAll;
      // Before COMMIT was sent a broken connection means that nothing happened, which the caller may be told.
      if (!mayHaveLanded) throw databaseError(error);
    }
  }
  throw new AppError(
    'COMMIT_STATE_UNKNOWN',
    `The metadata database went away while "${swap.name}" was committed to, and did not come back: commit ${swap.next.slice(0, 12)} may have landed or not. Look at the log of "${swap.name}" before trying again.`,
    { context: { ref: swap.name, commit: swap.next }, cause: broken },
  );
}

async function swapOnce(tx: Transaction, swap: RefSwap, objects: NewObjects): Promise<boolean> {
  const { name, expected, next } = swap;
  const swapped = await tx
    .update(catalogRefs)
    .set({ hash: next, updatedAt: new Date() })
    .where(and(eq(catalogRefs.name, name), eq(catalogRefs.hash, expected)))
    .returning({ name: catalogRefs.name });
  if (swapped.length === 1) await addObjects(tx, objects);
  return swapped.length === 1;
}

async function isStored(db: Database, hash: Hash): Promise<boolean> {
  const rows = await db
    .select({ hash: catalogObjects.hash })
    .from(catalogObjects)
    .where(eq(catalogObjects.hash, hash));
  return rows.length === 1;
}

async function addObjects(tx: Transaction, { nodes, commits }: NewObjects): Promise<void> {
  const rows = [
    ...nodes.map(({ hash, bytes }) => ({ hash, bytes, kind: 'node' as const })),
    ...commits.map(({ hash, bytes }) => ({ hash, bytes, kind: 'commit' as const })),
  ];
  // Two transactions that add the same nodes, each in an order of its own, would wait for each other for good.
  rows.sort((a, b) => (a.hash < b.hash ? -1 : 1));
  for (const some of batches(rows)) await tx.insert(catalogObjects).values(some).onConflictDoNothing();
}

function* batches<T>(all: readonly T[]): Generator<T[]> {
  for (let at = 0; at < all.length; at += BATCH) yield all.slice(at, at + BATCH);
}
