import type { ComposedSql, ComposeRequest, SqlOutline } from '#shared/contract/notebook-relations.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { isWriteStatement } from '#shared/sql/write-statements.ts';
import { composeCells } from '#server/engine/compose/compose-cells.ts';
import { isQueryText, outlineSql } from '#server/engine/compose/outline-sql.ts';
import type { QueryPlanner } from '#server/engine/plan/plan-query.ts';

interface RelationsContext {
  readonly planner: Pick<QueryPlanner, 'parser'>;
}

const NOTHING = { relations: [], parameters: [] };

/** What each of some SQL texts names that may be a cell, as DuckDB's parser finds it. Never fails on SQL. */
export async function outlineStatements(
  { planner }: RelationsContext,
  statements: readonly string[],
): Promise<SqlOutline[]> {
  return Promise.all(statements.map(async (sql) => outlineOf(planner, sql)));
}

async function outlineOf(planner: RelationsContext['planner'], sql: string): Promise<SqlOutline> {
  if (isWriteStatement(sql)) return { kind: 'write', ...NOTHING };
  if (!isQueryText(sql)) return { kind: 'broken', ...NOTHING };
  try {
    const { tables, parameters } = await outlineSql(planner.parser, sql);
    const relations = tables.flatMap(({ name: [name, ...more], position, span, at, aliasWritten }) =>
      name === undefined || more.length > 0 || at !== null
        ? []
        : [{ name, start: position, end: span.end, aliased: aliasWritten }],
    );
    return { kind: 'query', relations, parameters: [...parameters] };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { kind: 'broken', ...NOTHING };
  }
}

/** The statement that runs a cell which reads other cells or inputs. @throws as composeCells */
export function composeCell(
  { planner }: RelationsContext,
  { cells, parameters = [], target, ref }: ComposeRequest,
): Promise<ComposedSql> {
  return composeCells(planner.parser, { cells, parameters, target, ref });
}
