import type { Plan } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { lineColumn } from '#shared/sql/positions.ts';
import { quoteLiteral, quoteQualifiedName } from '#shared/sql/quoting.ts';
import { analyzeSql, type AnalyzedSql } from '../analyze/analyze.ts';
import type { SqlParser } from '../analyze/parse.ts';
import { rewriteSql } from '../analyze/rewrite.ts';
import type { SplicedSql } from '../analyze/splices.ts';
import type { PlannedQuery, PlanQueryInput } from './plan-query.ts';
import type { ResolvedTable } from './scan-source.ts';

/** Materialized views on materialized views; one that reads itself by way of others would go on for ever. */
const DEPTH = 16;

/**
 * The query with materialized views that are not fresh exchanged for the queries that define them; null where there is
 * none.
 */
export async function expandStaleViews(
  parser: SqlParser,
  analyzed: AnalyzedSql,
  tables: readonly ResolvedTable[],
): Promise<SplicedSql | null> {
  if (tables.every(({ view }) => view === undefined || view.fresh)) return null;
  const substitutes = await Promise.all(
    tables.map(async ({ view, commit }, index) => {
      if (view !== undefined && !view.fresh) return `(\n${await definitionAt(parser, view.sql, commit)}\n)`;
      const { name = [], at = null } = analyzed.tables[index] ?? {};
      return `(FROM ${quoteQualifiedName(name)}${at === null ? '' : ` AT (${at.unit} => ${at.sql})`})`;
    }),
  );
  return rewriteSql(analyzed, substitutes);
}

/** A definition that reads its tables at the commit that the view was found at. */
async function definitionAt(parser: SqlParser, sql: string, commit: string | undefined): Promise<string> {
  const analyzed = await analyzeSql(parser, sql);
  const at = commit === undefined ? '' : ` AT (VERSION => ${quoteLiteral(commit)})`;
  const tables = analyzed.tables.map(({ name }) => `(FROM ${quoteQualifiedName(name)}${at})`);
  return rewriteSql(analyzed, tables).sql;
}

/** Plans the query that stands for another; places are those of the other one. */
export async function planExpanded(
  plan: (input: PlanQueryInput) => Promise<PlannedQuery>,
  input: PlanQueryInput,
  expanded: SplicedSql,
): Promise<PlannedQuery> {
  const { viewDepth = 0 } = input;
  if (viewDepth >= DEPTH)
    throw new AppError(
      'UNSUPPORTED',
      `Materialized views are read through more than ${DEPTH} others here, or through themselves. Refresh or drop one of them.`,
    );
  try {
    const planned = await plan({ ...input, sql: expanded.sql, viewDepth: viewDepth + 1 });
    const { anchors: _, ...rest } = planned.plan;
    return {
      ...planned,
      plan: rest,
      source: {
        sql: input.sql,
        toOriginal: (offset) => expanded.toOriginal(planned.source.toOriginal(offset)),
      },
    };
  } catch (error) {
    if (!(error instanceof AppError) || typeof error.context['position'] !== 'number') throw error;
    const position = expanded.toOriginal(error.context['position']);
    throw new AppError(error.code, error.message, {
      context: { ...error.context, position, ...lineColumn(input.sql, position) },
      cause: error,
    });
  }
}

/** What a plan says of the materialized views that its query names. */
export function viewsOf(tables: readonly ResolvedTable[]): NonNullable<Plan['views']> {
  const found = new Map(
    tables.flatMap(({ name, view }) =>
      view === undefined ? [] : [[name, { table: name, fresh: view.fresh, reason: view.reason }] as const],
    ),
  );
  return [...found.values()];
}
