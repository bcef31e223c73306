import { z } from 'zod';
import { instant, int64 } from './common.ts';

const rule = {
  keepForMs: z.number().int().nonnegative().optional().describe('commits of this age and younger are kept'),
  keepLast: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('so many newest commits are kept, whatever their age'),
};
const NEEDS_ONE = 'expected keepForMs, keepLast, or both: what one of them keeps is kept';
const says = (given: { readonly keepForMs?: number | undefined; readonly keepLast?: number | undefined }) =>
  given.keepForMs !== undefined || given.keepLast !== undefined;

/**
 * Which commits of a branch are kept, for the tables in which namespaces. Where several rules apply, what one of them
 * keeps is kept; `default` applies where none does, and without it everything is kept.
 */
export const retentionPolicy = z
  .object({
    default: z.object(rule).strict().refine(says, NEEDS_ONE).optional(),
    branches: z
      .array(
        z
          .object({ branch: z.string().min(1).describe('name; * stands for any letters'), ...rule })
          .strict()
          .refine(says, NEEDS_ONE),
      )
      .default([]),
    namespaces: z
      .array(
        z
          .object({ namespace: z.string().min(1).describe('dotted; also what is beneath it'), ...rule })
          .strict()
          .refine(says, NEEDS_ONE),
      )
      .default([]),
  })
  .strict();
export type RetentionPolicy = z.infer<typeof retentionPolicy>;

export const gcRequest = z
  .object({
    olderThan: instant
      .optional()
      .describe('moves in the reflog from before are forgotten; thirty days ago where absent'),
    filesOlderThan: instant
      .optional()
      .describe('only files written before are removed; three days ago where absent, an hour at least'),
    dryRun: z.boolean().optional(),
  })
  .strict();
export type GcRequest = z.infer<typeof gcRequest>;

const keptFor = z.enum(['branch', 'tag', 'merge-request', 'merge-base', 'reflog']);
export type KeptFor = z.infer<typeof keptFor>;

export const gcResult = z.object({
  dryRun: z.boolean(),
  reflogEntries: z.number().int().describe('that are forgotten'),
  expiredVersions: z.number().int().describe('of tables, that no kept commit shows'),
  keptVersions: z.number().int(),
  keptFor: z.partialRecord(keptFor, z.number().int()).describe('versions by the first thing that keeps them'),
  files: z.number().int(),
  bytes: int64,
  deletedFiles: z.number().int(),
  tables: z
    .array(
      z.object({
        table: z.string().nullable(),
        expiredVersions: z.number().int(),
        files: z.number().int(),
        bytes: int64,
      }),
    )
    .describe('what is removed by the table in whose folder it lies; null: in none'),
});
export type GcResult = z.infer<typeof gcResult>;
