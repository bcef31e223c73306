import { and, asc, eq, inArray, like } from 'drizzle-orm';
import { AppError } from '#shared/errors/app-error.ts';
import type { Database } from '#server/db/open-database.ts';
import { catalogObjects, catalogRefs } from '#server/db/schema.ts';
import type { CatalogStore, NewObjects } from './catalog-store.ts';

/** Rows of one statement: PostgreSQL takes 65,535 parameters at most. */
const BATCH = 1000;

type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** The catalog's store on PGlite or PostgreSQL. A ref and the objects that it needs change in one transaction. */
export function createDatabaseCatalogStore(db: Database): CatalogStore {
  const getRef: CatalogStore['getRef'] = async (name) => {
    const [ref] = await db.select().from(catalogRefs).where(eq(catalogRefs.name, name));
    return ref === undefined ? null : { name: ref.name, type: ref.type, hash: ref.hash };
  };
  return {
    async getObjects(hashes) {
      const { hash, bytes } = catalogObjects;
      const rows = await db
        .select({ hash, bytes })
        .from(catalogObjects)
        .where(inArray(hash, [...hashes]));
      return new Map(rows.map((row) => [row.hash, row.bytes]));
    },
    async findCommits(prefix, limit) {
      const { hash, kind } = catalogObjects;
      const found = await db
        .select({ hash })
        .from(catalogObjects)
        .where(and(eq(kind, 'commit'), like(hash, `${prefix}%`)))
        .limit(limit);
      return found.map((row) => row.hash);
    },
    async listRefs() {
      const { name, type, hash } = catalogRefs;
      return db.select({ name, type, hash }).from(catalogRefs).orderBy(asc(name));
    },
    getRef,
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
    async swapRef({ name, expected, next }, objects) {
      try {
        return await db.transaction(async (tx) => {
          const swapped = await tx
            .update(catalogRefs)
            .set({ hash: next, updatedAt: new Date() })
            .where(and(eq(catalogRefs.name, name), eq(catalogRefs.hash, expected)))
            .returning({ name: catalogRefs.name });
          if (swapped.length === 1) await addObjects(tx, objects);
          return swapped.length === 1;
        });
      } catch (error) {
        if (!isBrokenConnection(error)) throw error;
        // It may have landed before the connection broke.
        const landed = await getRef(name).then(
          (ref) => ref?.hash === next,
          () => false,
        );
        if (landed) return true;
        throw new AppError(
          'COMMIT_STATE_UNKNOWN',
          `The database went away while "${name}" was committed to; look at its log before trying again.`,
          {
            context: { ref: name, commit: next },
            cause: error,
          },
        );
      }
    },
    async deleteRef(name, expected) {
      const same = eq(catalogRefs.name, name);
      const deleted = await db
        .delete(catalogRefs)
        .where(expected === undefined ? same : and(same, eq(catalogRefs.hash, expected)))
        .returning({ name: catalogRefs.name });
      return deleted.length === 1;
    },
  };
}

async function addObjects(tx: Transaction, { nodes, commits }: NewObjects): Promise<void> {
  const rows = [
    ...nodes.map(({ hash, bytes }) => ({ hash, bytes, kind: 'node' as const })),
    ...commits.map(({ hash, bytes }) => ({ hash, bytes, kind: 'commit' as const })),
  ];
  for (let at = 0; at < rows.length; at += BATCH) {
    await tx
      .insert(catalogObjects)
      .values(rows.slice(at, at + BATCH))
      .onConflictDoNothing();
  }
}

/** Class 08 is "connection exception", 57P is "the server is going down"; the rest are the socket's own. */
function isBrokenConnection(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = (at as { code?: unknown }).code;
    if (typeof code === 'string' && /^(08...|57P0[123]|ECONNRESET|EPIPE|ETIMEDOUT)$/.test(code)) return true;
    if (/Connection terminated/.test(at.message)) return true;
  }
  return false;
}
