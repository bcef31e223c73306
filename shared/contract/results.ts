import { z } from 'zod';
import { int64, refExpression } from './common.ts';
import { enginePreference, resultColumn } from './plan.ts';

/** `POST /api/v1/results`: a query's answer, kept whole by the server and read in pages. */
export const resultRequest = z.strictObject({
  sql: z.string().min(1).max(1_048_576),
  ref: refExpression.optional().describe('where tables without an AT clause are read; the default branch'),
  engine: enginePreference.optional().describe('as of `POST /api/v1/query`'),
});
export type ResultRequest = z.input<typeof resultRequest>;

export const keptResult = z.object({
  /** Its rows by page: `GET url?offset=…&limit=…`. Gone with the server, or when nobody has read it for a while. */
  url: z.string(),
  rows: z.number().int(),
  columns: z.array(resultColumn),
  ref: z.object({ name: z.string(), hash: z.string() }),
  snapshots: z.array(z.object({ table: z.string(), snapshotId: int64.optional() })),
  elapsedMs: z.number(),
});
export type KeptResult = z.infer<typeof keptResult>;

export const MAX_PAGE_ROWS = 100_000;
export const pageQuery = z.object({
  offset: z.coerce.number().int().min(0).default(0).describe('rows before the page'),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_ROWS).default(1000).describe('rows of the page'),
});
export type PageQuery = z.infer<typeof pageQuery>;

/** A page of a result as JSON; where `Accept` asks for ARROW_STREAM it is an Arrow IPC stream of the rows. */
export const resultPage = z.object({
  columns: z.array(resultColumn),
  /** As in queryResult. */
  rows: z.array(z.array(z.unknown())),
  offset: z.number().int(),
  /** Of the result. */
  total: z.number().int(),
  /** Where the next page begins; absent after the last one. */
  next: z.number().int().optional(),
});
export type ResultPage = z.infer<typeof resultPage>;

export const resultDeleted = z.object({ deleted: z.string() });
