import { z } from 'zod';
import { instant, refExpression } from './common.ts';

export const chartConfig = z.object({
  type: z.enum(['bar', 'line', 'area', 'scatter', 'pie']),
  x: z.string().optional(),
  y: z.array(z.string()).default([]),
  series: z.string().optional(),
});
export type ChartConfig = z.infer<typeof chartConfig>;

export const sqlCell = z.object({
  id: z.string(),
  kind: z.literal('sql'),
  source: z.string(),
  /** Reads here instead of at the notebook's ref: the snapshot picker of the cell. */
  ref: refExpression.optional(),
  view: z.enum(['grid', 'chart']).default('grid'),
  chart: chartConfig.optional(),
});
export const markdownCell = z.object({ id: z.string(), kind: z.literal('markdown'), source: z.string() });
export const cell = z.discriminatedUnion('kind', [sqlCell, markdownCell]);
export type SqlCell = z.infer<typeof sqlCell>;
export type MarkdownCell = z.infer<typeof markdownCell>;
export type Cell = z.infer<typeof cell>;

export const notebook = z.object({
  id: z.string(),
  title: z.string().max(200),
  cells: z.array(cell).max(500),
  /** Grows by one with every save; a save says which version it changes. */
  version: z.number().int(),
  updatedAt: instant,
});
export type Notebook = z.infer<typeof notebook>;

export const notebookSummary = notebook.pick({ id: true, title: true, updatedAt: true, version: true });
export type NotebookSummary = z.infer<typeof notebookSummary>;
export const notebookList = z.object({ notebooks: z.array(notebookSummary) });

export const createNotebookRequest = notebook.pick({ title: true, cells: true });
/** `version` is the one that the edit started from; another one answers 409 VERSION_CONFLICT. */
export const saveNotebookRequest = notebook.pick({ title: true, cells: true, version: true });
export type SaveNotebookRequest = z.input<typeof saveNotebookRequest>;
