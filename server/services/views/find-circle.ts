import { AppError } from '#shared/errors/app-error.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import type { ContentKey, Hash } from '#server/catalog/model.ts';
import { analyzeSql } from '#server/engine/analyze/analyze.ts';
import type { SqlParser } from '#server/engine/analyze/parse.ts';
import type { TableReference } from '#server/engine/analyze/table-reference.ts';
import { nameInView } from '#server/engine/plan/expand-views.ts';
import { isLongName, longName, quoteLongNames } from '#server/engine/plan/long-names.ts';
import type { QueryPlanner } from '#server/engine/plan/plan-query.ts';
import type { ServiceContext } from '../context.ts';
import { findContentAtRef, loadContent, tableId, VIEW_SQL, type FoundContent } from '../tables/index.ts';
import { openView } from './open-view.ts';
import { ICEBERG_VIEW } from './view-content.ts';

/** What reads the queries of views. */
export interface ViewReading extends ServiceContext {
  readonly planner: Pick<QueryPlanner, 'parser'>;
}

/** The head of a branch that is written to. */
interface Head {
  readonly name: string;
  readonly hash: Hash;
}

/** The query of a view. */
export interface ViewQuery {
  readonly sql: string;
  /** A name in it as the lakehouse has it. */
  readonly nameOf: (table: TableReference) => ContentKey;
}

/** How a view comes to read itself. */
export interface Circle {
  /** The views between, from the one that it names on. */
  readonly through: readonly string[];
  /** UTF-16 offset of the first of all these names in its query. */
  readonly position: number;
}

/** A name that is read, and how the view comes to read it. */
interface Read extends Circle {
  readonly key: ContentKey;
}

/**
 * How a view of this name would read itself; null where it does not. Views that read each other in a circle can't be read
 * at all. A materialized view reads what its query does, also while it is fresh. What is read at a place in history is as
 * it was then, whatever the views are now.
 */
export async function findCircle(
  ctx: ViewReading,
  head: Head,
  name: ContentKey,
  query: ViewQuery,
): Promise<Circle | null> {
  const view = tableId(name);
  const seen = new Set<string>();
  const first = await namesIn(ctx, head, query);
  let reads: readonly Read[] = first.map((each) => ({ ...each, through: [] }));
  while (reads.length > 0) {
    const next: Read[] = [];
    for (const { key, through, position } of reads) {
      const found = await orNull(findContentAtRef(ctx, head, key));
      const id = tableId(found?.key ?? key);
      if (id === view) return { through, position };
      if (found === null || seen.has(id)) continue;
      seen.add(id);
      const inner = await viewQueryOf(ctx, head, found);
      if (inner === null) continue;
      for (const each of await namesIn(ctx, head, inner))
        next.push({ key: each.key, through: [...through, id], position });
    }
    reads = next;
  }
  return null;
}

/** What a view that would read itself is refused with. */
export function circleError(name: ContentKey, { through }: Circle): AppError {
  const view = tableId(name);
  const way = through.length === 0 ? '' : `, through ${through.join(' and ')}`;
  return new AppError(
    'INVALID_INPUT',
    `The view ${view} would read itself${way}. Read the tables behind it, or write the query of ${view} in place of its name.`,
    { context: { view, through } },
  );
}

/** Of a view that is to stand at a key, as it is. @throws INVALID_INPUT where it would read itself there */
export async function assertReadsOthers(ctx: ViewReading, head: Head, found: FoundContent): Promise<void> {
  const query = await viewQueryOf(ctx, head, found);
  const circle = query === null ? null : await findCircle(ctx, head, found.key, query);
  if (circle !== null) throw circleError(found.key, circle);
}

/** Of a query in our SQL. */
export function nameAsWritten({ name }: TableReference): ContentKey {
  return longName(name);
}

/** What can't be read closes no circle, and is told of by who plans the query. */
async function orNull<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error: unknown) => {
    if (error instanceof AppError) return null;
    throw error;
  });
}

/** Null for a table that is no view. */
async function viewQueryOf(
  ctx: ViewReading,
  { hash }: Head,
  { key, content }: FoundContent,
): Promise<ViewQuery | null> {
  if (content.type === ICEBERG_VIEW) {
    const view = await orNull(openView(ctx, hash, key, content));
    return view && { sql: view.sql, nameOf: (table) => longName(nameInView(view, table)) };
  }
  const table = await orNull(loadContent(ctx, key, content));
  const sql = table?.metadata.properties[VIEW_SQL];
  return sql === undefined ? null : { sql, nameOf: nameAsWritten };
}

/** The names that a query reads as they stand on the branch. */
async function namesIn(
  { planner }: ViewReading,
  { name: branch }: Head,
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
