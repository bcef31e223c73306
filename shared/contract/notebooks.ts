import { z } from 'zod';
import { engineName } from './plan.ts';
import { instant, int64, refExpression } from './common.ts';

export const chartConfig = z.object({
  type: z.enum([
    'bar',
    'stacked',
    'line',
    'area',
    'scatter',
    'pie',
    'histogram',
    'box',
    'heatmap',
    'candlestick',
    'map',
  ]),
  /** Of a map the longitude, of a histogram what is counted. */
  x: z.string().optional(),
  /** Of a map the latitude, of candles the price or open, high, low and close, of a heat map the value. */
  y: z.array(z.string()).default([]),
  /** Of a heat map its rows, of candles what names the things of which one is shown. */
  series: z.string().optional(),
  /** Of candles the value of `series` that is shown; absent: the one with the most rows. */
  only: z.string().max(10_000).optional(),
  /** What becomes of the values of one place; absent: they are drawn as they are, and added up where they share it. */
  aggregate: z.enum(['sum', 'avg', 'median', 'min', 'max', 'count']).optional(),
  /** What times on x are put together by; absent: bars by what their span asks for, lines and candles not at all. */
  unit: z.enum(['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']).optional(),
  /** Of what is measured; absent: linear. */
  scale: z.enum(['log']).optional(),
  /** Of bars and slices so many of the largest, and all others as one; absent: as many as there is room for. */
  top: z.number().int().min(1).max(50).optional(),
  /** Of a histogram about so many bars, of round widths; absent: 30. */
  bins: z.number().int().min(2).max(200).optional(),
  /** Of a histogram: the lowest and the highest hundredth of the values are left out. */
  cut: z.literal(true).optional(),
  /** Stands over it; absent: what its columns say. */
  title: z.string().max(200).optional(),
});
export type ChartConfig = z.infer<typeof chartConfig>;

/**
 * How other cells call a cell: inputs as `$name`, all others that have a name as a relation in FROM. Letter case does
 * not count.
 */
export const cellName = z
  .string()
  .max(63)
  .regex(/^[\p{L}_][\p{L}\p{N}_]*$/u, 'expected a letter or _ first, then letters, digits and _');

const every = {
  id: z.string(),
  collapsed: z.boolean().optional(),
  /** Two changed a cell at once: of the one with this id, this is the other version, and stands until somebody decides. */
  otherOf: z.string().optional(),
};

/** A run that is kept: what it takes to get the same rows again, and what tells that they are the same. */
export const pinnedRun = z.object({
  sql: z.string().describe('as it ran: cells that it read and values of inputs are in it'),
  ref: refExpression.describe('the commit that was read'),
  snapshots: z.array(z.object({ table: z.string(), snapshotId: int64.optional() })),
  at: instant,
  engine: engineName,
  /** Milliseconds. */
  elapsedMs: z.number(),
  bytes: z.number().int(),
  rows: z.number().int(),
});
export type PinnedRun = z.infer<typeof pinnedRun>;

export const filterOperator = z.enum([
  'equals',
  'differs',
  'contains',
  'less',
  'at-most',
  'greater',
  'at-least',
  'is-null',
  'not-null',
]);

/** How the rows of an answer are looked at; of filters, all hold. Columns that the answer lacks do not count. */
export const rowsView = z.object({
  sort: z.array(z.object({ column: z.string(), direction: z.enum(['asc', 'desc']) })).max(50),
  filters: z
    .array(z.object({ column: z.string(), operator: filterOperator, value: z.string().max(10_000) }))
    .max(200),
});
export type RowsView = z.infer<typeof rowsView>;

export const sqlCell = z.object({
  ...every,
  kind: z.literal('sql'),
  name: cellName.optional(),
  source: z.string(),
  /** Reads here instead of at the notebook's ref: the snapshot picker of the cell. */
  ref: refExpression.optional(),
  view: z.enum(['grid', 'chart']).default('grid'),
  rows: rowsView.optional(),
  pin: pinnedRun.optional(),
  chart: chartConfig.optional(),
});
/** `{{name}}` stands for the value of an input, or for the first value of a cell's answer. */
export const markdownCell = z.object({ ...every, kind: z.literal('markdown'), source: z.string() });

const numberText = z.string().regex(/^-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/, 'expected a number');
const dateText = z.iso.date();
/** What is asked, with the value of now. Null and absent values are NULL in SQL. */
export const inputControl = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), value: z.string() }),
  z.object({ type: z.literal('number'), value: numberText.nullable() }),
  z.object({
    type: z.literal('slider'),
    value: numberText,
    min: numberText,
    max: numberText,
    step: numberText,
  }),
  /** In SQL two values: `$name_from` and `$name_to`. */
  z.object({ type: z.literal('date-range'), from: dateText.nullable(), to: dateText.nullable() }),
  z.object({
    type: z.literal('select'),
    value: z.string().nullable(),
    /** What is chosen where several may be: then `value` does not count, and in SQL it is a list of texts. */
    values: z.array(z.string()).max(1000).optional(),
    /** Choices are the first column of this query, or of the SQL cell that it names. */
    query: z.string(),
    /** Choices that are written down: then the query does not count. */
    options: z.array(z.string()).max(1000).optional(),
  }),
]);
export type InputControl = z.infer<typeof inputControl>;
export const inputCell = z.object({
  ...every,
  kind: z.literal('input'),
  name: cellName,
  label: z.string().max(200).optional(),
  control: inputControl,
});
export const pivotAggregate = z.enum(['count', 'sum', 'avg', 'min', 'max', 'count-distinct']);
/** One figure: of a column of a relation the first value, or what all of its values come to. */
export const metricCell = z.object({
  ...every,
  kind: z.literal('metric'),
  name: cellName.optional(),
  /** A cell's name, or a dotted table name. */
  relation: z.string(),
  column: z.string().optional(),
  label: z.string().max(200).optional(),
  /** Compared with that of this column. */
  against: z.string().optional(),
  /** Of all rows; the first row counts alone where absent. */
  aggregate: pivotAggregate.optional(),
});
export const chartCell = z.object({
  ...every,
  kind: z.literal('chart'),
  name: cellName.optional(),
  relation: z.string(),
  chart: chartConfig.optional(),
});
export const pivotCell = z.object({
  ...every,
  kind: z.literal('pivot'),
  name: cellName.optional(),
  relation: z.string(),
  rows: z.array(z.string()).max(8),
  columns: z.array(z.string()).max(4),
  value: z.object({ aggregate: pivotAggregate, column: z.string().optional() }),
  /** Its rows by their values in the column of these labels; of none, in that of the totals. */
  sort: z.object({ column: z.array(z.string()).max(4), direction: z.enum(['asc', 'desc']) }).optional(),
});
export const cell = z.discriminatedUnion('kind', [
  sqlCell,
  markdownCell,
  inputCell,
  metricCell,
  chartCell,
  pivotCell,
]);
export type SqlCell = z.infer<typeof sqlCell>;
export type MarkdownCell = z.infer<typeof markdownCell>;
export type InputCell = z.infer<typeof inputCell>;
export type MetricCell = z.infer<typeof metricCell>;
export type ChartCell = z.infer<typeof chartCell>;
export type PivotCell = z.infer<typeof pivotCell>;
export type Cell = z.infer<typeof cell>;

/** Names of folders joined by `/`; absent at the top. */
const folder = z
  .string()
  .max(200)
  .regex(/^[^/]+(\/[^/]+)*$/, 'expected names of folders joined by /');
/** Whether cells that read a cell that ran, or an input that changed, run again by themselves. */
export const rerunMode = z.enum(['auto', 'manual']);

const content = {
  title: z.string().max(200),
  folder: folder.optional(),
  mode: rerunMode.optional().describe('auto where absent'),
  cells: z.array(cell).max(500),
};

export const notebook = z.object({
  id: z.string(),
  ...content,
  /** Grows by one with every save; a save says which version it changes. */
  version: z.number().int(),
  updatedAt: instant,
});
export type Notebook = z.infer<typeof notebook>;
/** What a person edits. Ids, versions and times of the server are not part of it. */
export const notebookContent = z.object(content);
export type NotebookContent = z.infer<typeof notebookContent>;

export const notebookSummary = notebook
  .pick({ id: true, title: true, folder: true, updatedAt: true, version: true })
  .extend({
    updatedBy: z.string().optional().describe('who saved it last, as far as that is known'),
    cells: z.number().int().optional().describe('how many it has'),
    excerpt: z
      .string()
      .optional()
      .describe('how its first cell that says anything begins; where none does, what the first one shows'),
  });
export type NotebookSummary = z.infer<typeof notebookSummary>;
export const notebookList = z.object({ notebooks: z.array(notebookSummary) });

/** `id` is given to a notebook that was made while the server was away; one that is taken answers 409 ALREADY_EXISTS. */
export const createNotebookRequest = notebookContent.extend({ id: z.uuid().optional() });
export type CreateNotebookRequest = z.input<typeof createNotebookRequest>;

/** `version` is the one that the edit started from; another one answers 409 VERSION_CONFLICT. */
export const saveNotebookRequest = notebookContent.extend({
  version: z.number().int(),
  keepBefore: z
    .boolean()
    .optional()
    .describe('keeps what it was before as a version of its own, because it was run as it was'),
});
export type SaveNotebookRequest = z.input<typeof saveNotebookRequest>;
