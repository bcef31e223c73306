import { z } from 'zod';
import { instant } from './common.ts';

export const jobInfo = z.object({
  id: z.string(),
  kind: z.string().describe('e.g. demo-load'),
  title: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  /** What it does just now, for people. */
  step: z.string(),
  done: z.number(),
  total: z.number(),
  unit: z.string().describe('of done and total: rows, files, loads'),
  startedAt: instant,
  finishedAt: instant.optional(),
  error: z.string().optional(),
});
export type JobInfo = z.infer<typeof jobInfo>;

export const jobList = z.object({ jobs: z.array(jobInfo) });
export type JobList = z.infer<typeof jobList>;
