import { isAppError } from '#shared/errors/app-error.ts';
import type { DropTableStatement } from '#server/engine/dml/statement.ts';
import { tableId } from '../tables/index.ts';
import {
  commitProperties,
  openTarget,
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
  const { key, content } = target;
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
