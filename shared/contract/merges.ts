import { z } from 'zod';
import { instant, refExpression } from './common.ts';
import { commitHash } from './refs.ts';

/** OURS and THEIRS take it as that side has it, also where that is not at all; DROP removes it. */
export const mergeChoice = z.enum(['OURS', 'THEIRS', 'DROP']);

/** What every way to bring changes onto a branch may be told. */
const landing = z
  .object({
    expectedHash: commitHash.optional().describe('head that the branch must still have'),
    message: z.string().max(10_000).optional(),
    dryRun: z.boolean().default(false).describe('tells what would happen, and changes nothing'),
    choices: z
      .array(
        z
          .object({ key: z.string().min(1).describe('dotted name, as in the conflict'), choice: mergeChoice })
          .strict(),
      )
      .default([])
      .describe('of conflicts that an earlier answer told'),
    defaultChoice: mergeChoice.optional().describe('for conflicts without a choice of their own'),
  })
  .strict();

export const mergeRequest = landing.extend({
  from: refExpression.describe('what is merged into the branch'),
  strategy: z.enum(['MERGE', 'SQUASH']).default('MERGE'),
  fastForward: z.enum(['IF_POSSIBLE', 'ONLY', 'NEVER']).default('IF_POSSIBLE'),
});
export type MergeRequest = z.input<typeof mergeRequest>;

const mainline = z
  .number()
  .int()
  .min(1)
  .optional()
  .describe('of merge commits: which parent, from 1, they are compared with');

export const pickRequest = landing.extend({
  commits: z
    .array(refExpression)
    .max(1000)
    .default([])
    .describe('cherry-pick: oldest first; revert: newest first'),
  range: z
    .object({ after: refExpression, to: refExpression })
    .optional()
    .describe('instead: all along first parents, without the first and with the last'),
  mainline,
});
export type PickRequest = z.input<typeof pickRequest>;

export const rebaseRequest = landing.extend({ onto: refExpression });
export type RebaseRequest = z.input<typeof rebaseRequest>;

const mergeSide = z.object({
  key: z.string(),
  type: z.string().describe('ICEBERG_TABLE, ICEBERG_VIEW, NAMESPACE'),
  id: z.string(),
  value: z.record(z.string(), z.unknown()).describe('metadataLocation, snapshotId, properties…'),
});

export const mergeConflict = z.object({
  key: z.string().describe('dotted name by which a choice is given'),
  kind: z
    .string()
    .describe(
      'KEY_EXISTS, KEY_MISSING, CONTENT_ID_DIFFERS, VALUE_DIFFERS, RENAMED_APART, NAMESPACE_ABSENT, NAMESPACE_NOT_EMPTY; or what merging the contents found',
    ),
  message: z.string(),
  detail: z.record(z.string(), z.unknown()),
  base: mergeSide.nullable(),
  ours: mergeSide.nullable(),
  theirs: mergeSide.nullable(),
  choices: z.array(mergeChoice),
});
export type MergeConflictInfo = z.infer<typeof mergeConflict>;

export const keyChange = z.object({
  key: z.string(),
  kind: z.enum(['added', 'modified', 'removed', 'renamed']),
  previousKey: z.string().optional().describe('of what was renamed'),
  type: z.string(),
});
export type KeyChange = z.infer<typeof keyChange>;

export const commitSummary = z.object({
  hash: z.string(),
  parents: z.array(z.string()),
  author: z.string(),
  message: z.string(),
  time: instant,
  properties: z.record(z.string(), z.string()),
});
export type CommitSummary = z.infer<typeof commitSummary>;

export const landResult = z.object({
  outcome: z
    .enum(['UP_TO_DATE', 'FAST_FORWARD', 'COMMITTED', 'CONFLICTS', 'NOT_FAST_FORWARD'])
    .describe('with CONFLICTS and NOT_FAST_FORWARD nothing has changed'),
  applied: z.boolean().describe('false for a dry run, and where there was nothing to do'),
  dryRun: z.boolean(),
  branch: z.string(),
  base: z.string().nullable().describe('where the two sides parted, if that is one commit'),
  before: z.string(),
  after: z.string().describe('head of the branch now'),
  commits: z
    .array(commitSummary)
    .describe('new ones, oldest first; of a dry run with hashes and times that they would not have'),
  changeCount: z.number().int(),
  changes: z.array(keyChange).describe('of the branch; the first 1,000'),
  conflicts: z.array(mergeConflict),
  stoppedAt: z.string().optional().describe('the commit that conflicts, where several were picked'),
});
export type LandResult = z.infer<typeof landResult>;

export const compareQuery = z.object({
  from: refExpression,
  to: refExpression,
  since: z
    .enum(['from', 'merge-base'])
    .default('from')
    .describe('changes from `from` itself to `to`, or what `to` changed since the two parted'),
  list: z.coerce
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(1000)
    .describe('commits and changes that are told one by one; 0 counts alone'),
});

/** How two places in history differ. */
export const compareResult = z.object({
  from: z.object({ name: z.string(), hash: z.string() }),
  to: z.object({ name: z.string(), hash: z.string() }),
  mergeBases: z.array(z.string()),
  /** Commits that only `to` has, newest first; and how many only `from` has. */
  ahead: z.number().int(),
  behind: z.number().int(),
  commits: z.array(commitSummary).describe('that only `to` has, newest first; as many as `list` says'),
  changeCount: z.number().int(),
  changes: z.array(keyChange).describe('as many as `list` says'),
});
export type CompareResult = z.infer<typeof compareResult>;
