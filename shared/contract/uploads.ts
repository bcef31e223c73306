import { z } from 'zod';
import { isTypeText } from '../sql/type-text.ts';
import { statementResult } from './statements.ts';

/**
 * Rows that a page has and a table is to have. `POST /api/v1/uploads` begins one; each `PUT
 * /api/v1/uploads/{id}/parts/{number}` brings some rows as a Parquet file, whose columns are c0, c1…; `POST
 * /api/v1/uploads/{id}/rows` then makes them rows of a table, as one commit.
 */
export const uploadBegun = z.object({ id: z.string() });

export const uploadPart = z.object({ bytes: z.number().int() });

export const PARQUET = 'application/vnd.apache.parquet';
/** Bytes of one part at most. */
export const MOST_PART_BYTES = 15 * 1024 * 1024;
export const MOST_PARTS = 100_000;

export const saveUploadRequest = z
  .object({
    table: z.string().min(1).max(1000).describe('dotted name, e.g. bronze.flights'),
    branch: z.string().min(1).max(1000).optional().describe('the default branch where absent'),
    mode: z
      .enum(['create', 'append'])
      .describe('a table that is not there yet, or one that is, whose columns the rows have to fit'),
    columns: z
      .array(
        z.object({
          name: z.string().min(1).max(1000),
          type: z
            .string()
            .refine(isTypeText, 'expected a DuckDB type')
            .describe('DuckDB type; values are cast to it'),
        }),
      )
      .min(1)
      .max(10_000)
      .describe('by place: the names and types of c0, c1…'),
    parts: z.number().int().min(1).max(MOST_PARTS).describe('how many were sent, so that none is missing'),
    message: z.string().min(1).max(10_000).optional().describe('of the commit; what was done, where absent'),
  })
  .strict();
export type SaveUploadRequest = z.input<typeof saveUploadRequest>;

export const saveUploadResult = statementResult.pick({ table: true, branch: true, commit: true }).extend({
  rows: z.number().int(),
});
export type SaveUploadResult = z.infer<typeof saveUploadResult>;
