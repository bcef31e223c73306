import { z } from 'zod';
import { engineName } from './plan.ts';
import { instant, int64, refExpression } from './common.ts';

const SQL_LETTERS = 1_000_000;

/** What became of SQL that somebody ran in a cell. */
export const recordedRun = z.object({
  id: z.uuid().describe('made where it ran, so that it can be sent again and counts once'),
  at: instant.describe('when it began'),
  sql: z.string().min(1).max(SQL_LETTERS).describe('as it was written'),
  sent: z
    .string()
    .max(SQL_LETTERS)
    .optional()
    .describe('as it ran, where it read other cells or inputs: they are in it'),
  ref: refExpression.describe('where it was to read'),
  commit: z.string().max(1200).optional().describe('the commit that was read, or that it made'),
  snapshots: z
    .array(z.object({ table: z.string().max(1000), snapshotId: int64.optional() }))
    .max(1000)
    .default([]),
  state: z.enum(['done', 'failed', 'cancelled']),
  engine: engineName.optional().describe('which answered; absent where none did'),
  elapsedMs: z.number().int().min(0),
  rows: z.number().int().min(0).optional().describe('of the answer, or that it changed'),
  bytes: z.number().int().min(0).optional().describe('of the data files that the plan needed'),
  error: z.string().max(10_000).optional(),
  notebook: z.string().max(200).optional(),
  cell: z.string().max(200).optional(),
});
export type RecordedRun = z.infer<typeof recordedRun>;

export const recordRunsRequest = z.object({ runs: z.array(recordedRun).min(1).max(100) }).strict();
export const runsRecorded = z.object({ recorded: z.number().int().describe('those known before left out') });

export const queryRun = recordedRun.extend({
  author: z.string(),
  notebookTitle: z.string().optional().describe('absent where the notebook is gone'),
});
export type QueryRun = z.infer<typeof queryRun>;

const before = z
  .string()
  .max(100)
  .regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z~[\w-]+$/, 'expected the `next` of the page before');

export const queryRunQuery = z.object({
  q: z.string().max(500).optional().describe('words; each is in the SQL or in the error'),
  state: z.enum(['done', 'failed', 'cancelled']).optional(),
  engine: engineName.optional(),
  notebook: z.string().max(200).optional(),
  since: instant.optional(),
  until: instant.optional().describe('before this time'),
  before: before.optional().describe('the `next` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type QueryRunQuery = z.infer<typeof queryRunQuery>;

export const queryRunList = z.object({
  runs: z.array(queryRun).describe('newest first'),
  next: z.string().optional().describe('where the next page begins; absent on the last'),
});
export type QueryRunList = z.infer<typeof queryRunList>;
