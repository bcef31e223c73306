import { z } from 'zod';
import { instant, int64, refExpression } from './common.ts';

/** `POST /api/v1/statements`: one statement that changes a table, a view, a schema, or several between `BEGIN` and
 * `COMMIT`, as one commit on a branch. */
export const statementRequest = z
  .object({
    sql: z.string().min(1).max(1_048_576),
    ref: refExpression.optional().describe('a branch; the default branch where absent'),
    message: z.string().min(1).max(10_000).optional().describe('of the commit; what was done, where absent'),
    mergeSchema: z
      .boolean()
      .optional()
      .describe(
        'INSERT … BY NAME and INSERT … SELECT add columns that the table lacks and widen types, in the same commit',
      ),
  })
  .strict();
export type StatementRequest = z.input<typeof statementRequest>;

export const statementResult = z.object({
  kind: z.enum([
    'insert',
    'delete',
    'update',
    'merge',
    'truncate',
    'create-table',
    'alter-table',
    'drop-table',
    'optimize',
    'vacuum',
    'call',
    'create-materialized-view',
    'refresh-materialized-view',
    'drop-materialized-view',
    'create-view',
    'drop-view',
    'create-namespace',
    'drop-namespace',
    'rename',
    'comment',
    'restore',
    'undrop',
    'create-branch',
    'create-tag',
    'drop-branch',
    'drop-tag',
    'merge-branch',
    'transaction',
  ]),
  table: z
    .string()
    .describe(
      'dotted name; of a transaction all, with commas between; empty where the statement is about a branch, a tag or a schema',
    ),
  branch: z.string(),
  rows: z
    .object({ inserted: int64, updated: int64, deleted: int64 })
    .describe('rows of the table that the statement added, changed and removed'),
  /** Absent where there was nothing to change. */
  commit: z.object({ hash: z.string(), author: z.string(), message: z.string(), time: instant }).optional(),
  snapshotId: int64.optional().describe('of the table after the statement, where it has one'),
  note: z
    .string()
    .optional()
    .describe('what was done, where rows do not tell: OPTIMIZE, VACUUM, REFRESH, CREATE VIEW, RENAME, …'),
  elapsedMs: z.number(),
});
export type StatementResult = z.infer<typeof statementResult>;
