import { z } from 'zod';
import { instant, int64, refExpression } from './common.ts';

export const refInfo = z.object({
  name: z.string(),
  type: z.enum(['BRANCH', 'TAG']),
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
  changes: z.array(logChange),
});
export type LogEntry = z.infer<typeof logEntry>;

/** Newest first. `next` is the cursor of the following page, absent on the last. */
export const logPage = z.object({ entries: z.array(logEntry), next: z.string().optional() });
export type LogPage = z.infer<typeof logPage>;

export const logQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().optional(),
  table: z.string().optional().describe('only commits that touched this table'),
});
