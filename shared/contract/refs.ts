import { z } from 'zod';
import { instant, int64, refExpression } from './common.ts';

export const refRule = z
  .enum(['COMMIT', 'DELETE', 'MERGE', 'RESET'])
  .describe(
    'what is refused: COMMIT everything but merges, DELETE deletion and renaming, MERGE every move but those of merge requests, RESET moves that lose commits',
  );

const checkName = z.string().min(1).max(200);

/** What a merge request into a branch needs that is protected by MERGE, beside what the request itself asks for. */
export const mergeGate = z
  .object({
    requiredApprovals: z.number().int().min(0).max(100).default(1),
    requiredChecks: z.array(checkName).max(100).default([]),
    authorMayApprove: z
      .boolean()
      .default(false)
      .describe('whether the approval of whoever opened the request counts'),
  })
  .strict();
export type MergeGate = z.infer<typeof mergeGate>;

export const refInfo = z.object({
  name: z.string(),
  type: z.enum(['BRANCH', 'TAG']),
  protection: z.array(refRule),
  mergeGate: mergeGate.optional().describe('where MERGE is among the rules'),
  /** Hash of the commit that the ref points at. */
  hash: z.string(),
  /** The head commit; absent on a branch without commits. */
  head: z.object({ message: z.string(), author: z.string(), time: instant }).optional(),
});
export type RefInfo = z.infer<typeof refInfo>;

export const refList = z.object({ refs: z.array(refInfo), defaultBranch: z.string() });
export type RefList = z.infer<typeof refList>;

export const createRefRequest = z.object({
  name: z.string().min(1).max(255),
  type: z.enum(['BRANCH', 'TAG']).default('BRANCH'),
  from: refExpression.optional().describe('where it starts; the default branch where absent'),
});
export type CreateRefRequest = z.input<typeof createRefRequest>;

export const commitHash = z.string().regex(/^[0-9a-f]{64}$/, 'expected a commit hash of 64 hex digits');

/** Only where the ref still is here; otherwise 409 COMMIT_CONFLICT, whose context has the head. */
const expectedHash = commitHash.optional().describe('head that the ref must still have');
const reason = z.string().max(10_000).optional().describe('why; kept in the reflog');

/** Renames and protects; a field that is absent stays. */
export const updateRefRequest = z.object({
  name: z.string().min(1).max(255).optional(),
  protection: z.array(refRule).optional(),
  mergeGate: mergeGate.optional().describe('what a merge request needs, where MERGE is among the rules'),
  expectedHash,
  message: reason,
});
export type UpdateRefRequest = z.input<typeof updateRefRequest>;

/** Points a branch or tag elsewhere: a reset. */
export const assignRefRequest = z.object({ to: refExpression, expectedHash, message: reason });
export type AssignRefRequest = z.input<typeof assignRefRequest>;

export const deleteRefQuery = z.object({ expectedHash });

export const reflogEntry = z.object({
  id: int64,
  ref: z.string(),
  type: z.enum(['BRANCH', 'TAG']),
  before: z.string().nullable().describe('commit before; null where the move made the ref'),
  after: z.string().nullable().describe('commit after; null where the move removed the ref'),
  operation: z.enum([
    'create',
    'delete',
    'rename',
    'protect',
    'reset',
    'restore',
    'commit',
    'fast-forward',
    'merge',
    'squash',
    'cherry-pick',
    'revert',
    'rebase',
  ]),
  author: z.string(),
  message: z.string(),
  time: instant,
});
export type ReflogEntryInfo = z.infer<typeof reflogEntry>;

/** Newest first. `next` is the cursor of the following page, absent on the last. */
export const reflogPage = z.object({ entries: z.array(reflogEntry), next: int64.optional() });
export type ReflogPage = z.infer<typeof reflogPage>;

export const reflogQuery = z.object({
  ref: z.string().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z
    .string()
    .regex(/^\d{1,18}$/, 'expected the id of an entry')
    .optional(),
});

export const restoreRequest = z.object({ expectedHash, message: reason });
export const restoreResult = z.object({ undone: reflogEntry, refs: z.array(refInfo) });
export type RestoreResult = z.infer<typeof restoreResult>;

/** What one commit did to one table, view or namespace. */
export const logChange = z.object({
  key: z.string().describe('dotted name, e.g. bronze.flights'),
  kind: z.enum(['added', 'modified', 'removed']),
  operation: z.string().optional().describe('append, overwrite, delete, replace: of the Iceberg snapshot'),
  addedRows: int64.optional(),
  deletedRows: int64.optional(),
  totalRows: int64.optional(),
  snapshotId: int64.optional(),
});
export type LogChange = z.infer<typeof logChange>;

export const logEntry = z.object({
  hash: z.string(),
  parents: z.array(z.string()),
  author: z.string(),
  message: z.string(),
  time: instant,
  properties: z.record(z.string(), z.string()),
  changes: z.array(logChange).describe('the first 1,000'),
  changeCount: z.number().int().optional().describe('how many there are, where that is more than are told'),
});
export type LogEntry = z.infer<typeof logEntry>;

/** Newest first. `next` is the cursor of the following page, absent on the last. */
export const logPage = z.object({ entries: z.array(logEntry), next: z.string().optional() });
export type LogPage = z.infer<typeof logPage>;

export const logQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().optional(),
  table: z.string().optional().describe('only commits that touched this table'),
  namespace: z.string().optional().describe('only commits that touched something in this namespace'),
  author: z.string().min(1).optional().describe('whole name, in any case'),
  text: z.string().min(1).optional().describe('part of the message, in any case'),
  since: instant.optional(),
  until: instant.optional(),
});
