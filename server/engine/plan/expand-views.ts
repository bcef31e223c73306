import type { Plan } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { withPlace } from '#shared/sql/error-place.ts';
import { quoteIdentifier, quoteLiteral, quoteQualifiedName } from '#shared/sql/quoting.ts';
import { analyzeSql, type AnalyzedSql } from '../analyze/analyze.ts';
import type { SqlParser } from '../analyze/parse.ts';
import { rewriteSql } from '../analyze/rewrite.ts';
import type { SplicedSql } from '../analyze/splices.ts';
import type { TableReference } from '../analyze/table-reference.ts';
import { shortName } from './long-names.ts';
import type { PlannedQuery, PlanQueryInput } from './plan-query.ts';
import { isView, type ResolvedTable, type ResolvedView } from './scan-source.ts';

/** Views on views; one that reads itself by way of others would go on for ever. */
const DEPTH = 16;

type Found = ResolvedTable | ResolvedView;

/**
 * The query with views, and materialized views that are not fresh, exchanged for the queries that define them; null
 * where there is none.
 *
 * @throws UNSUPPORTED where the query of a view can't be read here
 */
export async function expandViews(
  parser: SqlParser,
  analyzed: AnalyzedSql,
  tables: readonly Found[],
): Promise<SplicedSql | null> {
  if (tables.every((table) => !isExpanded(table))) return null;
  const substitutes = await Promise.all(
    tables.map(async (table, index) => {
      const reference = analyzed.tables[index];
      if (isView(table)) return placed(analyzed.sql, reference, async () => viewQuery(parser, table));
      const { view, commit } = table;
      if (view !== undefined && !view.fresh)
        return `(\n${await definitionAt(parser, view.sql, commit, ({ name }) => name)}\n)`;
      const { name = [], at = null } = reference ?? {};
      return `(FROM ${quoteQualifiedName(name)}${at === null ? '' : ` AT (${at.unit} => ${at.sql})`})`;
    }),
  );
  return rewriteSql(analyzed, substitutes);
}

/** Whether a query stands for it. */
function isExpanded(table: Found): boolean {
  return isView(table) || (table.view !== undefined && !table.view.fresh);
}

/** By name, so that a view gives the columns that it gave when it was made, whatever its tables have got since. */
async function viewQuery(parser: SqlParser, view: ResolvedView): Promise<string> {
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
  return `(SELECT ${items} FROM (\n${definition}\n) AS ${quoteIdentifier(name.split('.').at(-1) ?? name)})`;
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
): Promise<string> {
  const analyzed = await analyzeSql(parser, sql);
  const pinned = commit === undefined ? '' : ` AT (VERSION => ${quoteLiteral(commit)})`;
  const tables = analyzed.tables.map((table) => {
    const { at } = table;
    const where = at === null ? pinned : ` AT (${at.unit} => ${at.sql})`;
    return `(FROM ${quoteQualifiedName(shortName(nameOf(table)))}${where})`;
  });
  return rewriteSql(analyzed, tables).sql;
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
 * @throws as the plan of that, and says which view it is about; UNSUPPORTED for a circle
 */
export async function planExpanded(
  plan: (input: PlanQueryInput) => Promise<PlannedQuery>,
  input: PlanQueryInput,
  expanded: SplicedSql,
  named: ReadonlyMap<number, string>,
): Promise<PlannedQuery> {
  const { viewDepth = 0 } = input;
  if (viewDepth >= DEPTH)
    throw new AppError(
      'UNSUPPORTED',
      `Views are read through more than ${DEPTH} others here, or through themselves. Drop or replace one of them.`,
    );
  try {
    return await planStandIn(plan, { ...input, viewDepth: viewDepth + 1 }, expanded);
  } catch (error) {
    const view = error instanceof AppError ? named.get(Number(error.context['position'])) : undefined;
    if (!(error instanceof AppError) || view === undefined) throw error;
    throw new AppError(error.code, `The view ${view} can't be read. ${error.message}`, {
      context: { ...error.context, view },
      cause: error.cause,
    });
  }
}

/** Where a query names which view, see planExpanded. */
export function namedViews(analyzed: AnalyzedSql, tables: readonly Found[]): ReadonlyMap<number, string> {
  return new Map(
    tables.flatMap((table, index) => {
      const reference = analyzed.tables[index];
      return reference === undefined || !isExpanded(table)
        ? []
        : [[reference.span.start, table.name] as const];
    }),
  );
}

/** Plans the query that stands for another; places are those of the other one. */
export async function planStandIn(
  plan: (input: PlanQueryInput) => Promise<PlannedQuery>,
  input: PlanQueryInput,
  standIn: Pick<SplicedSql, 'sql' | 'toOriginal'>,
): Promise<PlannedQuery> {
  try {
    const planned = await plan({ ...input, sql: standIn.sql });
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
