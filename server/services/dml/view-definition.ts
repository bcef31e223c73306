import { AppError } from '#shared/errors/app-error.ts';
import type { CreateTableStatement } from '#server/engine/dml/statement.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';
import { sourceState, viewState, type SourceState } from '../query/index.ts';
import { VIEW_SQL } from '../tables/index.ts';
import type { PlannedPart } from './plan-in-statement.ts';

export function isView({ kind }: CreateTableStatement): boolean {
  return kind === 'create-materialized-view';
}

/**
 * What the table that has a view's rows says of the view, and what its first rows are of.
 *
 * @throws UNSUPPORTED for a query that may have another answer next time, or reads a place in history
 */
export function viewDefinition(
  { sql, query }: CreateTableStatement,
  { planned }: PlannedPart,
): { readonly properties: Record<string, string>; readonly sources: readonly SourceState[] } {
  if (!planned.repeatable)
    throw new AppError(
      'UNSUPPORTED',
      'The query of a materialized view has to have one answer: leave out times of the run, random values and samples.',
    );
  if (planned.reads.some(({ at }) => at !== null))
    throw new AppError(
      'UNSUPPORTED',
      'A materialized view follows its tables; take AT out of its query, and read the view itself AT a version.',
    );
  const text = query === null ? '' : sql.slice(query.start, query.end).trim();
  return { properties: { [VIEW_SQL]: text }, sources: sourceStates(planned) };
}

/** The tables that a plan reads, and the views that it reads them through, each once. */
export function sourceStates({
  sources,
  through,
}: Pick<PlannedQuery, 'sources' | 'through'>): readonly SourceState[] {
  const tables = sources.flatMap(({ table }) => (table === null ? [] : [sourceState(table)]));
  return [...new Map([...tables, ...through.map(viewState)].map((state) => [state.name, state])).values()];
}
