import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm';
import type { Notebook, NotebookContent, NotebookSummary } from '#shared/contract/notebooks.ts';
import { withDatabaseErrors } from './database-error.ts';
import type { Database } from './open-database.ts';
import { notebookRevisions, notebooks } from './schema.ts';

type Row = Omit<typeof notebooks.$inferSelect, 'schedule' | 'nextRunAt' | 'updatedBy'>;

interface SaveAbout {
  readonly note?: string | undefined;
  readonly author?: string | undefined;
  readonly keepBefore?: boolean | undefined;
}

/** Milliseconds: who types on makes no revision of every word. */
const ONE_REVISION_MS = 120_000;
/** Milliseconds without a save after which somebody has paused: what was there then is a state of its own. */
const PAUSE_MS = 20_000;
/** Revisions of a notebook without a name that are kept; the oldest go first. */
const KEPT_REVISIONS = 500;

/** Characters of a notebook's beginning that a list of notebooks has. */
const EXCERPT = 240;

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
export function createNotebookRepository(db: Database, keptRevisions = KEPT_REVISIONS) {
  return withDatabaseErrors({
    async list(): Promise<readonly NotebookSummary[]> {
      const { id, title, version, updatedAt, folder, updatedBy } = notebooks;
      const rows = await db
        .select({
          id,
          title,
          version,
          updatedAt,
          folder,
          updatedBy,
          cells: sql<string | number>`jsonb_array_length(${notebooks.cells})`,
          excerpt: sql<string | null>`(
            SELECT left(coalesce(written, shown), ${EXCERPT})
            FROM jsonb_array_elements(${notebooks.cells}) WITH ORDINALITY AS each(cell, place),
              LATERAL (SELECT nullif(btrim(cell ->> 'source', E' \\n\\t'), '') AS written,
                initcap(cell ->> 'kind') || ' of ' || nullif(cell ->> 'relation', '') AS shown) AS texts
            WHERE coalesce(written, shown) <> '' ORDER BY written IS NULL, place LIMIT 1)`,
        })
        .from(notebooks)
        .orderBy(desc(updatedAt));
      return rows.map(({ folder: at, updatedBy: by, excerpt, cells, ...row }) => ({
        ...row,
        cells: Number(cells),
        ...(at === null ? {} : { folder: at }),
        ...(by === null ? {} : { updatedBy: by }),
        ...(excerpt === null ? {} : { excerpt }),
        updatedAt: row.updatedAt.toISOString(),
      }));
    },
    async get(id: string): Promise<Notebook | null> {
      const [row] = await db.select(COLUMNS).from(notebooks).where(eq(notebooks.id, id));
      return toNotebook(row);
    },
    async insert(
      { id, ...content }: NotebookContent & { readonly id: string },
      author?: string,
    ): Promise<Notebook | null> {
      return db.transaction(async (transaction) => {
        const values = {
          id,
          ...columnsOf(content),
          version: 1,
          updatedAt: new Date(),
          updatedBy: author ?? null,
        };
        const [row] = await transaction
          .insert(notebooks)
          .values(values)
          .onConflictDoNothing()
          .returning(COLUMNS);
        const created = toNotebook(row);
        if (created !== null) await keep(transaction, created, { author }, keptRevisions);
        return created;
      });
    },
    async save(
      { id, version, ...content }: NotebookContent & { readonly id: string; readonly version: number },
      about: SaveAbout = {},
    ): Promise<Notebook | null> {
      return db.transaction(async (transaction) => {
        const [row] = await transaction
          .update(notebooks)
          .set({
            ...columnsOf(content),
            version: sql`${notebooks.version} + 1`,
            updatedAt: new Date(),
            updatedBy: about.author ?? null,
          })
          .where(and(eq(notebooks.id, id), eq(notebooks.version, version)))
          .returning(COLUMNS);
        const saved = toNotebook(row);
        if (saved !== null) await keep(transaction, saved, about, keptRevisions);
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

/** A save goes into the revision before it while somebody types on, unless one of both counts for itself. */
async function keep(
  db: Transaction,
  saved: Notebook,
  { note, author: by, keepBefore = false }: SaveAbout,
  kept: number,
): Promise<void> {
  const { id, version, updatedAt, ...content } = saved;
  const now = new Date(updatedAt);
  const author = by ?? null;
  const ofThis = eq(notebookRevisions.notebook, id);
  const [last] = await db
    .select({
      version: notebookRevisions.version,
      beganAt: notebookRevisions.beganAt,
      savedAt: notebookRevisions.savedAt,
      note: notebookRevisions.note,
      name: notebookRevisions.name,
      author: notebookRevisions.author,
    })
    .from(notebookRevisions)
    .where(ofThis)
    .orderBy(desc(notebookRevisions.version))
    .limit(1);
  const goesOn =
    last !== undefined &&
    now.getTime() - last.beganAt.getTime() < ONE_REVISION_MS &&
    now.getTime() - last.savedAt.getTime() < PAUSE_MS;
  // What two wrote is told apart.
  const isSame = last?.author === null || author === null || last?.author === author;
  const isPlain = isSame && last?.note === null && last.name === null && note === undefined && !keepBefore;
  if (last !== undefined && goesOn && isPlain && last.version > 1) {
    const replaced = await db
      .update(notebookRevisions)
      .set({ version, content, savedAt: now, author: author ?? last.author })
      // It may have been named since it was read.
      .where(and(ofThis, eq(notebookRevisions.version, last.version), isNull(notebookRevisions.name)))
      .returning({ version: notebookRevisions.version });
    if (replaced.length > 0) return;
  }
  await db.insert(notebookRevisions).values({
    notebook: id,
    version,
    content,
    beganAt: now,
    savedAt: now,
    note: note ?? null,
    author,
  });
  const [oldest] = await db
    .select({ version: notebookRevisions.version })
    .from(notebookRevisions)
    .where(and(ofThis, isNull(notebookRevisions.name)))
    .orderBy(desc(notebookRevisions.version))
    .limit(1)
    .offset(kept - 1);
  if (oldest !== undefined)
    await db
      .delete(notebookRevisions)
      .where(and(ofThis, isNull(notebookRevisions.name), lt(notebookRevisions.version, oldest.version)));
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
