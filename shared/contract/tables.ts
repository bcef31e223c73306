import { z } from 'zod';
import { instant, int64 } from './common.ts';

export const columnInfo = z.object({
  id: z.number().int().describe('Iceberg field id'),
  name: z.string(),
  type: z.string().describe('Iceberg type, e.g. timestamptz, decimal(10, 2), list<string>'),
  sqlType: z.string().describe('DuckDB type, e.g. TIMESTAMP WITH TIME ZONE'),
  required: z.boolean(),
  doc: z.string().optional(),
});
export type ColumnInfo = z.infer<typeof columnInfo>;

/** Absent: the number of rows is exact. */
const rowsAre = z
  .enum(['at-most', 'about', 'unknown'])
  .optional()
  .describe(
    'how sure the number of rows is where rows were deleted without rewriting files; absent: exact. at-most: rows are deleted by value as well; about: rows deleted by position are taken off, of which some may be named twice or be gone; unknown: the writer did not say',
  );
export type RowsAre = NonNullable<z.infer<typeof rowsAre>>;

export const tableSummary = z.object({
  /** Dotted name: namespace levels and table name, e.g. bronze.flights. */
  id: z.string(),
  namespace: z.array(z.string()),
  name: z.string(),
  columns: z.array(columnInfo),
  rows: int64,
  rowsAre,
  bytes: int64,
  files: z.number().int(),
  /** Time of the current snapshot. */
  updatedAt: instant,
  comment: z.string().optional(),
  problem: z
    .string()
    .optional()
    .describe('why a table that another engine keeps cannot be read now; nothing else of it is known then'),
});
export type TableSummary = z.infer<typeof tableSummary>;

export const viewSummary = z.object({
  /** Dotted name. */
  id: z.string(),
  namespace: z.array(z.string()),
  name: z.string(),
  columns: z.array(columnInfo),
  sql: z.string(),
  dialect: z.string().describe('of the SQL; views that SQL here makes are in duckdb'),
  comment: z.string().optional(),
});
export type ViewSummary = z.infer<typeof viewSummary>;

export const tableList = z.object({
  ref: z.string(),
  hash: z.string(),
  namespaces: z.array(z.array(z.string())),
  tables: z.array(tableSummary),
  views: z.array(viewSummary),
});
export type TableList = z.infer<typeof tableList>;

export const snapshotInfo = z.object({
  snapshotId: int64,
  parentSnapshotId: int64.optional(),
  sequenceNumber: int64,
  time: instant,
  operation: z.string(),
  summary: z.record(z.string(), z.string()),
  addedRows: int64,
  totalRows: int64,
  /** Of totalRows. */
  rowsAre,
  totalFiles: z.number().int(),
  totalBytes: int64,
  /** The commit that made it the table's own; absent where the log of this ref does not have it. */
  commit: z.object({ hash: z.string(), message: z.string(), author: z.string() }).optional(),
});
export type SnapshotInfo = z.infer<typeof snapshotInfo>;

export const tableDetail = tableSummary.extend({
  uuid: z.string(),
  formatVersion: z.number().int(),
  location: z.string(),
  metadataLocation: z.string(),
  currentSnapshotId: int64.optional(),
  schemaId: z.number().int(),
  partitionSpec: z.array(z.object({ source: z.string(), transform: z.string(), name: z.string() })),
  sortOrder: z.array(z.object({ source: z.string(), transform: z.string(), direction: z.string() })),
  properties: z.record(z.string(), z.string()),
});
export type TableDetail = z.infer<typeof tableDetail>;

/** Newest first. */
export const tableHistory = z.object({ snapshots: z.array(snapshotInfo) });
export type TableHistory = z.infer<typeof tableHistory>;

export const fileInfo = z.object({
  path: z.string(),
  format: z.string(),
  rows: int64,
  bytes: int64,
  partition: z.record(z.string(), z.unknown()),
  bounds: z.array(
    z.object({
      column: z.string(),
      lower: z.unknown(),
      upper: z.unknown(),
      nulls: int64.optional(),
      bytes: int64.optional(),
    }),
  ),
});
export const tableFiles = z.object({ snapshotId: int64.optional(), files: z.array(fileInfo) });
export type TableFiles = z.infer<typeof tableFiles>;
