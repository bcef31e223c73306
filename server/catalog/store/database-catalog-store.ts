import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { and, desc, eq, inArray, like, lt, sql } from 'drizzle-orm';
import { AppError } from '#shared/errors/app-error.ts';
import { databaseError, isBrokenConnection, withDatabaseErrors } from '#server/db/database-error.ts';
import type { Database } from '#server/db/open-database.ts';
import {
  catalogCommits,
  catalogExpired,
  catalogObjects,
  catalogReflog,
  catalogRefs,
} from '#server/db/schema.ts';
import type { Hash, ReflogEntry } from '../model.ts';
import type { CatalogStore, Move } from './catalog-store.ts';
import { batches, indexCommits, moveInTransaction, refOf } from './move-refs.ts';
import { queryRows } from './query-rows.ts';
import { walkHistory } from './walk-history.ts';

/** How often, and after what pauses, a move is asked about that may have landed: about three seconds in all. */
const PAUSES_MS = [50, 200, 800, 2000];
/** The branch of commits that were stored before lines were kept: no branch has that name. */
const NO_BRANCH = '';

/** The catalog's store on PGlite or PostgreSQL. Refs and all that goes with them change in one transaction. */
export function createDatabaseCatalogStore(db: Database, pausesMs = PAUSES_MS): CatalogStore {
  const { name, type, hash, protection } = catalogRefs;
  const refs = () => db.select({ name, type, hash, protection }).from(catalogRefs);
  return withDatabaseErrors<CatalogStore>({
    async getObjects(hashes) {
      const found = new Map<Hash, Uint8Array>();
      const columns = { hash: catalogObjects.hash, bytes: catalogObjects.bytes };
      for (const some of batches(hashes)) {
        const rows = await db.select(columns).from(catalogObjects).where(inArray(catalogObjects.hash, some));
        for (const row of rows) found.set(row.hash, row.bytes);
      }
      return found;
    },
    async findCommits(prefix, limit) {
      // Also keeps the wildcards of LIKE out.
      if (!/^[0-9a-f]{1,64}$/.test(prefix)) return [];
      const found = await db
        .select({ hash: catalogObjects.hash })
        .from(catalogObjects)
        .where(and(eq(catalogObjects.kind, 'commit'), like(catalogObjects.hash, `${prefix}%`)))
        .limit(limit);
      return found.map((row) => row.hash);
    },
    walk: (walk) => walkHistory(db, walk),
    async listRefs() {
      // Not in the database, whose order of names hangs on its collation.
      return (await refs()).map(refOf).sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async getRef(wanted) {
      // Asked before and within every commit: drizzle would make the statement's text anew each time.
      const [ref] = await queryRows<Parameters<typeof refOf>[0]>(
        db,
        sql`select name, type, hash, protection from catalog_refs where name = ${wanted}`,
      );
      return ref === undefined ? null : refOf(ref);
    },
    move: (move) => moveForSure(db, move, pausesMs),
    async reflog({ ref, beforeId, limit }) {
      const rows = await db
        .select()
        .from(catalogReflog)
        .where(
          and(
            ref === undefined ? undefined : eq(catalogReflog.ref, ref),
            beforeId === undefined ? undefined : lt(catalogReflog.id, BigInt(beforeId)),
          ),
        )
        .orderBy(desc(catalogReflog.id))
        .limit(limit);
      return rows.map(entryOf);
    },
    async reflogMove(id) {
      const same = db
        .select({ move: catalogReflog.move })
        .from(catalogReflog)
        .where(eq(catalogReflog.id, BigInt(id)));
      const rows = await db
        .select()
        .from(catalogReflog)
        .where(inArray(catalogReflog.move, same))
        .orderBy(catalogReflog.id);
      return rows.map(entryOf);
    },
    async expireReflog(before) {
      const expired = await db
        .delete(catalogReflog)
        .where(lt(catalogReflog.time, before))
        .returning({ id: catalogReflog.id });
      return expired.length;
    },
    async roots() {
      const rows = await queryRows<{ hash: Hash }>(
        db,
        sql`select hash from catalog_refs union select before from catalog_reflog where before is not null
            union select after from catalog_reflog where after is not null`,
      );
      return rows.map((row) => row.hash);
    },
    async setExpired(contents, expired) {
      for (const some of batches(contents)) {
        if (expired)
          await db
            .insert(catalogExpired)
            .values(some.map((content) => ({ content })))
            .onConflictDoNothing();
        else await db.delete(catalogExpired).where(inArray(catalogExpired.content, some));
      }
    },
    async expiredAmong(contents) {
      const found = new Set<Hash>();
      const columns = { content: catalogExpired.content };
      for (const some of batches(contents)) {
        const rows = await db
          .select(columns)
          .from(catalogExpired)
          .where(inArray(catalogExpired.content, some));
        for (const { content } of rows) found.add(content);
      }
      return found;
    },
    async unindexed(rootHash) {
      // The root is indexed last of all: where it is there, all others are.
      const [root] = await db
        .select({ hash: catalogCommits.hash })
        .from(catalogCommits)
        .where(eq(catalogCommits.hash, rootHash));
      if (root !== undefined) return [];
      const commits = await db
        .select({ hash: catalogObjects.hash })
        .from(catalogObjects)
        .where(eq(catalogObjects.kind, 'commit'));
      return commits.map((row) => row.hash);
    },
    async index(commits) {
      await db.transaction((tx) => indexCommits(tx, commits, NO_BRANCH));
    },
  });
}

/**
 * Moves, and finds out whether it happened where the connection broke after COMMIT was sent. Trying the same
 * move again settles that, also for a first one that is still on its way: only one of the two can find the refs
 * as they were before. The reflog's entries are written in the move's transaction and nowhere else, so they are
 * there exactly when it has landed, whatever was done on top of it since.
 */
async function moveForSure(db: Database, move: Move, pausesMs: readonly number[]): Promise<boolean> {
  const id = randomUUID();
  let mayHaveLanded = false;
  let broken: unknown;
  for (const pause of [0, ...pausesMs]) {
    if (pause > 0) await sleep(pause);
    let sentAll = false;
    try {
      const moved = await db
        .transaction(async (tx) => {
          const done = await moveInTransaction(tx, id, move);
          if (!done) throw NOT_AS_BEFORE;
          sentAll = true;
          return done;
        })
        .catch((error: unknown) => {
          if (error === NOT_AS_BEFORE) return false;
          throw error;
        });
      return moved || (mayHaveLanded && (await hasLanded(db, id)));
    } catch (error) {
      if (!isBrokenConnection(error)) throw error;
      broken = error;
      mayHaveLanded ||= sentAll;
      // Before COMMIT was sent a broken connection means that nothing happened, which the caller may be told.
      if (!mayHaveLanded) throw databaseError(error);
    }
  }
  const ref = move.changes[0]?.name ?? '';
  const commit = move.changes[0]?.after?.hash;
  throw new AppError(
    'COMMIT_STATE_UNKNOWN',
    `The metadata database went away while "${ref}" was moved, and did not come back: ${commit === undefined ? 'it' : `commit ${commit.slice(0, 12)}`} may have landed or not. Look at the log of "${ref}" before trying again.`,
    { context: { ref, ...(commit === undefined ? {} : { commit }) }, cause: broken },
  );
}

/** Ends a transaction that found a ref elsewhere. */
const NOT_AS_BEFORE = new AppError('COMMIT_CONFLICT', 'A ref has moved.');

async function hasLanded(db: Database, move: string): Promise<boolean> {
  const rows = await db
    .select({ id: catalogReflog.id })
    .from(catalogReflog)
    .where(eq(catalogReflog.move, move))
    .limit(1);
  return rows.length === 1;
}

function entryOf(row: typeof catalogReflog.$inferSelect): ReflogEntry {
  const { id, ref, type, before, after, operation, author, message, time } = row;
  const said = { author, message, time, operation: operation as ReflogEntry['operation'] };
  return { id: id.toString(), ref, type, before, after, ...said };
}
