import { AppError } from '#shared/errors/app-error.ts';
import { readsHistory } from '#shared/sql/reads-history.ts';
import type { CreateTableStatement } from '#server/engine/dml/statement.ts';
import { isMetadataColumn } from '#server/engine/plan/metadata-columns.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';
import { givesCollation } from '#server/engine/views/gives-collation.ts';
import type { ServiceContext } from '../context.ts';
import { definitionState, sourceState, viewState, type SourceState } from '../query/index.ts';
import { loadTableAtRef, parseTableId, VIEW_SQL } from '../tables/index.ts';
import type { PlannedPart } from './plan-in-statement.ts';
import type { StatementContext, StatementRun } from './statement-context.ts';

export function isView({ kind }: CreateTableStatement): boolean {
  return kind === 'create-materialized-view';
}

/**
 * What the table that has a view's rows says of the view, and what its first rows are of.
 *
 * @throws UNSUPPORTED for a query that may have another answer next time, or reads a place in history, also through a view,
 *   or where a row is; for text with a collation
 */
export async function viewDefinition(
  ctx: StatementContext,
  run: StatementRun<CreateTableStatement>,
  { planned }: PlannedPart,
): Promise<{
  readonly properties: Record<string, string>;
  readonly sources: readonly SourceState[];
}> {
  const { sql, query } = run.statement;
  if (!planned.repeatable)
    throw new AppError(
      'UNSUPPORTED',
      'The query of a materialized view has to have one answer: leave out times of the run, random values and samples.',
    );
  assertOwnColumns(planned);
  assertFollows(planned);
  const text = query === null ? '' : sql.slice(query.start, query.end).trim();
  await assertPlainText(ctx, text, planned);
  return { properties: { [VIEW_SQL]: text }, sources: await sourceStates(ctx, run, planned) };
}

/**
 * What is read at a place in history is not among what a view's rows are compared with, so that nobody would see it change.
 *
 * @throws UNSUPPORTED where a query, or a view that it reads, says AT
 */
export function assertFollows({ reads, through }: Pick<PlannedQuery, 'reads' | 'through'>): void {
  if (reads.some(({ at }) => at !== null))
    throw new AppError(
      'UNSUPPORTED',
      'A materialized view follows its tables; take AT out of its query, and read the view itself AT a version.',
    );
  const view = through.find(({ sql }) => readsHistory(sql));
  if (view !== undefined)
    throw new AppError(
      'UNSUPPORTED',
      `A materialized view follows its tables, and the view ${view.name} reads its own AT a version or time; take AT out of the query of ${view.name}, or read other tables.`,
      { context: { view: view.name } },
    );
}

/**
 * Where a view's query stands in the place of its name, its tables are subqueries, which have no columns beside their own.
 *
 * @throws UNSUPPORTED where a query reads columns that say where a row of a table is
 */
export function assertOwnColumns({ sources }: Pick<PlannedQuery, 'sources'>): void {
  const read = sources.flatMap(({ table }) => (table?.rowColumns ?? []).filter(isMetadataColumn));
  if (read.length === 0) return;
  const names = [...new Set(read.map(({ name }) => name))].join(', ');
  throw new AppError(
    'UNSUPPORTED',
    `A view can't read ${names}, which a table has beside its own columns. Leave that out, or keep the rows by CREATE TABLE … AS SELECT ….`,
    { context: { columns: names } },
  );
}

/** Types that have text in them. */
const TEXT = /VARCHAR|JSON|VARIANT/;

/**
 * A table stores text without a collation, so that a condition would find other rows in it than in what the query gives.
 *
 * @param sql the query of a materialized view
 * @throws UNSUPPORTED where its result, by its own words or those of a view that it reads, may have a collation
 */
export async function assertPlainText(
  { planner }: Pick<StatementContext, 'planner'>,
  sql: string,
  { plan, through }: Pick<PlannedQuery, 'plan' | 'through'>,
): Promise<void> {
  if (!plan.columns.some(({ type }) => TEXT.test(type))) return;
  const queries = [{ name: null, sql }, ...through];
  for (const query of queries) {
    if (!(await givesCollation(planner.parser, query.sql))) continue;
    const by = query.name === null ? '' : `, which the view ${query.name} gives it`;
    throw new AppError(
      'UNSUPPORTED',
      `The rows of a materialized view are stored, and stored text has no collation${by}. Leave COLLATE to WHERE, GROUP BY and ORDER BY, and select the text itself (of a group min(…) of it); who reads the view may write COLLATE.`,
      { context: query.name === null ? {} : { view: query.name } },
    );
  }
}

/**
 * The tables that a plan reads, and the views that it reads them through, each once; among these the materialized views
 * whose query it has instead of their rows.
 */
export async function sourceStates(
  ctx: ServiceContext,
  { branch, hash }: Pick<StatementRun, 'branch' | 'hash'>,
  { plan, sources, through }: Pick<PlannedQuery, 'plan' | 'sources' | 'through'>,
): Promise<readonly SourceState[]> {
  const tables = sources.flatMap(({ table }) => (table === null ? [] : [sourceState(table)]));
  const notFresh = (plan.views ?? []).filter(({ fresh }) => !fresh);
  const definitions = notFresh.map(async ({ table }) => {
    const { metadata } = await loadTableAtRef(ctx, { name: branch, hash }, parseTableId(table));
    return definitionState(table, metadata);
  });
  const states = [...tables, ...through.map(viewState), ...(await Promise.all(definitions))];
  return [...new Map(states.map((state) => [state.name, state])).values()];
}
