import { and, asc, eq, sql } from 'drizzle-orm';
import type { CreateSavedQuery, SavedQuery } from '#shared/contract/saved-queries.ts';
import { withDatabaseErrors } from './database-error.ts';
import type { Database } from './open-database.ts';
import { savedQueries } from './schema.ts';

/** Saved queries and snippets in the metadata database; the port is SavedQueryStore of their service. */
export function createSavedQueryRepository(db: Database) {
  return withDatabaseErrors({
    async list(): Promise<readonly SavedQuery[]> {
      const rows = await db
        .select()
        .from(savedQueries)
        .orderBy(asc(sql`lower(${savedQueries.name})`), asc(savedQueries.id));
      return rows.map(toSavedQuery);
    },
    async get(id: string): Promise<SavedQuery | null> {
      const [row] = await db.select().from(savedQueries).where(eq(savedQueries.id, id));
      return row === undefined ? null : toSavedQuery(row);
    },
    async insert(query: CreateSavedQuery & Pick<SavedQuery, 'id' | 'owner'>): Promise<SavedQuery> {
      const now = new Date();
      const times = { createdAt: now, updatedAt: now };
      const [row] = await db
        .insert(savedQueries)
        .values({ ...query, folder: query.folder ?? null, version: 1, ...times })
        .returning();
      return toSavedQuery(row as Row);
    },
    async save(query: CreateSavedQuery & Pick<SavedQuery, 'id' | 'version'>): Promise<SavedQuery | null> {
      const { id, version, folder, ...content } = query;
      const [row] = await db
        .update(savedQueries)
        .set({
          ...content,
          folder: folder ?? null,
          version: sql`${savedQueries.version} + 1`,
          updatedAt: new Date(),
        })
        .where(and(eq(savedQueries.id, id), eq(savedQueries.version, version)))
        .returning();
      return row === undefined ? null : toSavedQuery(row);
    },
    async delete(id: string): Promise<boolean> {
      const rows = await db.delete(savedQueries).where(eq(savedQueries.id, id)).returning();
      return rows.length === 1;
    },
  });
}

type Row = typeof savedQueries.$inferSelect;

function toSavedQuery({ folder, createdAt, updatedAt, ...row }: Row): SavedQuery {
  return {
    ...row,
    ...(folder === null ? {} : { folder }),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
