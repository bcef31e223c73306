import type { QueryRequest, QueryResult } from '#shared/contract/query.ts';
import { resolveRef } from '../refs/index.ts';
import { runStatement } from './run-statement.ts';
import type { StatementContext } from './statement-context.ts';

/** Runs a statement that changes a table, with the answer of a query: one row, how many rows it changed. */
export async function queryStatement(
  ctx: StatementContext,
  { sql, ref }: QueryRequest,
  signal?: AbortSignal,
): Promise<QueryResult> {
  const statement = await runStatement(ctx, { sql, ...(ref === undefined ? {} : { ref }) }, signal);
  const { branch, table, rows, commit, snapshotId, elapsedMs } = statement;
  // A branch that was dropped is no place to have read at.
  const name =
    statement.kind.startsWith('drop-') && table === '' ? (ref ?? ctx.catalog.defaultBranch) : branch;
  const changed = BigInt(rows.inserted) + BigInt(rows.updated) + BigInt(rows.deleted);
  return {
    columns: [{ name: 'Count', type: 'BIGINT' }],
    rows: [[changed.toString()]],
    rowCount: 1,
    truncated: false,
    ref: { name, hash: commit?.hash ?? (await resolveRef(ctx, name)).hash },
    snapshots: table === '' ? [] : [{ table, ...(snapshotId === undefined ? {} : { snapshotId }) }],
    elapsedMs,
    statement,
  };
}
