import { and, desc, eq, gte, lt, or, sql, type SQL } from 'drizzle-orm';
import type { QueryRun, QueryRunQuery, RecordedRun } from '#shared/contract/query-runs.ts';
import { withDatabaseErrors } from './database-error.ts';
import type { Database } from './open-database.ts';
import { notebooks, queryRuns } from './schema.ts';

/** The history of queries in the metadata database; the port is QueryRunStore of its service. */
export function createQueryRunRepository(db: Database) {
  return withDatabaseErrors({
    async record(runs: readonly RecordedRun[], author: string): Promise<number> {
      const values = runs.map(({ id, at, sql: text, state, engine, notebook, error, ...facts }) => ({
        id,
        at: new Date(at),
        author,
        sql: text,
        state,
        engine: engine ?? null,
        notebook: notebook ?? null,
        error: error ?? null,
        facts,
      }));
      const rows = await db
        .insert(queryRuns)
        .values(values)
        .onConflictDoNothing()
        .returning({ id: queryRuns.id });
      return rows.length;
    },
    async list({ limit, ...query }: QueryRunQuery): Promise<readonly QueryRun[]> {
      const rows = await db
        .select({ run: queryRuns, notebookTitle: notebooks.title })
        .from(queryRuns)
        .leftJoin(notebooks, eq(notebooks.id, queryRuns.notebook))
        .where(and(...conditions(query)))
        .orderBy(desc(queryRuns.at), desc(queryRuns.id))
        .limit(limit);
      return rows.map(({ run: { engine, notebook, error, facts, ...run }, notebookTitle }) => ({
        ...run,
        ...facts,
        at: run.at.toISOString(),
        ...(engine === null ? {} : { engine }),
        ...(notebook === null ? {} : { notebook }),
        ...(error === null ? {} : { error }),
        ...(notebookTitle === null ? {} : { notebookTitle }),
      }));
    },
    /** Keeps so many, the newest. */
    async trim(most: number): Promise<void> {
      const [oldest] = await db
        .select({ at: queryRuns.at, id: queryRuns.id })
        .from(queryRuns)
        .orderBy(desc(queryRuns.at), desc(queryRuns.id))
        .limit(1)
        .offset(most - 1);
      if (oldest !== undefined) await db.delete(queryRuns).where(isBefore(oldest.at, oldest.id));
    },
  });
}

function conditions({ q, state, engine, notebook, since, until, before }: Omit<QueryRunQuery, 'limit'>) {
  const [at, id] = before?.split('~') ?? [];
  return [
    ...wordsOf(q).map((word) => {
      const has = (column: typeof queryRuns.sql | typeof queryRuns.error) =>
        sql`strpos(lower(${column}), ${word}) > 0`;
      return or(has(queryRuns.sql), has(queryRuns.error));
    }),
    state === undefined ? undefined : eq(queryRuns.state, state),
    engine === undefined ? undefined : eq(queryRuns.engine, engine),
    notebook === undefined ? undefined : eq(queryRuns.notebook, notebook),
    since === undefined ? undefined : gte(queryRuns.at, new Date(since)),
    until === undefined ? undefined : lt(queryRuns.at, new Date(until)),
    at === undefined || id === undefined ? undefined : isBefore(new Date(at), id),
  ];
}

function wordsOf(text: string | undefined): string[] {
  return (text ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

function isBefore(at: Date, id: string): SQL | undefined {
  return or(lt(queryRuns.at, at), and(eq(queryRuns.at, at), lt(queryRuns.id, id)));
}
