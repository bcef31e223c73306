import { z } from 'zod';
import { int64, refExpression } from './common.ts';
import { explanation, plannedView } from './explanation.ts';
import { isTypeText } from '../sql/type-text.ts';
import { icebergType } from './iceberg-type.ts';

export const engineName = z.enum(['browser', 'server', 'cluster']);
export type EngineName = z.infer<typeof engineName>;

export const enginePreference = z.enum(['auto', ...engineName.options]);
export type EnginePreference = z.infer<typeof enginePreference>;

export const resultColumn = z.object({ name: z.string(), type: z.string().describe('DuckDB type') });
export type ResultColumn = z.infer<typeof resultColumn>;

/** What the lakehouse lets the engines of its pages do; see TAB_ENGINE in server/config.ts. */
export const tabEngine = z.enum(['on', 'asked', 'off']);
export type TabEngine = z.infer<typeof tabEngine>;

/** A file that whoever asks has, and the server has not: what a query has to know of it. */
export const localRelation = z.object({
  name: z
    .string()
    .min(1)
    .max(200)
    .regex(/^(?!__timestream)[^\0"]+$/i, 'no quotes, and not beginning with __timestream')
    .describe('as queries name it, without a schema; it comes before a table of that name'),
  columns: z
    .array(
      z.object({
        name: z.string().min(1),
        type: z.string().refine(isTypeText, 'expected a DuckDB type').describe('DuckDB type'),
      }),
    )
    .min(1)
    .max(10_000),
});
export type LocalRelation = z.infer<typeof localRelation>;

export const materializedViews = z
  .boolean()
  .optional()
  .describe(
    'false: tables are read themselves, also where a fresh materialized view has the answer of the query for fewer bytes',
  );

export const planRequest = z.strictObject({
  sql: z.string().min(1).max(1_048_576),
  ref: refExpression.optional().describe('where tables without an AT clause are read; the default branch'),
  engine: enginePreference.default('auto'),
  materializedViews,
  locals: z
    .array(localRelation)
    .max(200)
    .optional()
    .describe('files of the page; a query that names one is planned for the page’s engine alone'),
});
export type PlanRequest = z.input<typeof planRequest>;

/** A column that a scan needs: how it is called inside a file is a matter of its field id. */
export const scanColumn = z.object({
  fieldId: z.number().int(),
  name: z.string().describe('its name in the table'),
  sqlType: z.string(),
  type: icebergType.describe('with the field ids by which what is nested is found in a file'),
  initialDefault: z
    .unknown()
    .optional()
    .describe(
      'what rows have whose file lacks the column, as single-value JSON of the Iceberg spec; else NULL',
    ),
});
export type ScanColumn = z.infer<typeof scanColumn>;

export const scanDeletes = z.object({
  /** Equal for equal deletes of an equal file, whatever the url. */
  id: z.string(),
  /**
   * Where the page gets the deleted rows' positions in the file (from 0, ascending): a path on this origin that
   * answers an Arrow IPC stream of one integer column.
   */
  url: z.string(),
  /** About how many rows are deleted; exact where deletion vectors say so. */
  rows: z.number().int(),
  /** About how many bytes their positions are. */
  bytes: z.number().int(),
});
export type ScanDeletes = z.infer<typeof scanDeletes>;

/** Row groups of a file, ascending: the number of each, the file's row that it begins with, and how many it has. */
export const rowGroups = z.array(z.tuple([z.number().int(), z.number().int(), z.number().int().positive()]));
export type RowGroups = z.infer<typeof rowGroups>;

export const scanFile = z.object({
  /** Where the page gets it: a path on this origin that answers byte ranges and never changes its content. */
  url: z.string(),
  bytes: z.number().int(),
  rows: z.number().int(),
  /**
   * For each column of the scan, in its order: what it should be called inside this file and its compressed bytes,
   * both of which only the file itself knows for sure; null where the file was written before the column existed.
   */
  columns: z.array(z.object({ name: z.string(), bytes: z.number().int() }).nullable()),
  /**
   * The only row groups of which a row can matter; absent where all may. Whoever reads more of the file gets the same
   * answer. The bytes of `columns` are those of these groups; `rows` and `bytes` are the whole file's.
   */
  groups: rowGroups.optional(),
  /** By field id: the SQL constant that a column has here if the file lacks it, in place of its initial default. */
  constants: z.record(z.string(), z.string()).optional(),
  /** Which of the file's rows are deleted; absent where none is. Such rows are in the file, and in its `rows`. */
  deletes: scanDeletes.optional(),
});
export type ScanFile = z.infer<typeof scanFile>;

/** One table at one snapshot as one query reads it. The rewritten SQL names it by `view`. */
export const scan = z.object({
  view: z.string().describe('identifier that stands for this scan in the rewritten SQL'),
  table: z.string().describe('dotted name, e.g. bronze.flights'),
  snapshotId: int64.optional().describe('absent: the table has no snapshot yet'),
  columns: z.array(scanColumn),
  files: z.array(scanFile),
  nameMapping: z
    .string()
    .optional()
    .describe(
      "the table's property schema.name-mapping.default: for files that give their columns no field ids",
    ),
  filesKnown: z.number().int().describe('files in the snapshot before pruning'),
  pruning: z.array(z.string()).describe('a line per predicate that pruned, for people'),
});
export type Scan = z.infer<typeof scan>;

const plannedEngine = z.object({
  choice: engineName,
  reason: z.string().describe('why, in whole sentences, as people are shown them'),
  /** False where the tab's engine can't run it at all (a function it lacks, too many bytes). */
  browserCapable: z.boolean(),
  /** False where the lakehouse wants no data loaded into tabs but by who chose the tab. */
  loadAhead: z.boolean().optional(),
});
const localReads = z.array(z.object({ name: z.string(), columns: z.array(z.string()) }));
const answeredFrom = z.enum(['metadata']);

export const plan = z.object({
  /** Equal for equal SQL over equal snapshots: results may be cached by it. */
  id: z.string(),
  /** DuckDB SQL that reads only the scans' views. */
  sql: z.string(),
  ref: z.object({ name: z.string(), hash: z.string() }),
  scans: z.array(scan),
  columns: z.array(resultColumn),
  /**
   * Which places of the SQL that was asked for the places of `sql` are, for positions of errors: from each start
   * (UTF-16 units) on, text that was kept from `original` on, or that was put in there. Absent where `sql` is of
   * the server's own making.
   */
  anchors: z.array(z.tuple([z.number().int(), z.number().int(), z.enum(['kept', 'put-in'])])).optional(),
  /** Compressed bytes of the columns and files that the scans need. */
  bytes: z.number().int(),
  engine: plannedEngine,
  /** The same query over the same rows may have another answer next time: it has random(), now() or a sample. */
  varies: z.literal(true).optional(),
  /** How long an engine may work on it. */
  timeoutMs: z.number().positive().optional(),
  /** Files of the page that the query names, in `sql` as they were, and the columns whose values matter. */
  locals: localReads.optional(),
  /** `sql` is the answer itself: what the scans' files are known to hold, none of which is read. */
  answeredFrom: answeredFrom.optional(),
  /** Materialized views that the query names, or that answer it in the place of tables that it names. */
  views: z.array(plannedView).optional(),
  /** Of EXPLAIN: what `sql` gives as rows, for a page that can show it better. */
  explanation: explanation.optional(),
  /** Of EXPLAIN: what tells a page where the query that is explained would run there. */
  explained: z
    .object({
      scans: z.array(scan),
      bytes: z.number().int(),
      engine: plannedEngine,
      locals: localReads.optional(),
      answeredFrom: answeredFrom.optional(),
    })
    .optional(),
});
export type Plan = z.infer<typeof plan>;
