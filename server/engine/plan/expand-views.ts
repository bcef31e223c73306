import type { Plan } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { withPlace } from '#shared/sql/error-place.ts';
import { quoteIdentifier, quoteLiteral, quoteQualifiedName } from '#shared/sql/quoting.ts';
import { analyzeSql, type AnalyzedSql } from '../analyze/analyze.ts';
import type { SqlParser } from '../analyze/parse.ts';
import { rewriteSql } from '../analyze/rewrite.ts';
import type { SplicedSql } from '../analyze/splices.ts';
import type { TableReference } from '../analyze/table-reference.ts';
import { isLongName, quoteLongNames, shortName } from './long-names.ts';
import type { PlannedQuery, PlanQueryInput } from './plan-query.ts';
import { isView, type ResolvedTable, type ResolvedView } from './scan-source.ts';

/** Views on views. */
const DEPTH = 16;
/** Tables and views that a statement reads by its views: planning takes a second for some hundreds. */
const MOST = 1000;

type Found = ResolvedTable | ResolvedView;

/** What stands in the place of a table or view, and how many others that reads. */
interface StandIn {
  readonly sql: string;
  readonly reads: number;
}

export interface ExpandedSql extends SplicedSql {
  /** See PlanQueryInput.byViews. */
  readonly byViews: number;
}

/** A view whose query stands in its place. */
export type Expanded = Pick<Found, 'name' | 'commit'>;

/**
 * The query with views, and materialized views that are not fresh, exchanged for the queries that define them; null
 * where there is none.
 *
 * @throws UNSUPPORTED where the query of a view can't be read here, where views read each other in a circle, and where they
 *   come to too many tables, before that is written down; what the signal was aborted for
 */
export async function expandViews(
  parser: SqlParser,
  analyzed: AnalyzedSql,
  tables: readonly Found[],
  { within, byViews: before = 0, signal }: Pick<PlanQueryInput, 'within' | 'byViews' | 'signal'>,
): Promise<ExpandedSql | null> {
  if (tables.every((table) => !isExpanded(table))) return null;
  signal?.throwIfAborted();
  if (within !== undefined) refuseCircles(analyzed, tables, within);
  // What is named twice is one object.
  const known = new Map<Found, Promise<StandIn>>();
  const substitutes = await Promise.all(
    tables.map(async (table, index) => {
      const reference = analyzed.tables[index];
      if (!isExpanded(table)) return itself(reference);
      const found = known.get(table) ?? standIn(parser, table);
      known.set(table, found);
      return placed(analyzed.sql, reference, async () => found);
    }),
  );
  signal?.throwIfAborted();
  const byViews = substitutes.reduce((sum, { reads }) => sum + reads, before);
  if (byViews > MOST) throw tooMany(byViews, tables);
  const texts = substitutes.map(({ sql }) => sql);
  return { ...rewriteSql(analyzed, texts), byViews };
}

function itself(reference: TableReference | undefined): StandIn {
  const { name = [], at = null } = reference ?? {};
  const where = at === null ? '' : ` AT (${at.unit} => ${at.sql})`;
  return { sql: `(FROM ${quoteQualifiedName(name)}${where})`, reads: 0 };
}

async function standIn(parser: SqlParser, table: Found): Promise<StandIn> {
  if (isView(table)) return viewQuery(parser, table);
  const { name: ofView, view, commit } = table;
  const definition = definitionAt(parser, view?.sql ?? '', commit, ({ name }) => name);
  const { sql, reads } = await definition.catch((error: unknown) => {
    throw error instanceof AppError ? brokenStored(ofView, error) : error;
  });
  return { sql: `(\n${sql}\n)`, reads };
}

function tooMany(count: number, tables: readonly Found[]): AppError {
  const names = [...new Set(tables.filter(isExpanded).map(({ name }) => name))];
  return new AppError(
    'UNSUPPORTED',
    `The views of this query come to ${count.toLocaleString('en-US')} tables and views at least, as views of views that are named several times do; they may come to ${MOST.toLocaleString('en-US')}. CREATE MATERIALIZED VIEW instead of one of them, such as ${names[0] ?? ''}, keeps its rows.`,
    { context: { views: names } },
  );
}

/** Before a query stands in its own place: it would for ever. */
function refuseCircles(
  { sql, tables: references }: AnalyzedSql,
  tables: readonly Found[],
  within: NonNullable<PlanQueryInput['within']>,
): void {
  for (const [index, table] of tables.entries()) {
    const reference = references[index];
    if (reference === undefined || !isExpanded(table)) continue;
    const outer = within(reference.span.start);
    const before = outer.findIndex(({ name, commit }) => name === table.name && commit === table.commit);
    if (before < 0 && outer.length < DEPTH) continue;
    throw withPlace(before < 0 ? tooDeep() : circle(outer.slice(before)), sql, reference.span.start);
  }
}

function tooDeep(): AppError {
  return new AppError(
    'UNSUPPORTED',
    `Views are read through more than ${DEPTH} others here. Write the query of one of them in place of its name.`,
    { context: { views: [] } },
  );
}

function circle(views: readonly Expanded[]): AppError {
  const [first = '', ...others] = views.map(({ name }) => name);
  const way = others.length === 0 ? '' : `, through ${others.join(' and ')}`;
  const what = others.length === 0 ? 'it' : 'one of them';
  return new AppError(
    'UNSUPPORTED',
    `The view ${first} reads itself${way}, and so can't be read. Drop or replace ${what}.`,
    { context: { views: [first, ...others] } },
  );
}

/** Whether a query stands for it. */
function isExpanded(table: Found): boolean {
  return isView(table) || (table.view !== undefined && !table.view.fresh);
}

/** By name, so that a view gives the columns that it gave when it was made, whatever its tables have got since. */
async function viewQuery(parser: SqlParser, view: ResolvedView): Promise<StandIn> {
  const { sql, columns, commit, dialect, name, defaultNamespace } = view;
  const definition = await definitionAt(parser, sql, commit, (table) => nameInView(view, table)).catch(
    (error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      throw new AppError(
        'UNSUPPORTED',
        `The query of the view ${name}, in the SQL of ${dialect}, can't be read here. ${error.message} CREATE OR REPLACE VIEW ${name} gives it another.`,
        { context: { view: name, namespace: defaultNamespace.join('.') }, cause: error },
      );
    },
  );
  const items = columns.length === 0 ? '*' : columns.map(quoteIdentifier).join(', ');
  const alias = quoteIdentifier(name.split('.').at(-1) ?? name);
  return { sql: `(SELECT ${items} FROM (\n${definition.sql}\n) AS ${alias})`, reads: definition.reads };
}

/** What is wrong with the stored query of a materialized view is nothing in what the person wrote. */
export function brokenStored(name: string, cause: AppError): AppError {
  return new AppError(
    'UNSUPPORTED',
    `The stored query of the materialized view ${name} can't be read. ${cause.message} CREATE OR REPLACE MATERIALIZED VIEW ${name} gives it another.`,
    { context: { view: name }, cause },
  );
}

/** A name of a view's query as the lakehouse has it. */
export function nameInView(
  { defaultCatalog, defaultNamespace }: Pick<ResolvedView, 'defaultCatalog' | 'defaultNamespace'>,
  { name }: TableReference,
): readonly string[] {
  if (name.length === 1) return [...defaultNamespace, ...name];
  return name.length === 3 && name[0] === defaultCatalog ? name.slice(1) : name;
}

/** A definition that reads its tables at the commit that the view was found at; where it says AT, there. */
async function definitionAt(
  parser: SqlParser,
  sql: string,
  commit: string | undefined,
  nameOf: (table: TableReference) => readonly string[],
): Promise<StandIn> {
  const analyzed = await analyzeSql(parser, sql).catch(async (error: unknown) => {
    const quoted = isLongName(error) ? quoteLongNames(sql) : null;
    if (quoted === null) throw error;
    return analyzeSql(parser, quoted.sql);
  });
  const pinned = commit === undefined ? '' : ` AT (VERSION => ${quoteLiteral(commit)})`;
  const tables = analyzed.tables.map((table) => {
    const { at } = table;
    const where = at === null ? pinned : ` AT (${at.unit} => ${at.sql})`;
    return `(FROM ${quoteQualifiedName(shortName(nameOf(table)))}${where})`;
  });
  return { sql: rewriteSql(analyzed, tables).sql, reads: tables.length };
}

async function placed<T>(
  sql: string,
  reference: TableReference | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof AppError && reference !== undefined
      ? withPlace(error, sql, reference.position)
      : error;
  }
}

/**
 * Plans the query that has others in the place of views.
 *
 * @param named where the query names which view
 * @throws as the plan of that, and says which view it is about
 */
export async function planExpanded(
  plan: (input: PlanQueryInput) => Promise<PlannedQuery>,
  input: PlanQueryInput,
  expanded: ExpandedSql,
  named: ReadonlyMap<number, Expanded>,
): Promise<PlannedQuery> {
  const within = (offset: number) => {
    const view = named.get(offset);
    return [...(input.within?.(offset) ?? []), ...(view === undefined ? [] : [view])];
  };
  try {
    return await planStandIn(plan, { ...input, within, byViews: expanded.byViews }, expanded);
  } catch (error) {
    const view = error instanceof AppError ? named.get(Number(error.context['position'])) : undefined;
    // What is wrong with several views names them.
    if (!(error instanceof AppError) || view === undefined || 'views' in error.context) throw error;
    throw new AppError(error.code, `The view ${view.name} can't be read. ${error.message}`, {
      context: { ...error.context, view: view.name },
      cause: error.cause,
    });
  }
}

/** Where a query names which view, see planExpanded. */
export function namedViews(analyzed: AnalyzedSql, tables: readonly Found[]): ReadonlyMap<number, Expanded> {
  return new Map(
    tables.flatMap((table, index) => {
      const reference = analyzed.tables[index];
      return reference === undefined || !isExpanded(table) ? [] : [[reference.span.start, table] as const];
    }),
  );
}

/** Plans the query that stands for another; places are those of the other one. */
export async function planStandIn(
  plan: (input: PlanQueryInput) => Promise<PlannedQuery>,
  input: PlanQueryInput,
  standIn: Pick<SplicedSql, 'sql' | 'toOriginal'>,
): Promise<PlannedQuery> {
  const { within } = input;
  try {
    const planned = await plan({
      ...input,
      sql: standIn.sql,
      ...(within === undefined ? {} : { within: (offset) => within(standIn.toOriginal(offset)) }),
    });
    const { anchors: _, ...rest } = planned.plan;
    return {
      ...planned,
      plan: rest,
      source: {
        sql: input.sql,
        toOriginal: (offset) => standIn.toOriginal(planned.source.toOriginal(offset)),
      },
    };
  } catch (error) {
    if (!(error instanceof AppError) || typeof error.context['position'] !== 'number') throw error;
    throw withPlace(error, input.sql, standIn.toOriginal(error.context['position']));
  }
}

/** What a plan says of the materialized views that its query names. */
export function viewsOf(tables: readonly Found[]): NonNullable<Plan['views']> {
  const found = new Map(
    tables.flatMap((table) => {
      if (isView(table) || table.view === undefined) return [];
      const { name, view } = table;
      return [[name, { table: name, fresh: view.fresh, reason: view.reason }] as const];
    }),
  );
  return [...found.values()];
}
