import type { ComposedSql, ComposeRequest, SqlOutline } from '#shared/contract/notebook-relations.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { splitStatements, statementInPlace } from '#shared/sql/statements.ts';
import { isWriteStatement, queryOfWrite } from '#shared/sql/write-statements.ts';
import { composeCells } from '#server/engine/compose/compose-cells.ts';
import { outlineChange } from '#server/engine/compose/outline-change.ts';
import { isQueryText, outlineSql, type OutlinedSql } from '#server/engine/compose/outline-sql.ts';
import type { ServiceContext } from '../context.ts';
import { resolveRef } from '../refs/index.ts';
import type { QueryPlanner } from '#server/engine/plan/plan-query.ts';

interface ParserContext {
  readonly planner: Pick<QueryPlanner, 'parser'>;
}

const NOTHING = { relations: [], parameters: [] };

/** What each of some SQL texts names that may be a cell, as DuckDB's parser finds it. Never fails on SQL. */
export async function outlineStatements(
  { planner }: ParserContext,
  statements: readonly string[],
): Promise<SqlOutline[]> {
  return Promise.all(statements.map(async (sql) => outlineOf(planner, sql)));
}

/** Of several statements, all that they name; what kind it is, the last one says: it is what others read. */
async function outlineOf(planner: ParserContext['planner'], sql: string): Promise<SqlOutline> {
  const statements = splitStatements(sql);
  if (statements.length < 2) return outlineOfOne(planner, sql);
  const outlines = await Promise.all(
    statements.map(async (each) => outlineOfOne(planner, statementInPlace(sql, each))),
  );
  return {
    kind: outlines.at(-1)?.kind ?? 'broken',
    relations: outlines.flatMap(({ relations }) => relations),
    parameters: outlines.flatMap(({ parameters }) => parameters),
  };
}

async function outlineOfOne(planner: ParserContext['planner'], sql: string): Promise<SqlOutline> {
  if (isWriteStatement(sql)) {
    const start = queryOfWrite(sql);
    if (start === null) {
      const change = await outlineChange(planner.parser, sql);
      return change === null ? { kind: 'write', ...NOTHING } : { kind: 'write', ...namesOf(change) };
    }
    const query = statementInPlace(sql, { start, text: sql.slice(start) });
    return { ...(await outlineOfOne(planner, query)), kind: 'write' };
  }
  if (!isQueryText(sql)) return { kind: 'broken', ...NOTHING };
  try {
    return { kind: 'query', ...namesOf(await outlineSql(planner.parser, sql)) };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { kind: 'broken', ...NOTHING };
  }
}

function namesOf({ tables, parameters }: OutlinedSql): Omit<SqlOutline, 'kind'> {
  const relations = tables.flatMap(({ name: [name, ...more], position, span, at, aliasWritten }) =>
    name === undefined || more.length > 0 || at !== null
      ? []
      : [{ name, start: position, end: span.end, aliased: aliasWritten }],
  );
  return { relations, parameters: [...parameters] };
}

/**
 * The statement that runs a cell which reads other cells or inputs. Cells that are read elsewhere in history than the
 * target are read at the very commit that is there now, so that the statement gives the same rows at any later time.
 *
 * @throws as composeCells; REF_NOT_FOUND for the place of a cell
 */
export async function composeCell(
  ctx: ParserContext & ServiceContext,
  { cells, parameters = [], target, ref }: ComposeRequest,
): Promise<ComposedSql> {
  const own = cells.find(({ id }) => id === target)?.ref ?? ref;
  const others = [...new Set([ref, ...cells.flatMap((cell) => cell.ref ?? [])])].filter(
    (each) => each !== own,
  );
  const pins = new Map(
    await Promise.all(others.map(async (each) => [each, await pinned(ctx, each)] as const)),
  );
  const at = (expression: string): string => pins.get(expression) ?? expression;
  return composeCells(ctx.planner.parser, {
    cells: cells.map((cell) => (cell.ref === undefined ? cell : { ...cell, ref: at(cell.ref) })),
    parameters,
    target,
    ref: at(ref),
  });
}

async function pinned(ctx: ServiceContext, expression: string): Promise<string> {
  const { name, hash } = await resolveRef(ctx, expression);
  return name === hash ? hash : `${name}@${hash}`;
}
