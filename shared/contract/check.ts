import { z } from 'zod';
import { planRequest, resultColumn } from './plan.ts';

export const checkRequest = planRequest.pick({ sql: true, ref: true, locals: true });
export type CheckRequest = z.input<typeof checkRequest>;

/** What is wrong with a query; it is an answer and no failure, for whoever asks while the SQL is being written. */
export const checkResult = z.object({
  problem: z
    .object({
      code: z.string(),
      message: z.string(),
      context: z
        .record(z.string(), z.unknown())
        .describe('as in the error body: position, line, column, suggestions…'),
    })
    .nullable()
    .describe('null: the query can be planned'),
  columns: z.array(resultColumn).optional().describe('of its answer, where the query can be planned'),
});
export type CheckResult = z.infer<typeof checkResult>;
