import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { StatementRequest, StatementResult } from '#shared/contract/statements.ts';
import { splitStatements, type StatementSpan } from '#shared/sql/statements.ts';
import { lineColumn } from '#shared/sql/positions.ts';
import { parseRefStatement } from '#server/engine/dml/parse-ref-statement.ts';
import { parseWriteStatement } from '#server/engine/dml/parse-statement.ts';
import { describeCommit, tableId } from '../tables/index.ts';
import { runOnce } from './run-once.ts';
import { runRefStatement } from './run-ref-statement.ts';
import { isTransaction, runTransaction } from './run-transaction.ts';
import { writableBranch, type StatementContext, type StatementRun } from './statement-context.ts';

/** Runs of one statement: another where a commit of others changed what the one before had read. */
const RUNS = 5;

const OF_NAMESPACE = new Set(['create-namespace', 'drop-namespace']);

/**
 * Runs one statement that changes a table, or several between BEGIN and COMMIT, as one commit on a branch. Where other commits were first, it lands on
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
  const statements = splitStatements(request.sql);
  const ofRef = statements.length === 1 ? parseRefStatement(request.sql) : null;
  if (ofRef !== null) return runRefStatement(ctx, ofRef, request);
  const attempt = isTransaction(statements)
    ? async () => runTransaction(ctx, request, statements, signal)
    : singleStatement(ctx, request, statements, signal);
  for (let number = 1; ; number += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isAppError(error, 'COMMIT_CONFLICT') || number === RUNS) throw error;
    }
  }
}

/** @throws SQL_SYNTAX, INVALID_INPUT, UNSUPPORTED */
function singleStatement(
  ctx: StatementContext,
  request: StatementRequest,
  statements: readonly StatementSpan[],
  signal: AbortSignal | undefined,
): () => Promise<StatementResult> {
  const started = performance.now();
  const statement = parseWriteStatement(onlyStatement(request.sql, statements));
  return async () => {
    const { branch, hash } = await writableBranch(ctx, request.ref);
    const { message, mergeSchema = false } = request;
    const run: StatementRun = { statement, branch, hash, message, mergeSchema, signal };
    const { key, rows = {}, commit, snapshotId, note } = await runOnce(ctx, run);
    const text = (count: number | bigint | undefined) => String(count ?? 0);
    return {
      kind: statement.kind,
      table: OF_NAMESPACE.has(statement.kind) ? '' : tableId(key),
      branch,
      rows: { inserted: text(rows.inserted), updated: text(rows.updated), deleted: text(rows.deleted) },
      ...describeCommit(commit),
      ...(snapshotId === undefined ? {} : { snapshotId: snapshotId.toString() }),
      ...(note === undefined ? {} : { note }),
      elapsedMs: Math.round(performance.now() - started),
    };
  };
}

function onlyStatement(sql: string, statements: readonly StatementSpan[]): string {
  if (statements.length === 0)
    throw new AppError('INVALID_INPUT', 'There is no SQL to run: the text is empty.');
  const [, second] = statements;
  if (second === undefined) return sql;
  throw new AppError(
    'INVALID_INPUT',
    `There are ${statements.length} statements here; run one at a time, or write BEGIN; before and COMMIT; behind them.`,
    {
      context: { position: second.start, ...lineColumn(sql, second.start) },
    },
  );
}
