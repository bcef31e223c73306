import { isAppError } from '#shared/errors/app-error.ts';
import type { AlterTableStatement } from '#server/engine/dml/statement.ts';
import { alterTable, tableId } from '../tables/index.ts';
import { callProcedure } from './call-procedure.ts';
import { createNamespace, dropNamespace } from './change-namespaces.ts';
import { changeRows } from './change-rows.ts';
import { commentOn } from './comment-on.ts';
import { createTableBy } from './create-table-as.ts';
import { createView } from './create-view.ts';
import { dropTable } from './drop-table.ts';
import { insertRows } from './insert-rows.ts';
import { assertNoView, refreshView } from './refresh-view.ts';
import { rename } from './rename.ts';
import { restore, undrop } from './restore.ts';
import { optimizeBy, vacuumBy } from './maintain-table.ts';
import {
  commitProperties,
  landedCommit,
  openTarget,
  type StatementContext,
  type StatementOutcome,
  type StatementRun,
} from './statement-context.ts';
import { truncateTable } from './truncate-table.ts';

const CHANGES_ROWS = new Set(['insert', 'delete', 'update', 'merge', 'truncate', 'alter-table']);

/** @throws as runStatement; COMMIT_CONFLICT where others changed what it has read */
export async function runOnce(ctx: StatementContext, run: StatementRun): Promise<StatementOutcome> {
  const { statement } = run;
  if (CHANGES_ROWS.has(statement.kind)) await assertNoView(ctx, run);
  switch (statement.kind) {
    case 'insert':
      return insertRows(ctx, { ...run, statement });
    case 'delete':
      // Without a condition no row needs to be looked at.
      return statement.where === null && statement.using === null
        ? truncateTable(ctx, run)
        : changeRows(ctx, { ...run, statement });
    case 'update':
    case 'merge':
      return changeRows(ctx, { ...run, statement });
    case 'truncate':
      return truncateTable(ctx, run);
    case 'create-table':
    case 'create-materialized-view':
      return createTableBy(ctx, { ...run, statement });
    case 'alter-table':
      return alterTableBy(ctx, { ...run, statement });
    case 'call':
      return callProcedure(ctx, { ...run, statement });
    case 'optimize':
      return optimizeBy(ctx, { ...run, statement });
    case 'vacuum':
      return vacuumBy(ctx, { ...run, statement });
    case 'refresh-materialized-view':
      return refreshView(ctx, { ...run, statement });
    case 'create-view':
      return createView(ctx, { ...run, statement });
    case 'create-namespace':
      return createNamespace(ctx, { ...run, statement });
    case 'drop-namespace':
      return dropNamespace(ctx, { ...run, statement });
    case 'rename':
      return rename(ctx, { ...run, statement });
    case 'comment':
      return commentOn(ctx, { ...run, statement });
    case 'restore':
      return restore(ctx, { ...run, statement });
    case 'undrop':
      return undrop(ctx, { ...run, statement });
    case 'drop-table':
    case 'drop-view':
    case 'drop-materialized-view':
      return dropTable(ctx, { ...run, statement });
  }
}

async function alterTableBy(
  ctx: StatementContext,
  run: StatementRun<AlterTableStatement>,
): Promise<StatementOutcome> {
  const { statement, branch, message } = run;
  try {
    const { key } = await openTarget(ctx, run);
    const request = {
      changes: [...statement.changes],
      branch,
      ...(message === undefined ? {} : { message }),
    };
    const { commit } = await alterTable(ctx, tableId(key), request, commitProperties(statement));
    return { key, commit: landedCommit(commit) };
  } catch (error) {
    if (statement.ifExists && isAppError(error, 'TABLE_NOT_FOUND'))
      return { key: statement.target.parts, commit: null };
    throw error;
  }
}
