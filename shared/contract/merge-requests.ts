import { z } from 'zod';
import { instant } from './common.ts';
import { commitSummary, landResult, mergeChoice } from './merges.ts';

const checkName = z.string().min(1).max(200);
const branch = z.string().min(1).max(255);

export const mergeRequestStatus = z.enum(['OPEN', 'MERGING', 'MERGED', 'CLOSED']);

export const createMergeRequest = z
  .object({
    source: branch.describe('branch whose changes are proposed'),
    target: branch.optional().describe('branch that they are to land on; the default branch where absent'),
    title: z.string().min(1).max(500),
    description: z.string().max(100_000).default(''),
    requiredChecks: z.array(checkName).max(100).default([]),
    requiredApprovals: z.number().int().min(0).max(100).default(0),
  })
  .strict();
export type CreateMergeRequest = z.input<typeof createMergeRequest>;

export const updateMergeRequest = z
  .object({
    version: z.number().int().optional().describe('the one that the change is made on'),
    title: z.string().min(1).max(500),
    description: z.string().max(100_000),
    requiredChecks: z.array(checkName).max(100),
    requiredApprovals: z.number().int().min(0).max(100),
    status: z.enum(['OPEN', 'CLOSED']).describe('closes it, or opens a closed one again'),
  })
  .partial()
  .strict();
export type UpdateMergeRequest = z.infer<typeof updateMergeRequest>;

export const mergeRequestInfo = z.object({
  id: z.number().int(),
  title: z.string(),
  description: z.string(),
  source: z.string(),
  target: z.string(),
  status: mergeRequestStatus.describe('MERGING: somebody is merging it right now'),
  author: z.string(),
  requiredChecks: z.array(z.string()),
  requiredApprovals: z.number().int(),
  sourceHash: z.string().nullable().describe('head of the source when it was merged or closed'),
  targetBefore: z.string().nullable().describe('head of the target before the merge'),
  mergedHash: z.string().nullable().describe('head of the target after the merge'),
  version: z.number().int(),
  createdAt: instant,
  updatedAt: instant,
});
export type MergeRequestInfo = z.infer<typeof mergeRequestInfo>;

export const mergeRequestQuery = z.object({
  status: mergeRequestStatus.optional(),
  target: branch.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.coerce.number().int().optional().describe('`next` of the page before'),
});
export type MergeRequestQuery = z.infer<typeof mergeRequestQuery>;
export const mergeRequestList = z.object({
  requests: z.array(mergeRequestInfo),
  next: z.number().int().optional(),
});

/** An approval, or what a check came to; about one head of the source, and of no worth at another. */
export const verdict = z.object({
  name: z.string().describe('who approves; which check'),
  sourceHash: z.string(),
  current: z.boolean().describe('whether the source is still there'),
  state: z.enum(['PENDING', 'PASSED', 'FAILED']),
  summary: z.string(),
  time: instant,
});
export type Verdict = z.infer<typeof verdict>;

export const mergeRequestDetail = mergeRequestInfo.extend({
  /** Two places whose diff is what the request changes: for `/diff` and `/tables/{t}/diff`. */
  diffFrom: z.string().nullable(),
  diffTo: z.string().nullable(),
  ahead: z.number().int(),
  behind: z.number().int(),
  commits: z.array(commitSummary).describe('that only the source has, newest first; the first 1,000'),
  approvals: z.array(verdict),
  checks: z.array(verdict),
  blockers: z.array(z.string()).describe('sentences; empty: it may be merged, if nothing conflicts'),
});
export type MergeRequestDetail = z.infer<typeof mergeRequestDetail>;

export const postCheck = z
  .object({
    name: checkName,
    state: z.enum(['PENDING', 'PASSED', 'FAILED']),
    summary: z.string().max(10_000).default(''),
    sourceHash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .describe('head of the source that was checked; as it is now, where absent'),
  })
  .strict();
export type PostCheck = z.input<typeof postCheck>;

export const approveRequest = z
  .object({
    approve: z.boolean().default(true).describe('false: asks for changes'),
    comment: z.string().max(10_000).default(''),
  })
  .strict();
export type ApproveRequest = z.input<typeof approveRequest>;

export const mergeMergeRequest = z
  .object({
    dryRun: z.boolean().default(false),
    strategy: z.enum(['MERGE', 'SQUASH']).default('MERGE'),
    message: z.string().max(10_000).optional(),
    expectedSourceHash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .describe('only where the source still is there'),
    choices: z.array(z.object({ key: z.string().min(1), choice: mergeChoice }).strict()).default([]),
    defaultChoice: mergeChoice.optional(),
  })
  .strict();
export type MergeMergeRequest = z.input<typeof mergeMergeRequest>;

export const mergeRequestMerged = z.object({ request: mergeRequestInfo, result: landResult });
