import { AppError } from '#shared/errors/app-error.ts';
import { withPlace } from '#shared/sql/error-place.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import type { ContentKey } from '#server/catalog/model.ts';
import { analyzeSql } from '#server/engine/analyze/analyze.ts';
import type { SqlParser } from '#server/engine/analyze/parse.ts';
import type { TableReference } from '#server/engine/analyze/table-reference.ts';
import type { Span } from '#server/engine/dml/token-cursor.ts';
import { nameInView } from '#server/engine/plan/expand-views.ts';
import { isLongName, longName, quoteLongNames } from '#server/engine/plan/long-names.ts';
import { findContentAtRef, loadContent, tableId, VIEW_SQL, type FoundContent } from '../tables/index.ts';
import { ICEBERG_VIEW, openView } from '../views/index.ts';
import type { StatementContext, StatementRun } from './statement-context.ts';

/** The query of a view. */
interface ViewQuery {
  readonly sql: string;
  /** A name in it as the lakehouse has it. */
  readonly nameOf: (table: TableReference) => ContentKey;
}

/** A name that is read, and how the new view comes to read it. */
interface Read {
  readonly key: ContentKey;
  /** The views between, from the new one on. */
  readonly through: readonly string[];
  /** UTF-16 offset of the first of all these names in the new view's query. */
  readonly position: number;
}

/**
 * Views that read each other in a circle can't be read at all, so the statement that would close it is refused. A
 * materialized view reads what its query does, also while it is fresh. What is read at a place in history is as it was
 * then, whatever the views are now.
 *
 * @param query of the view that a statement makes
 * @throws INVALID_INPUT
 */
export async function assertQueryReadsOthers(
  ctx: StatementContext,
  run: StatementRun,
  query: Span,
): Promise<void> {
  const { sql, target } = run.statement;
  const text = sql.slice(query.start, query.end);
  await assertNoCircle(
    ctx,
    run,
    target.parts,
    { sql: text, nameOf: asWritten },
    (offset) => query.start + offset,
  );
}

/** The same of a view that gets another name, by which others may have read something else. @throws INVALID_INPUT */
export async function assertNameReadsOthers(
  ctx: StatementContext,
  run: StatementRun,
  found: FoundContent,
  to: { readonly key: ContentKey; readonly position: number },
): Promise<void> {
  const query = await viewQueryOf(ctx, run, found);
  if (query !== null) await assertNoCircle(ctx, run, to.key, query, () => to.position);
}

/** @param placeOf an offset in the query, in the statement */
async function assertNoCircle(
  ctx: StatementContext,
  run: StatementRun,
  name: ContentKey,
  query: ViewQuery,
  placeOf: (offset: number) => number,
): Promise<void> {
  const view = tableId(name);
  const seen = new Set<string>();
  const first = await namesIn(ctx, run, query);
  let reads: readonly Read[] = first.map((each) => ({ ...each, through: [] }));
  while (reads.length > 0) {
    const next: Read[] = [];
    for (const { key, through, position } of reads) {
      const found = await foundOrNull(ctx, run, key);
      const id = tableId(found?.key ?? key);
      if (id === view) throw circle(run, view, through, placeOf(position));
      if (found === null || seen.has(id)) continue;
      seen.add(id);
      const inner = await viewQueryOf(ctx, run, found);
      if (inner === null) continue;
      for (const each of await namesIn(ctx, run, inner))
        next.push({ key: each.key, through: [...through, id], position });
    }
    reads = next;
  }
}

function asWritten({ name }: TableReference): ContentKey {
  return longName(name);
}

function circle(
  { statement }: StatementRun,
  view: string,
  through: readonly string[],
  place: number,
): AppError {
  const way = through.length === 0 ? '' : `, through ${through.join(' and ')}`;
  return withPlace(
    new AppError(
      'INVALID_INPUT',
      `The view ${view} would read itself${way}. Read the tables behind it, or write the query of ${view} in place of its name.`,
      { context: { view, through } },
    ),
    statement.sql,
    place,
  );
}

/** What can't be read closes no circle, and is told of by who plans the query. */
async function orNull<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error: unknown) => {
    if (error instanceof AppError) return null;
    throw error;
  });
}

async function foundOrNull(
  ctx: StatementContext,
  { branch, hash }: StatementRun,
  key: ContentKey,
): Promise<FoundContent | null> {
  return orNull(findContentAtRef(ctx, { name: branch, hash }, key));
}

/** Null for a table that is no view. */
async function viewQueryOf(
  ctx: StatementContext,
  { hash }: StatementRun,
  { key, content }: FoundContent,
): Promise<ViewQuery | null> {
  if (content.type === ICEBERG_VIEW) {
    const view = await orNull(openView(ctx, hash, key, content));
    return view && { sql: view.sql, nameOf: (table) => longName(nameInView(view, table)) };
  }
  const table = await orNull(loadContent(ctx, key, content));
  const sql = table?.metadata.properties[VIEW_SQL];
  return sql === undefined ? null : { sql, nameOf: asWritten };
}

/** The names that a query reads as they stand on the branch. */
async function namesIn(
  { planner }: StatementContext,
  { branch }: StatementRun,
  { sql, nameOf }: ViewQuery,
): Promise<readonly { readonly key: ContentKey; readonly position: number }[]> {
  const tables = (await orNull(tablesIn(planner.parser, sql))) ?? [];
  return tables
    .filter(({ at }) => at === null || (at.unit === 'VERSION' && at.sql === quoteLiteral(branch)))
    .map((table) => ({ key: nameOf(table), position: table.position }));
}

async function tablesIn(parser: SqlParser, sql: string): Promise<readonly TableReference[]> {
  try {
    return (await analyzeSql(parser, sql)).tables;
  } catch (error) {
    const short = isLongName(error) ? quoteLongNames(sql) : null;
    if (short === null) throw error;
    const { tables } = await analyzeSql(parser, short.sql);
    return tables.map((table) => ({ ...table, position: short.toOriginal(table.position) }));
  }
}
