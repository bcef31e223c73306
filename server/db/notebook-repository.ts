import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { Notebook, NotebookContent, NotebookSummary } from '#shared/contract/notebooks.ts';
import { withDatabaseErrors } from './database-error.ts';
import type { Database } from './open-database.ts';
import { notebookRevisions, notebooks } from './schema.ts';

type Row = Omit<typeof notebooks.$inferSelect, 'schedule' | 'nextRunAt'>;

/** Milliseconds: who types on makes no revision of every word. */
const ONE_REVISION_MS = 120_000;
/** Revisions of a notebook that are kept; the oldest go first. */
const KEPT_REVISIONS = 500;

const COLUMNS = {
  id: notebooks.id,
  title: notebooks.title,
  cells: notebooks.cells,
  version: notebooks.version,
  updatedAt: notebooks.updatedAt,
  folder: notebooks.folder,
  mode: notebooks.mode,
};

/** Notebooks in the metadata database; the port is NotebookStore of the notebooks service. */
export function createNotebookRepository(db: Database) {
  return withDatabaseErrors({
    async list(): Promise<readonly NotebookSummary[]> {
      const { id, title, version, updatedAt, folder } = notebooks;
      const rows = await db
        .select({ id, title, version, updatedAt, folder })
        .from(notebooks)
        .orderBy(desc(updatedAt));
      return rows.map(({ folder: at, ...row }) => ({
        ...row,
        ...(at === null ? {} : { folder: at }),
        updatedAt: row.updatedAt.toISOString(),
      }));
    },
    async get(id: string): Promise<Notebook | null> {
      const [row] = await db.select(COLUMNS).from(notebooks).where(eq(notebooks.id, id));
      return toNotebook(row);
    },
    async insert({ id, ...content }: NotebookContent & { readonly id: string }): Promise<Notebook | null> {
      return db.transaction(async (transaction) => {
        const values = { id, ...columnsOf(content), version: 1, updatedAt: new Date() };
        const [row] = await transaction
          .insert(notebooks)
          .values(values)
          .onConflictDoNothing()
          .returning(COLUMNS);
        const created = toNotebook(row);
        if (created !== null) await keep(transaction, created, undefined);
        return created;
      });
    },
    async save(
      { id, version, ...content }: NotebookContent & { readonly id: string; readonly version: number },
      note?: string,
    ): Promise<Notebook | null> {
      return db.transaction(async (transaction) => {
        const [row] = await transaction
          .update(notebooks)
          .set({ ...columnsOf(content), version: sql`${notebooks.version} + 1`, updatedAt: new Date() })
          .where(and(eq(notebooks.id, id), eq(notebooks.version, version)))
          .returning(COLUMNS);
        const saved = toNotebook(row);
        if (saved !== null) await keep(transaction, saved, note);
        return saved;
      });
    },
    async delete(id: string): Promise<boolean> {
      return (
        (await db.delete(notebooks).where(eq(notebooks.id, id)).returning({ id: notebooks.id })).length === 1
      );
    },
  });
}

type Transaction = Pick<Database, 'select' | 'insert' | 'update' | 'delete'>;

/** A save goes into the revision before it where that is of the last minutes; one with a note never does. */
async function keep(db: Transaction, saved: Notebook, note: string | undefined): Promise<void> {
  const { id, version, updatedAt, ...content } = saved;
  const now = new Date(updatedAt);
  const ofThis = eq(notebookRevisions.notebook, id);
  const [last] = await db
    .select({
      version: notebookRevisions.version,
      beganAt: notebookRevisions.beganAt,
      note: notebookRevisions.note,
    })
    .from(notebookRevisions)
    .where(ofThis)
    .orderBy(desc(notebookRevisions.version))
    .limit(1);
  const isFresh = last !== undefined && now.getTime() - last.beganAt.getTime() < ONE_REVISION_MS;
  if (last !== undefined && isFresh && last.version > 1 && last.note === null && note === undefined) {
    await db
      .update(notebookRevisions)
      .set({ version, content, savedAt: now })
      .where(and(ofThis, eq(notebookRevisions.version, last.version)));
    return;
  }
  await db.insert(notebookRevisions).values({
    notebook: id,
    version,
    content,
    beganAt: now,
    savedAt: now,
    note: note ?? null,
  });
  const [oldest] = await db
    .select({ version: notebookRevisions.version })
    .from(notebookRevisions)
    .where(ofThis)
    .orderBy(desc(notebookRevisions.version))
    .limit(1)
    .offset(KEPT_REVISIONS - 1);
  if (oldest !== undefined)
    await db.delete(notebookRevisions).where(and(ofThis, lt(notebookRevisions.version, oldest.version)));
}

function columnsOf({ title, cells, folder, mode }: NotebookContent) {
  return { title, cells, folder: folder ?? null, mode: mode ?? null };
}

function toNotebook(row: Row | undefined): Notebook | null {
  if (row === undefined) return null;
  const { folder, mode, updatedAt, ...rest } = row;
  return {
    ...rest,
    ...(folder === null ? {} : { folder }),
    ...(mode === null ? {} : { mode }),
    updatedAt: updatedAt.toISOString(),
  };
}
