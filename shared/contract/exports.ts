import { z } from 'zod';
import { int64, refExpression } from './common.ts';

export const exportFormat = z.enum(['csv', 'parquet', 'json', 'ndjson', 'arrow', 'xlsx']);
export type ExportFormat = z.infer<typeof exportFormat>;

/** `POST /api/v1/exports`: the whole answer of a query as a file, however many rows it has. */
export const exportRequest = z.strictObject({
  sql: z.string().min(1).max(1_048_576),
  ref: refExpression.optional().describe('where tables without an AT clause are read; the default branch'),
  format: exportFormat,
  name: z.string().min(1).max(200).optional().describe('of the file, without its ending'),
});
export type ExportRequest = z.input<typeof exportRequest>;

export const exportResult = z.object({
  /** Where the file is, on this origin; it answers byte ranges, and is gone after an hour or with the server. */
  url: z.string(),
  fileName: z.string(),
  contentType: z.string(),
  bytes: z.number().int(),
  rows: z.number().int(),
  ref: z.object({ name: z.string(), hash: z.string() }),
  snapshots: z.array(z.object({ table: z.string(), snapshotId: int64.optional() })),
  /** What a reader of the file should know, such as rows that went on to a second sheet. */
  notes: z.array(z.string()),
  elapsedMs: z.number(),
});
export type ExportResult = z.infer<typeof exportResult>;
