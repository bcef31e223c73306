import { z } from 'zod';
import { instant, int64 } from './common.ts';
import { tableDetail } from './tables.ts';

/** A column by its name; a field inside another by the names from the root (lists: `element`, maps: `key`, `value`). */
const columnPath = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .describe('a column, or the path of a field inside one, e.g. ["place", "lat"]');

const columnType = z
  .string()
  .min(1)
  .describe(
    'an Iceberg or DuckDB type, e.g. long, timestamptz, DECIMAL(10, 2), STRUCT(lat DOUBLE, lon DOUBLE)',
  );

const position = z.union([
  z.literal('first'),
  z.object({ after: z.string() }).strict(),
  z.object({ before: z.string() }).strict(),
]);

const newColumn = z
  .object({
    name: z.string().min(1),
    type: columnType,
    required: z.boolean().optional(),
    doc: z.string().optional(),
  })
  .strict();

const partitionField = z
  .object({
    source: columnPath,
    transform: z.string().describe('identity, bucket[N], truncate[W], year, month, day or hour'),
    name: z.string().min(1).optional(),
  })
  .strict();

const sortField = z
  .object({
    source: columnPath,
    transform: z.string().optional(),
    direction: z.enum(['asc', 'desc']).optional(),
    nullOrder: z.enum(['nulls-first', 'nulls-last']).optional(),
  })
  .strict();

const formatVersion = z.union([z.literal(1), z.literal(2), z.literal(3)]);
const properties = z.record(z.string().min(1), z.string());

/** Where a change is committed, and what its commit says. */
const commitFields = {
  branch: z.string().min(1).optional().describe('the default branch where absent'),
  message: z.string().min(1).max(10_000).optional().describe('what was done, where absent'),
};

export const createTableRequest = z
  .object({
    table: z.string().min(1).describe('dotted name, e.g. bronze.flights'),
    columns: z.array(newColumn).min(1),
    identifierFields: z.array(columnPath).optional(),
    partitionSpec: z.array(partitionField).optional(),
    sortOrder: z.array(sortField).optional(),
    properties: properties.optional(),
    formatVersion: formatVersion.optional().describe('2 where absent'),
    ...commitFields,
  })
  .strict();
export type CreateTableRequest = z.infer<typeof createTableRequest>;

export const tableAlteration = z.discriminatedUnion('action', [
  z
    .object({
      action: z.literal('add-column'),
      ...newColumn.shape,
      parent: columnPath.optional().describe('the struct that it goes into'),
      default: z
        .unknown()
        .optional()
        .describe('for the rows there are and for those to come; format version 3'),
      position: position.optional(),
    })
    .strict(),
  z.object({ action: z.literal('drop-column'), column: columnPath }).strict(),
  z.object({ action: z.literal('rename-column'), column: columnPath, to: z.string().min(1) }).strict(),
  z.object({ action: z.literal('update-type'), column: columnPath, type: columnType }).strict(),
  z.object({ action: z.literal('set-required'), column: columnPath, required: z.boolean() }).strict(),
  z.object({ action: z.literal('move-column'), column: columnPath, position }).strict(),
  z.object({ action: z.literal('set-doc'), column: columnPath, doc: z.string().nullable() }).strict(),
  z.object({ action: z.literal('set-default'), column: columnPath, default: z.unknown() }).strict(),
  z.object({ action: z.literal('set-identifier-fields'), columns: z.array(columnPath) }).strict(),
  z.object({ action: z.literal('add-partition-field'), ...partitionField.shape }).strict(),
  z.object({ action: z.literal('remove-partition-field'), name: z.string().min(1) }).strict(),
  z
    .object({ action: z.literal('rename-partition-field'), name: z.string().min(1), to: z.string().min(1) })
    .strict(),
  z.object({ action: z.literal('set-sort-order'), fields: z.array(sortField) }).strict(),
  z.object({ action: z.literal('set-properties'), properties }).strict(),
  z.object({ action: z.literal('remove-properties'), names: z.array(z.string().min(1)).min(1) }).strict(),
  z.object({ action: z.literal('upgrade-format-version'), formatVersion }).strict(),
]);
export type TableAlteration = z.infer<typeof tableAlteration>;

export const alterTableRequest = z
  .object({
    changes: z.array(tableAlteration).min(1).max(1000).describe('in order; all of them or none'),
    allowIncompatibleChanges: z
      .boolean()
      .optional()
      .describe('lets a column become required although rows may hold null in it'),
    ...commitFields,
  })
  .strict();
export type AlterTableRequest = z.infer<typeof alterTableRequest>;

/** What a change made of a table; `commit` is absent where there was nothing to change. */
export const tableChangeResult = z.object({
  table: tableDetail,
  commit: z.object({ hash: z.string(), author: z.string(), message: z.string(), time: instant }).optional(),
});
export type TableChangeResult = z.infer<typeof tableChangeResult>;

export const rollbackRequest = z
  .object({
    to: z.union([
      z.object({ snapshotId: int64 }).strict(),
      z.object({ time: instant.describe('the last snapshot from this time or before') }).strict(),
    ]),
    anySnapshot: z
      .boolean()
      .optional()
      .describe('also to a snapshot that the current one did not come from; needs a snapshotId'),
    ...commitFields,
  })
  .strict();
export type RollbackRequest = z.infer<typeof rollbackRequest>;

export const cherryPickSnapshotRequest = z.union([
  z.object({ snapshotId: int64, ...commitFields }).strict(),
  z.object({ wapId: z.string().min(1).describe('wap.id of a staged snapshot'), ...commitFields }).strict(),
]);
export type CherryPickSnapshotRequest = z.infer<typeof cherryPickSnapshotRequest>;

const milliseconds = z.number().int().positive();
const retention = {
  maxRefAgeMs: milliseconds.optional(),
  maxSnapshotAgeMs: milliseconds.optional().describe('branches only'),
  minSnapshotsToKeep: z.number().int().positive().optional().describe('branches only'),
};

/** A branch or tag inside one table; the product's own branches are the catalog's, not these. */
export const snapshotRefInfo = z.object({
  name: z.string(),
  type: z.enum(['branch', 'tag']),
  snapshotId: int64,
  ...retention,
});
export const snapshotRefList = z.object({ refs: z.array(snapshotRefInfo) });
export type SnapshotRefList = z.infer<typeof snapshotRefList>;

export const createSnapshotRefRequest = z
  .object({
    name: z.string().min(1).max(255),
    type: z.enum(['branch', 'tag']),
    snapshotId: int64.optional().describe('the current snapshot where absent'),
    ...retention,
    ...commitFields,
  })
  .strict();
export type CreateSnapshotRefRequest = z.infer<typeof createSnapshotRefRequest>;

export const replaceSnapshotRefRequest = z
  .object({
    type: z.enum(['branch', 'tag']),
    snapshotId: int64.optional().describe('where it is now, if absent'),
    ...retention,
    ...commitFields,
  })
  .strict();
export type ReplaceSnapshotRefRequest = z.infer<typeof replaceSnapshotRefRequest>;

export const fastForwardRequest = z
  .object({ to: z.string().min(1).describe('branch or tag of the table'), ...commitFields })
  .strict();
export type FastForwardRequest = z.infer<typeof fastForwardRequest>;

export const expireSnapshotsRequest = z
  .object({
    olderThan: instant.optional(),
    retainLast: z.number().int().positive().optional(),
    snapshotIds: z.array(int64).optional(),
    cleanExpiredMetadata: z
      .boolean()
      .optional()
      .describe('also remove the schemas and partition specs that no snapshot that stays uses'),
    dryRun: z.boolean().optional().describe('report, and change nothing'),
    ...commitFields,
  })
  .strict();
export type ExpireSnapshotsRequest = z.infer<typeof expireSnapshotsRequest>;

const fileCounts = z.object({
  manifestLists: z.number().int(),
  manifests: z.number().int(),
  dataFiles: z.number().int(),
  deleteFiles: z.number().int(),
  statisticsFiles: z.number().int(),
});

export const expireSnapshotsResult = z.object({
  dryRun: z.boolean(),
  snapshotIds: z.array(int64).describe('expired, oldest first'),
  refs: z.array(z.string()).describe('branches and tags of the table that were too old'),
  held: z
    .array(int64)
    .describe("of these, the catalog's history still reads: their files stay until no commit does"),
  removedSchemas: z.array(z.number().int()).describe('ids; with cleanExpiredMetadata alone'),
  removedSpecs: z.array(z.number().int()).describe('ids of partition specs; likewise'),
  unreachable: fileCounts.describe('files that nothing reads any more'),
  deletedFiles: z.number().int(),
  commit: tableChangeResult.shape.commit,
});
export type ExpireSnapshotsResult = z.infer<typeof expireSnapshotsResult>;
