import { z } from 'zod';
import { instant, int64 } from './common.ts';
import { expireSnapshotsRequest, expireSnapshotsResult } from './table-changes.ts';

const bytes = z.number().int().positive();
const commitFields = {
  branch: z.string().min(1).optional().describe('the default branch where absent'),
  message: z.string().min(1).max(10_000).optional().describe('what was done, where absent'),
};
const column = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

export const optimizeRequest = z
  .object({
    strategy: z
      .enum(['bin-pack', 'sort', 'z-order', 'cluster'])
      .optional()
      .describe(
        "bin-pack: files of a good size; sort: by `sortBy`, or by the table's order; z-order: by all of `columns` alike; " +
          "cluster: z-order by the table's `timestream.clustering.columns`, only what is not clustered yet. Where absent: " +
          'z-order with `columns`, sort with `sortBy`, else cluster where the table has clustering columns, else bin-pack',
      ),
    columns: z.array(column).min(1).max(16).optional(),
    sortBy: z
      .array(
        z
          .object({
            source: column,
            direction: z.enum(['asc', 'desc']).optional(),
            nullOrder: z.enum(['nulls-first', 'nulls-last']).optional(),
          })
          .strict(),
      )
      .min(1)
      .optional(),
    targetFileBytes: bytes.optional().describe("the table's write.target-file-size-bytes where absent"),
    minFileBytes: bytes
      .optional()
      .describe('smaller files are put together; 0.75 of the target where absent'),
    maxFileBytes: bytes.optional().describe('larger files are cut; 1.8 of the target where absent'),
    minInputFiles: z.number().int().positive().optional().describe('5 where absent'),
    deleteFileThreshold: z
      .number()
      .int()
      .positive()
      .optional()
      .describe('a data file with so many delete files is rewritten, whatever its size'),
    maxGroupBytes: bytes.optional().describe('what is rewritten at once at most; 100 GiB where absent'),
    rewriteAll: z.boolean().optional().describe('every file, whatever it is like'),
    commitEveryGroups: z
      .number()
      .int()
      .positive()
      .optional()
      .describe('commits what is done after so many groups, so that a big run that fails keeps its work'),
    dryRun: z.boolean().optional().describe('report what would be rewritten, and change nothing'),
    ...commitFields,
  })
  .strict();
export type OptimizeRequest = z.infer<typeof optimizeRequest>;

const tableSize = z.object({
  files: z.number().int(),
  bytes: int64,
  rows: int64.describe('in the files, deleted ones included'),
  deleteFiles: z.number().int(),
  manifests: z.number().int(),
  snapshots: z.number().int(),
  layers: z
    .number()
    .optional()
    .describe('average over partitions: files that a search for one combination of values reads at most'),
});
const readShare = z.object({
  files: z.number().describe('share of the files that a query reads, on the average'),
  bytes: z.number().describe('share of the bytes'),
});

export const optimizeResult = z.object({
  table: z.string(),
  strategy: z.enum(['bin-pack', 'sort', 'z-order', 'cluster']),
  columns: z.array(z.string()).describe('that rows are ordered by'),
  dryRun: z.boolean(),
  before: tableSize,
  after: tableSize,
  rewritten: z.object({ files: z.number().int(), bytes: int64 }),
  written: z.object({ files: z.number().int(), bytes: int64 }),
  removedDeleteFiles: z.number().int(),
  groups: z.number().int(),
  failedGroups: z
    .array(z.string())
    .describe('why groups were left as they are: what other commits did to them'),
  pruning: z
    .object({ predicates: z.number().int(), before: readShare, after: readShare })
    .optional()
    .describe('measured by the scan planner, over ranges and values of the columns that are in the table'),
  commits: z.array(z.string()),
});
export type OptimizeResult = z.infer<typeof optimizeResult>;

export const rewriteManifestsRequest = z.object(commitFields).strict();
export type RewriteManifestsRequest = z.infer<typeof rewriteManifestsRequest>;
export const rewriteManifestsResult = z.object({
  table: z.string(),
  manifestsBefore: z.number().int(),
  manifestsAfter: z.number().int(),
  bytesBefore: int64,
  bytesAfter: int64,
  commits: z.array(z.string()),
});
export type RewriteManifestsResult = z.infer<typeof rewriteManifestsResult>;

export const rewriteDeletesRequest = z.object(commitFields).strict();
export type RewriteDeletesRequest = z.infer<typeof rewriteDeletesRequest>;
export const rewriteDeletesResult = z.object({
  table: z.string(),
  deleteFilesBefore: z.number().int(),
  deleteFilesAfter: z.number().int(),
  dangling: z.number().int().describe('delete files that applied to nothing'),
  positions: int64.describe('deleted rows that the new files name'),
  format: z.enum(['position-deletes', 'deletion-vectors']),
  commits: z.array(z.string()),
});
export type RewriteDeletesResult = z.infer<typeof rewriteDeletesResult>;

export const removeOrphansRequest = z
  .object({
    olderThan: instant.optional().describe('only files written before; three days ago where absent'),
    table: z.string().min(1).optional().describe('only under the folder of this table'),
    dryRun: z.boolean().optional(),
  })
  .strict();
export type RemoveOrphansRequest = z.infer<typeof removeOrphansRequest>;
export const removeOrphansResult = z.object({
  dryRun: z.boolean(),
  orphans: z.number().int(),
  bytes: int64,
  deletedFiles: z.number().int(),
  /** The first of them. */
  locations: z.array(z.string()),
  filesSeen: z.number().int(),
  filesReached: z.number().int(),
});
export type RemoveOrphansResult = z.infer<typeof removeOrphansResult>;

export const vacuumRequest = z
  .object({
    retainMs: z
      .number()
      .int()
      .nonnegative()
      .optional()
      .describe(
        "snapshots of this age and younger are kept; the table's own setting, else five days, where absent",
      ),
    retainLast: z.number().int().positive().optional(),
    orphansOlderThan: instant.optional().describe('three days ago where absent'),
    cleanExpiredMetadata: expireSnapshotsRequest.shape.cleanExpiredMetadata,
    dryRun: z.boolean().optional(),
    ...commitFields,
  })
  .strict();
export type VacuumRequest = z.infer<typeof vacuumRequest>;

export const vacuumResult = z.object({ expired: expireSnapshotsResult, orphans: removeOrphansResult });
export type VacuumResult = z.infer<typeof vacuumResult>;
