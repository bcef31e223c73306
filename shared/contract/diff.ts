import { z } from 'zod';
import { int64, refExpression } from './common.ts';

const place = z.object({
  ref: z.string(),
  hash: z.string().describe('of the commit'),
  snapshotId: int64.optional().describe('absent where the table is not there, or has no rows yet'),
});

/** A column on one side: its path, type, and what else a schema says of it. */
const columnOnSide = z.object({
  name: z.string().describe('path, with dots between levels'),
  type: z.string(),
  required: z.boolean(),
  doc: z.string().optional(),
});

/** Columns by field id, at any depth. */
export const schemaDiff = z.object({
  added: z.array(columnOnSide),
  removed: z.array(columnOnSide),
  changed: z.array(z.object({ before: columnOnSide, after: columnOnSide })),
});
export type SchemaDiff = z.infer<typeof schemaDiff>;

export const valueDiff = z.object({
  name: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

/** What manifests say of the change; rows that a file has in common with another are counted on both sides. */
export const tableDiffSummary = z.object({
  rowsBefore: int64,
  rowsAfter: int64,
  addedFiles: z.number().int(),
  removedFiles: z.number().int(),
  addedDeleteFiles: z.number().int(),
  removedDeleteFiles: z.number().int(),
  rowsInAddedFiles: int64,
  rowsInRemovedFiles: int64,
  schema: schemaDiff,
  properties: z.array(valueDiff),
  partitioning: valueDiff.optional().describe('where it changed'),
  sortOrder: valueDiff.optional().describe('where it changed'),
});
export type TableDiffSummary = z.infer<typeof tableDiffSummary>;

export const catalogChange = z.object({
  key: z.string().describe('dotted name; where it was removed, the one it had'),
  kind: z.enum(['added', 'removed', 'modified', 'renamed', 'replaced']),
  previousKey: z.string().optional().describe('of what was renamed'),
  type: z.string().describe('ICEBERG_TABLE, ICEBERG_VIEW, NAMESPACE'),
  table: tableDiffSummary.optional(),
  values: z
    .array(valueDiff)
    .optional()
    .describe('what differs of a view (query, properties) or a namespace (properties)'),
});
export type CatalogChange = z.infer<typeof catalogChange>;

export const diffQuery = z.object({
  from: refExpression,
  to: refExpression,
  since: z
    .enum(['from', 'merge-base'])
    .default('from')
    .describe('compares with `from` itself, or with where the two parted'),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  offset: z.coerce.number().int().min(0).default(0),
});
export type DiffQuery = z.infer<typeof diffQuery>;

export const catalogDiff = z.object({
  from: place,
  to: place,
  changeCount: z.number().int(),
  changes: z.array(catalogChange),
  next: z.number().int().optional().describe('offset of the following page; absent on the last'),
});
export type CatalogDiff = z.infer<typeof catalogDiff>;

const rowChangeKind = z.enum(['added', 'removed', 'changed']);
export type RowChangeKind = z.infer<typeof rowChangeKind>;

export const tableDiffRequest = z
  .object({
    from: refExpression,
    to: refExpression,
    since: z.enum(['from', 'merge-base']).default('from'),
    keys: z
      .array(z.string().min(1))
      .max(100)
      .optional()
      .describe(
        'columns that say which row is which; where absent, the identifier fields of the table; empty: whole rows',
      ),
    kinds: z.array(rowChangeKind).min(1).max(3).optional().describe('rows of these kinds alone'),
    changedIn: z.string().min(1).optional().describe('rows alone that changed in this column'),
    text: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .describe('rows alone that have this text, in any case, in a value before or after'),
    limit: z.number().int().min(0).max(10_000).default(100).describe('rows; 0 counts alone'),
    offset: z.number().int().min(0).default(0),
  })
  .strict();
export type TableDiffRequest = z.input<typeof tableDiffRequest>;

export const tableDiff = z.object({
  table: z.string(),
  from: place,
  to: place,
  schema: schemaDiff,
  /** By which rows were matched; empty: rows that are equal as a whole cancel, each as often as it is there. */
  keys: z.array(z.string()),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  counts: z.object({ added: int64, removed: int64, changed: int64 }).describe('of all rows that differ'),
  changedColumns: z
    .array(z.object({ name: z.string(), rows: int64 }))
    .describe('columns in which changed rows differ, and in how many of them; in the order of the table'),
  /** Data files that only one of the versions has, or has other deletes for; the others were not read. */
  filesRead: z.object({ before: z.number().int(), after: z.number().int() }),
  filesShared: z.number().int(),
  rows: z.array(
    z.object({
      kind: rowChangeKind,
      count: int64.describe('how often, where whole rows are compared'),
      before: z.array(z.unknown()).nullable(),
      after: z.array(z.unknown()).nullable(),
    }),
  ),
  next: z.number().int().optional().describe('offset of the following page; absent on the last'),
});
export type TableDiff = z.infer<typeof tableDiff>;
