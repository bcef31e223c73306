import type { Cell } from '#shared/contract/notebooks.ts';

/** What people call the kinds of cells. */
export const CELL_KINDS: Readonly<Record<Cell['kind'], string>> = {
  sql: 'SQL',
  markdown: 'Text',
  input: 'Input',
  metric: 'Metric',
  chart: 'Chart',
  pivot: 'Pivot',
};
