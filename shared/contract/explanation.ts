import { z } from 'zod';
import { int64 } from './common.ts';

/** One step of a query. Steps are listed parents first; `depth` says which step each one feeds. */
export const planStep = z.object({
  depth: z.number().int(),
  name: z.string().describe('what it does, e.g. Join or Scan'),
  /** A line each: conditions, keys, columns. */
  details: z.array(z.string()),
  /** Of EXPLAIN ANALYZE: rows that it gave, and milliseconds of all threads in it alone. */
  rows: z.number().int().optional(),
  milliseconds: z.number().optional(),
});
export type PlanStep = z.infer<typeof planStep>;

export const explainedColumn = z.object({
  name: z.string(),
  type: z.string().describe('DuckDB type'),
  bytes: z.number().int().describe('compressed, of all files that are read'),
});

export const explainedTable = z.object({
  table: z.string(),
  snapshotId: int64.optional(),
  filesKnown: z.number().int().describe('files of the snapshot'),
  filesRead: z.number().int(),
  rows: z.number().int().describe('in the files that are read, deleted ones included'),
  columns: z.array(explainedColumn),
  deletes: z
    .object({ files: z.number().int(), rows: z.number().int(), bytes: z.number().int() })
    .optional()
    .describe('data files with deleted rows, about how many rows, and bytes of their positions'),
  pruning: z.array(z.string()).describe('a line per reason that files are left out'),
});
export type ExplainedTable = z.infer<typeof explainedTable>;

/** A materialized view: one that is not fresh is read by the query that defines it. */
export const plannedView = z.object({
  table: z.string(),
  fresh: z.boolean(),
  reason: z.string(),
  insteadOf: z
    .array(z.string())
    .optional()
    .describe('tables in whose place it is read; absent for a view that the query names'),
  snapshotId: int64.optional().describe('its own snapshot, where it is read in the place of others'),
});

const explainedEngine = z.object({ choice: z.enum(['browser', 'server', 'cluster']), reason: z.string() });

/** How a query is answered, without its answer. */
export const explanation = z.object({
  sql: z.string().describe('the query that is explained'),
  engine: explainedEngine,
  inTab: explainedEngine
    .optional()
    .describe(
      'for who asks without a tab and names no engine: what Auto comes to in a tab that holds the columns',
    ),
  bytes: z.number().int().describe('compressed bytes that a first run reads'),
  held: z
    .number()
    .int()
    .optional()
    .describe('how many of the bytes the tab holds that asks; told by the page, never by the server'),
  views: z.array(plannedView).optional(),
  passedOver: z
    .array(z.object({ table: z.string(), reason: z.string() }))
    .optional()
    .describe('materialized views of tables of the query that do not answer it, and why'),
  tables: z.array(explainedTable),
  /** As the query says it, with conditions as near to the tables as they may go. */
  logical: z.array(planStep),
  /** Of EXPLAIN ANALYZE: what the server's engine did. */
  run: z
    .object({
      milliseconds: z.number(),
      rows: z.number().int(),
      peakMemoryBytes: z.number().int(),
      spilledBytes: z.number().int(),
      steps: z.array(planStep),
    })
    .optional(),
});
export type Explanation = z.infer<typeof explanation>;
