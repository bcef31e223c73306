import { AppError } from '#shared/errors/app-error.ts';
import { lineColumn } from '#shared/sql/positions.ts';
import type { TableChangeResult } from '#shared/contract/table-changes.ts';
import type { CallStatement } from '#server/engine/dml/statement.ts';
import { cherryPickSnapshot, fastForwardSnapshotRef, rollBackTable, tableId } from '../tables/index.ts';
import {
  landedCommit,
  openTarget,
  type StatementContext,
  type StatementOutcome,
  type StatementRun,
} from './statement-context.ts';

/** CALL: a table's current snapshot is another one. */
export async function callProcedure(
  ctx: StatementContext,
  run: StatementRun<CallStatement>,
): Promise<StatementOutcome> {
  const { key } = await openTarget(ctx, run);
  const { commit, table } = await changeBy(ctx, run, tableId(key));
  return {
    key,
    commit: landedCommit(commit),
    ...(table.currentSnapshotId === undefined ? {} : { snapshotId: BigInt(table.currentSnapshotId) }),
  };
}

async function changeBy(
  ctx: StatementContext,
  { statement, branch, message }: StatementRun<CallStatement>,
  table: string,
): Promise<TableChangeResult> {
  const { name, arguments: given } = statement.call;
  const [value = '', to = ''] = given;
  const more = { branch, ...(message === undefined ? {} : { message }) };
  switch (name) {
    case 'rollback_to_snapshot':
      return rollBackTable(ctx, table, { to: { snapshotId: snapshotOf(statement, value) }, ...more });
    case 'rollback_to_timestamp':
      return rollBackTable(ctx, table, { to: { time: timeOf(statement, value) }, ...more });
    case 'set_current_snapshot':
      return rollBackTable(ctx, table, {
        to: { snapshotId: snapshotOf(statement, value) },
        anySnapshot: true,
        ...more,
      });
    case 'cherrypick_snapshot':
      return cherryPickSnapshot(ctx, table, { snapshotId: snapshotOf(statement, value), ...more });
    case 'publish_changes':
      return cherryPickSnapshot(ctx, table, { wapId: value, ...more });
    case 'fast_forward':
      return fastForwardSnapshotRef(ctx, table, value, { to, ...more });
  }
}

function snapshotOf(statement: CallStatement, text: string): string {
  if (/^\d{1,19}$/.test(text)) return text;
  throw misread(statement, `A snapshot is named by its id, which is a number; ${text} is none.`);
}

/** Without a zone it is in UTC, as times of sessions are. */
function timeOf(statement: CallStatement, text: string): string {
  const zoned = /(?:z|[+-]\d\d(?::?\d\d)?)$/i.test(text.trim()) && text.includes(':');
  const time = new Date(zoned ? text : `${text.trim().replace(' ', 'T')}${text.includes(':') ? 'Z' : ''}`);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw misread(statement, `${text} is no time; write one as 2024-01-31 12:00:00.`);
}

function misread({ sql, target }: CallStatement, message: string): AppError {
  const position = target.span.start;
  return new AppError('INVALID_INPUT', message, { context: { position, ...lineColumn(sql, position) } });
}
