import { z } from 'zod';
import { int64 } from './common.ts';

export const fsckQuery = z.object({
  deep: z
    .enum(['true', 'false'])
    .optional()
    .describe('true: also opens every Parquet file, and counts its rows by its footer'),
});
export type FsckQuery = z.infer<typeof fsckQuery>;

const fsckFault = z.object({
  kind: z.enum([
    'catalog',
    'metadata',
    'view',
    'statistics',
    'manifest-list',
    'manifest',
    'data-file',
    'delete-file',
  ]),
  problem: z.string(),
  ref: z.string().nullable().describe('from which it is reached; null where the reflog alone leads there'),
  commit: z.string().describe('the newest that was found to reach it'),
  table: z.string().optional(),
  file: z.string().optional(),
  object: z.string().optional().describe('hash, in the metadata database'),
});
export type FsckFault = z.infer<typeof fsckFault>;

export const fsckResult = z.object({
  clean: z.boolean(),
  deep: z.boolean(),
  checked: z.object({
    refs: z.number().int(),
    commits: z.number().int(),
    nodes: z.number().int(),
    tableVersions: z.number().int(),
    expiredVersions: z.number().int().describe('that retention let go: not there, and no fault'),
    views: z.number().int(),
    manifestLists: z.number().int(),
    manifests: z.number().int(),
    files: z.number().int().describe('data and delete files'),
    bytes: int64.describe('that these take'),
  }),
  faultCount: z.number().int(),
  faults: z.array(fsckFault).describe('the first thousand'),
});
export type FsckResult = z.infer<typeof fsckResult>;
