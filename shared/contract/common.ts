import { z } from 'zod';

/** A 64-bit integer (snapshot ids, sequence numbers, row counts) as decimal digits: JSON numbers end at 2^53. */
export const int64 = z
  .string()
  .regex(/^-?\d{1,19}$/, 'expected a 64-bit integer as decimal digits')
  .describe('64-bit integer in decimal digits');

/** An instant in ISO 8601, UTC, e.g. 2026-11-14T14:02:00.000Z. */
export const instant = z.iso.datetime();

/**
 * Where to read: a branch or tag (`main`), a commit of it (`main@<hash>`), it as it was at a time
 * (`main*2026-11-14T14:02:00Z`), or a bare commit hash.
 */
export const refExpression = z.string().min(1).max(1200);

export const errorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    /** Facts for programs: `position` (0-based offset into the SQL), `line`, `column`, `suggestions`, `path`… */
    context: z.record(z.string(), z.unknown()),
    requestId: z.string(),
  }),
});
export type ErrorBody = z.infer<typeof errorBody>;
