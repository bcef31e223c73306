import { and, desc, eq, sql } from 'drizzle-orm';
import type { Notebook, NotebookSummary } from '#shared/contract/notebooks.ts';
import { withDatabaseErrors } from './database-error.ts';
import type { Database } from './open-database.ts';
import { notebooks } from './schema.ts';

type Row = typeof notebooks.$inferSelect;

/** Notebooks in the metadata database; the port is NotebookStore of the notebooks service. */
export function createNotebookRepository(db: Database) {
  return withDatabaseErrors({
    async list(): Promise<readonly NotebookSummary[]> {
      const { id, title, version, updatedAt } = notebooks;
      const rows = await db
        .select({ id, title, version, updatedAt })
        .from(notebooks)
        .orderBy(desc(updatedAt));
      return rows.map((row) => ({ ...row, updatedAt: row.updatedAt.toISOString() }));
    },
    async get(id: string): Promise<Notebook | null> {
      const [row] = await db.select().from(notebooks).where(eq(notebooks.id, id));
      return toNotebook(row);
    },
    async insert({ id, title, cells }: Pick<Notebook, 'id' | 'title' | 'cells'>): Promise<Notebook | null> {
      const values = { id, title, cells, version: 1, updatedAt: new Date() };
      const [row] = await db.insert(notebooks).values(values).onConflictDoNothing().returning();
      return toNotebook(row);
    },
    async save(notebook: Pick<Notebook, 'id' | 'title' | 'cells' | 'version'>): Promise<Notebook | null> {
      const { id, title, cells, version } = notebook;
      const [row] = await db
        .update(notebooks)
        .set({ title, cells, version: sql`${notebooks.version} + 1`, updatedAt: new Date() })
        .where(and(eq(notebooks.id, id), eq(notebooks.version, version)))
        .returning();
      return toNotebook(row);
    },
    async delete(id: string): Promise<boolean> {
      return (
        (await db.delete(notebooks).where(eq(notebooks.id, id)).returning({ id: notebooks.id })).length === 1
      );
    },
  });
}

function toNotebook(row: Row | undefined): Notebook | null {
  return row === undefined ? null : { ...row, updatedAt: row.updatedAt.toISOString() };
}
