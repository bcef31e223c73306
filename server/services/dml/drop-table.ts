import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { DropTableStatement } from '#server/engine/dml/statement.ts';
import { VIEW_SQL } from '../query/index.ts';
import { tableId } from '../tables/index.ts';
import {
  commitProperties,
  openTarget,
  placedAtTarget,
  type StatementContext,
  type StatementOutcome,
  type StatementRun,
  type Target,
} from './statement-context.ts';

/** Takes a table from the branch. Its files stay: history, other branches and tags still read them. */
export async function dropTable(
  ctx: StatementContext,
  run: StatementRun<DropTableStatement>,
): Promise<StatementOutcome> {
  const { statement, branch } = run;
  let target: Target;
  try {
    target = await openTarget(ctx, run);
  } catch (error) {
    if (statement.ifExists && isAppError(error, 'TABLE_NOT_FOUND'))
      return { key: statement.target.parts, commit: null };
    throw error;
  }
  const { key, content, metadata } = target;
  const isView = metadata.properties[VIEW_SQL] !== undefined;
  if (isView !== (statement.kind === 'drop-materialized-view'))
    throw placedAtTarget(
      new AppError(
        'INVALID_INPUT',
        isView
          ? `${tableId(key)} is a materialized view; write DROP MATERIALIZED VIEW.`
          : `${tableId(key)} is a table and no materialized view; write DROP TABLE.`,
        { context: { table: tableId(key) } },
      ),
      statement.sql,
      statement.target.span.start,
    );
  const commit = await ctx.catalog.commit({
    branch,
    author: ctx.author,
    message: run.message ?? `Drop ${tableId(key)}`,
    properties: commitProperties(statement),
    operations: [{ kind: 'delete', key }],
    requirements: [{ key, content }],
  });
  return { key, commit };
}
