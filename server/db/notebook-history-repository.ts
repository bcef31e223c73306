import { and, asc, desc, eq, inArray, isNotNull, lt, lte, not, or, sql } from 'drizzle-orm';
import type {
  AllRunsQuery,
  NotebookRun,
  NotebookRunSummary,
  NotebookSchedule,
  Revision,
  RevisionSummary,
  RunOfNotebook,
  ScheduledNotebook,
} from '#shared/contract/notebook-history.ts';
import type { NotebookContent } from '#shared/contract/notebooks.ts';
import { withDatabaseErrors } from './database-error.ts';
import type { Database } from './open-database.ts';
import { notebookRevisions, notebookRuns, notebooks } from './schema.ts';

/** Saved runs of a notebook that are kept. */
const KEPT_RUNS = 200;

/** Revisions, schedules and saved runs; the port is NotebookHistoryStore of the notebooks service. */
export function createNotebookHistoryRepository(db: Database) {
  return withDatabaseErrors({
    async revisions(notebook: string): Promise<readonly RevisionSummary[]> {
      const rows = await db
        .select({
          version: notebookRevisions.version,
          title: sql<string>`${notebookRevisions.content} ->> 'title'`,
          cells: sql<string | number>`jsonb_array_length(${notebookRevisions.content} -> 'cells')`,
          savedAt: notebookRevisions.savedAt,
          note: notebookRevisions.note,
          name: notebookRevisions.name,
          author: notebookRevisions.author,
        })
        .from(notebookRevisions)
        .where(eq(notebookRevisions.notebook, notebook))
        .orderBy(desc(notebookRevisions.version));
      return rows.map(({ note, name, author, savedAt, cells, ...row }) => ({
        ...row,
        cells: Number(cells),
        savedAt: savedAt.toISOString(),
        ...(note === null ? {} : { note }),
        ...(name === null ? {} : { name }),
        ...(author === null ? {} : { author }),
      }));
    },
    async revisionContents(
      notebook: string,
      versions: readonly number[],
    ): Promise<readonly { readonly version: number; readonly content: NotebookContent }[]> {
      const { version, content } = notebookRevisions;
      return db
        .select({ version, content })
        .from(notebookRevisions)
        .where(and(eq(notebookRevisions.notebook, notebook), inArray(version, [...versions])))
        .orderBy(asc(version));
    },
    async revision(notebook: string, version: number): Promise<Revision | null> {
      const [row] = await db
        .select()
        .from(notebookRevisions)
        .where(and(eq(notebookRevisions.notebook, notebook), eq(notebookRevisions.version, version)));
      if (row === undefined) return null;
      const { content, note, name, author, savedAt } = row;
      const said = {
        ...(note === null ? {} : { note }),
        ...(name === null ? {} : { name }),
        ...(author === null ? {} : { author }),
      };
      return { version, title: content.title, savedAt: savedAt.toISOString(), ...said, content };
    },
    async nameRevision(notebook: string, version: number, name: string | null): Promise<boolean> {
      const named = await db
        .update(notebookRevisions)
        .set({ name })
        .where(and(eq(notebookRevisions.notebook, notebook), eq(notebookRevisions.version, version)))
        .returning({ version: notebookRevisions.version });
      return named.length === 1;
    },
    async schedule(
      notebook: string,
    ): Promise<{ readonly schedule: NotebookSchedule | null; readonly nextAt: Date | null } | null> {
      const [row] = await db
        .select({ schedule: notebooks.schedule, nextAt: notebooks.nextRunAt })
        .from(notebooks)
        .where(eq(notebooks.id, notebook));
      return row ?? null;
    },
    async setSchedule(
      notebook: string,
      schedule: NotebookSchedule | null,
      nextAt: Date | null,
    ): Promise<boolean> {
      const rows = await db
        .update(notebooks)
        .set({ schedule, nextRunAt: nextAt })
        .where(eq(notebooks.id, notebook))
        .returning({ id: notebooks.id });
      return rows.length === 1;
    },
    async due(
      now: Date,
    ): Promise<
      readonly { readonly id: string; readonly schedule: NotebookSchedule; readonly nextAt: Date }[]
    > {
      const rows = await db
        .select({ id: notebooks.id, schedule: notebooks.schedule, nextAt: notebooks.nextRunAt })
        .from(notebooks)
        .where(and(isNotNull(notebooks.schedule), lte(notebooks.nextRunAt, now)))
        .orderBy(asc(notebooks.nextRunAt));
      return rows.flatMap(({ id, schedule, nextAt }) =>
        schedule === null || nextAt === null ? [] : [{ id, schedule, nextAt }],
      );
    },
    /** Of several servers that find a run due, one takes it. */
    async take(notebook: string, dueAt: Date, nextAt: Date): Promise<boolean> {
      const rows = await db
        .update(notebooks)
        .set({ nextRunAt: nextAt })
        .where(and(eq(notebooks.id, notebook), eq(notebooks.nextRunAt, dueAt)))
        .returning({ id: notebooks.id });
      return rows.length === 1;
    },
    async schedules(): Promise<readonly ScheduledNotebook[]> {
      const last = db
        .selectDistinctOn([notebookRuns.notebook], {
          notebook: notebookRuns.notebook,
          run: sql<NotebookRunSummary>`${notebookRuns.run} - 'results'`.as('last_run'),
        })
        .from(notebookRuns)
        .orderBy(notebookRuns.notebook, desc(notebookRuns.startedAt))
        .as('last');
      const { id, title, folder, schedule, nextRunAt } = notebooks;
      const rows = await db
        .select({ id, title, folder, schedule, nextAt: nextRunAt, last: last.run })
        .from(notebooks)
        .leftJoin(last, eq(last.notebook, id))
        .where(isNotNull(schedule))
        .orderBy(asc(sql`lower(${title})`), asc(id));
      return rows.flatMap((row) =>
        row.schedule === null
          ? []
          : [
              {
                notebook: row.id,
                title: row.title,
                ...(row.folder === null ? {} : { folder: row.folder }),
                schedule: row.schedule,
                nextAt: row.nextAt?.toISOString() ?? null,
                paused: row.nextAt === null,
                ...(row.last === null ? {} : { last: row.last }),
              },
            ],
      );
    },
    async allRuns({ outcome, before, limit }: AllRunsQuery): Promise<readonly RunOfNotebook[]> {
      const [at, after] = before?.split('~') ?? [];
      const { id, startedAt, run } = notebookRuns;
      const failed = sql`(${run} ->> 'failed')::int > 0`;
      const older =
        at === undefined || after === undefined
          ? undefined
          : or(lt(startedAt, new Date(at)), and(eq(startedAt, new Date(at)), lt(id, after)));
      const rows = await db
        .select({ run: sql<NotebookRunSummary>`${run} - 'results'`, title: notebooks.title })
        .from(notebookRuns)
        .innerJoin(notebooks, eq(notebooks.id, notebookRuns.notebook))
        .where(and(older, outcome === undefined ? undefined : outcome === 'failed' ? failed : not(failed)))
        .orderBy(desc(startedAt), desc(id))
        .limit(limit);
      return rows.map((row) => ({ ...row.run, title: row.title }));
    },
    async saveRun(run: NotebookRun): Promise<void> {
      await db
        .insert(notebookRuns)
        .values({ id: run.id, notebook: run.notebook, startedAt: new Date(run.startedAt), run });
      await db.execute(sql`
        DELETE FROM ${notebookRuns} WHERE ${notebookRuns.notebook} = ${run.notebook} AND ${notebookRuns.id} NOT IN (
          SELECT id FROM ${notebookRuns} WHERE notebook = ${run.notebook} ORDER BY started_at DESC LIMIT ${KEPT_RUNS})`);
    },
    async runs(notebook: string): Promise<readonly NotebookRunSummary[]> {
      const rows = await db
        .select({ run: sql<NotebookRun>`${notebookRuns.run} - 'results'` })
        .from(notebookRuns)
        .where(eq(notebookRuns.notebook, notebook))
        .orderBy(desc(notebookRuns.startedAt));
      return rows.map(({ run }) => run);
    },
    async run(notebook: string, id: string): Promise<NotebookRun | null> {
      const [row] = await db
        .select({ run: notebookRuns.run })
        .from(notebookRuns)
        .where(and(eq(notebookRuns.notebook, notebook), eq(notebookRuns.id, id)));
      return row?.run ?? null;
    },
  });
}
