import { z } from 'zod';
import { int64, refExpression } from './common.ts';
import { engineName, enginePreference, materializedViews, resultColumn } from './plan.ts';
import { statementResult } from './statements.ts';

export const ARROW_STREAM = 'application/vnd.apache.arrow.stream';
export const CACHE_HEADER = 'x-timestream-cache';
/** Of an Arrow answer: which engine it is of, `server` or `cluster`; and in ENGINE_REASON_HEADER why, URI-encoded. */
export const ENGINE_HEADER = 'x-timestream-engine';
export const ENGINE_REASON_HEADER = 'x-timestream-engine-reason';
/** Of an Arrow answer: by what `GET /api/v1/query/broken/{answer}` knows it, should it break off. */
export const ANSWER_HEADER = 'x-timestream-answer';

/** Of a request that runs something: a name of the asker's own, by which `GET /api/v1/query/running/{run}` knows it. */
export const RUN_HEADER = 'timestream-run';
export const runHeaders = z.object({
  [RUN_HEADER]: z
    .uuid()
    .optional()
    .describe('a name of your own, by which GET /query/running/{run} tells where this stands'),
});

/** `GET /api/v1/query/running/{run}`: where something stands that was asked for and is not answered yet. */
export const queryPlace = z
  .discriminatedUnion('state', [
    z.object({ state: z.literal('preparing') }),
    z.object({
      state: z.literal('waiting'),
      ahead: z.number().int().describe('those that get a place before it'),
    }),
    z.object({ state: z.literal('running') }),
  ])
  .describe(
    'preparing: the engine was not asked yet; waiting: others have the places of the engine; running: it has one',
  );
export type QueryPlace = z.infer<typeof queryPlace>;

/**
 * `POST /api/v1/query`. The answer is JSON (queryResult), or an Arrow IPC stream where `Accept` asks for
 * ARROW_STREAM; then the header `x-timestream-plan` carries the plan's id, and
 * `x-timestream-cache: hit` says that the answer is of an earlier run. A stream that fails after its first rows breaks;
 * `GET /api/v1/query/broken/{answer}`, by the header `x-timestream-answer`, then answers the error.
 */
export const queryRequest = z.strictObject({
  sql: z.string().min(1).max(1_048_576),
  ref: refExpression.optional(),
  limit: z.number().int().min(0).max(10_000_000).optional().describe('rows at most; 10,000 for JSON'),
  cache: z
    .boolean()
    .optional()
    .describe('false: the query runs, also where its answer is known from an earlier run'),
  materializedViews,
  engine: enginePreference
    .optional()
    .describe(
      'server: not on a cluster, also where one is set up for queries of this size; cluster: there whatever the size, where the query can be; browser is as auto',
    ),
});
export type QueryRequest = z.input<typeof queryRequest>;

export const queryResult = z.object({
  columns: z.array(resultColumn),
  /** Row arrays. 64-bit and decimal values are strings, as are dates and timestamps (ISO). */
  rows: z.array(z.array(z.unknown())),
  rowCount: z.number().int(),
  truncated: z.boolean(),
  ref: z.object({ name: z.string(), hash: z.string() }),
  snapshots: z.array(z.object({ table: z.string(), snapshotId: int64.optional() })),
  elapsedMs: z.number(),
  engine: z
    .object({ used: engineName, reason: z.string() })
    .optional()
    .describe('where the query might have run on a cluster: where it did, and why'),
  fromCache: z.boolean().optional().describe('true: an earlier run over the same snapshots had the answer'),
  statement: statementResult
    .optional()
    .describe('of a statement that changes a table; its row is how many rows it changed'),
});
export type QueryResult = z.infer<typeof queryResult>;
