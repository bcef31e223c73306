import { z } from 'zod';
import { instant, int64, refExpression } from './common.ts';
import { notebookContent } from './notebooks.ts';
import { resultColumn } from './plan.ts';

export const revisionChanges = z.object({
  about: z.array(z.enum(['title', 'folder', 'reruns', 'order'])).describe('what is another of the whole'),
  changed: z.array(z.string()).describe('cells that are not as they were: their names, or `cell 2`'),
  added: z.number().int().describe('cells that came'),
  removed: z.number().int().describe('cells that went'),
});
export type RevisionChanges = z.infer<typeof revisionChanges>;

/** A state of a notebook that is kept: what it was when somebody paused, and what it was before a restore. */
export const revisionSummary = z.object({
  version: z.number().int(),
  title: z.string(),
  cells: z.number().int().describe('how many it has'),
  savedAt: instant,
  author: z.string().optional().describe('who saved it, as far as that is known'),
  changes: revisionChanges.optional().describe('in a list: against the version before; absent of the first'),
  /** How it came to be, where it was no typing: "Restored version 3". */
  note: z.string().optional(),
  /** Given by a person, to find it by; such a version is kept for good. */
  name: z.string().optional(),
});
export type RevisionSummary = z.infer<typeof revisionSummary>;
export const revisionList = z.object({ revisions: z.array(revisionSummary).describe('newest first') });
export const revision = revisionSummary.omit({ cells: true }).extend({ content: notebookContent });
export type Revision = z.infer<typeof revision>;
export const nameRevisionRequest = z.object({
  name: z.string().trim().min(1).max(100).nullable().describe('null takes the name away'),
});
export const restoreRequest = z.object({
  version: z.number().int().describe('the version that is there now'),
});

/** When a notebook runs by itself, in UTC. */
export const notebookSchedule = z.object({
  every: z.enum(['hour', 'day', 'week']),
  minute: z.number().int().min(0).max(59),
  hour: z.number().int().min(0).max(23).default(0).describe('for day and week'),
  weekday: z.number().int().min(0).max(6).default(1).describe('for week; 0 is Sunday'),
  ref: refExpression,
});
export type NotebookSchedule = z.infer<typeof notebookSchedule>;
export const scheduleState = z.object({
  schedule: notebookSchedule.nullable(),
  nextAt: instant.nullable().describe('null also while it pauses'),
  paused: z.boolean(),
});
export type ScheduleState = z.infer<typeof scheduleState>;
export const setScheduleRequest = z.object({
  schedule: notebookSchedule.nullable(),
  paused: z.boolean().default(false).describe('keeps the schedule, and runs nothing by it'),
});

/** What one cell came to in a run that was saved: enough to get the same rows again. */
export const savedResult = z.object({
  cell: z.string(),
  name: z.string(),
  sql: z.string().describe('one statement over tables alone'),
  ref: refExpression.describe('the commit that was read'),
  snapshots: z.array(z.object({ table: z.string(), snapshotId: int64.optional() })),
  elapsedMs: z.number(),
  columns: z.array(resultColumn),
  /** The first rows, as /query gives them. */
  rows: z.array(z.array(z.unknown())),
  truncated: z.boolean(),
  error: z.string().optional(),
});
export type SavedResult = z.infer<typeof savedResult>;

export const notebookRunSummary = z.object({
  id: z.string(),
  notebook: z.string(),
  version: z.number().int().describe('of the notebook'),
  ref: refExpression,
  trigger: z.enum(['schedule', 'person']),
  startedAt: instant,
  finishedAt: instant,
  cells: z.number().int(),
  failed: z.number().int(),
});
export type NotebookRunSummary = z.infer<typeof notebookRunSummary>;
export const notebookRunList = z.object({ runs: z.array(notebookRunSummary).describe('newest first') });
export const notebookRun = notebookRunSummary.extend({ results: z.array(savedResult) });
export type NotebookRun = z.infer<typeof notebookRun>;
export const runNotebookRequest = z.object({ ref: refExpression.optional() });

/** A notebook that has a schedule, and how its last run went. */
export const scheduledNotebook = z.object({
  notebook: z.string(),
  title: z.string(),
  folder: z.string().optional(),
  schedule: notebookSchedule,
  nextAt: instant.nullable(),
  paused: z.boolean(),
  last: notebookRunSummary.optional(),
});
export type ScheduledNotebook = z.infer<typeof scheduledNotebook>;
export const scheduleList = z.object({ schedules: z.array(scheduledNotebook).describe('by title') });

export const runOfNotebook = notebookRunSummary.extend({ title: z.string() });
export type RunOfNotebook = z.infer<typeof runOfNotebook>;
export const allRunsQuery = z.object({
  outcome: z.enum(['done', 'failed']).optional(),
  before: z
    .string()
    .max(100)
    .regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z~[\w-]+$/, 'expected the `next` of the page before')
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type AllRunsQuery = z.infer<typeof allRunsQuery>;
export const allRunsList = z.object({
  runs: z.array(runOfNotebook).describe('newest first'),
  next: z.string().optional().describe('where the next page begins; absent on the last'),
});
export type AllRunsList = z.infer<typeof allRunsList>;
