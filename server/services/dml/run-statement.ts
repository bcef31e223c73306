import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { StatementRequest, StatementResult } from '#shared/contract/statements.ts';
import { splitStatements } from '#shared/sql/statements.ts';
import { lineColumn } from '#shared/sql/positions.ts';
import { parseWriteStatement } from '#server/engine/dml/parse-statement.ts';
import type { AlterTableStatement } from '#server/engine/dml/statement.ts';
import { alterTable, describeCommit, tableId } from '../tables/index.ts';
import { changeRows } from './change-rows.ts';
import { createTableBy } from './create-table-as.ts';
import { dropTable } from './drop-table.ts';
import { insertRows } from './insert-rows.ts';
import { optimizeBy, vacuumBy } from './maintain-table.ts';
import {
  commitProperties,
  openTarget,
  writableBranch,
  type StatementContext,
  type StatementOutcome,
  type StatementRun,
} from './statement-context.ts';
import { truncateTable } from './truncate-table.ts';

/** Runs of one statement: another where a commit of others changed what the one before had read. */
const RUNS = 5;

/**
 * Runs one statement that changes a table, as one commit on a branch. Where other commits were first, it lands on
 * top of what they left if it would have done the same after them, and runs again if not.
 *
 * @throws SQL_SYNTAX, SQL_BINDING, COLUMN_NOT_FOUND, TABLE_NOT_FOUND, TABLE_ALREADY_EXISTS, each with its place in
 *   the SQL; FORBIDDEN (a tag, a commit or a time; a function that SQL may not call); SCHEMA_MISMATCH; SQL_RUNTIME (a
 *   value that does not fit, a row that two rows of a source match); COMMIT_CONFLICT after five runs
 */
export async function runStatement(
  ctx: StatementContext,
  request: StatementRequest,
  signal?: AbortSignal,
): Promise<StatementResult> {
  const started = performance.now();
  const statement = parseWriteStatement(onlyStatement(request.sql));
  for (let number = 1; ; number += 1) {
    const { branch, hash } = await writableBranch(ctx, request.ref);
    const run: StatementRun = { statement, branch, hash, message: request.message, signal };
    try {
      const { key, rows = {}, commit, snapshotId, note } = await runOnce(ctx, run);
      const text = (count: number | bigint | undefined) => String(count ?? 0);
      return {
        kind: statement.kind,
        table: tableId(key),
        branch,
        rows: { inserted: text(rows.inserted), updated: text(rows.updated), deleted: text(rows.deleted) },
        ...(commit === null ? {} : describeCommit(commit)),
        ...(snapshotId === undefined ? {} : { snapshotId: snapshotId.toString() }),
        ...(note === undefined ? {} : { note }),
        elapsedMs: Math.round(performance.now() - started),
      };
    } catch (error) {
      if (!isAppError(error, 'COMMIT_CONFLICT') || number === RUNS) throw error;
    }
  }
}

async function runOnce(ctx: StatementContext, run: StatementRun): Promise<StatementOutcome> {
  const { statement } = run;
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
      return createTableBy(ctx, { ...run, statement });
    case 'alter-table':
      return alterTableBy(ctx, { ...run, statement });
    case 'optimize':
      return optimizeBy(ctx, { ...run, statement });
    case 'vacuum':
      return vacuumBy(ctx, { ...run, statement });
    case 'drop-table':
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
    return { key, commit: commit === undefined ? null : { ...commit, time: new Date(commit.time) } };
  } catch (error) {
    if (statement.ifExists && isAppError(error, 'TABLE_NOT_FOUND'))
      return { key: statement.target.parts, commit: null };
    throw error;
  }
}

function onlyStatement(sql: string): string {
  const statements = splitStatements(sql);
  if (statements.length === 0)
    throw new AppError('INVALID_INPUT', 'There is no SQL to run: the text is empty.');
  const [, second] = statements;
  if (second === undefined) return sql;
  throw new AppError('INVALID_INPUT', `There are ${statements.length} statements here; run one at a time.`, {
    context: { position: second.start, ...lineColumn(sql, second.start) },
  });
}
