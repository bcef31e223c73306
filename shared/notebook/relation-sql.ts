import type { Cell, ChartCell, ChartConfig, PivotCell } from '../contract/notebooks.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quoting.ts';
import { aggregateSql, cellSql, fromSql, isOfFirstRow, metricItems } from './cell-sql.ts';

/**
 * What a cell is to those that read it by its name; null for what is no relation, or has not been told yet what to show.
 * It names the same cells as `cellSql`. Of what a cell computes, it has the rows, and nothing that is for eyes alone: a
 * metric is its one row, a pivot its groups without totals, a chart its groups without what fits them to the page.
 */
export function relationSql(cell: Cell): string | null {
  switch (cell.kind) {
    case 'sql':
      return cellSql(cell);
    case 'markdown':
    case 'input':
      return null;
    case 'metric': {
      if (cell.relation.trim() === '') return null;
      return `SELECT ${metricItems(cell)} ${fromSql(cell.relation)}${isOfFirstRow(cell) ? ' LIMIT 1' : ''}`;
    }
    case 'pivot':
      return cellSql(cell) === null ? null : groupsOfPivot(cell);
    case 'chart':
      return cell.relation.trim() === '' ? null : rowsOfChart(cell);
  }
}

/** What the figures of a pivot are called to others: `value`, or another name where a side of it has a column so. */
export function valueColumn({ rows, columns }: Pick<PivotCell, 'rows' | 'columns'>): string {
  const taken = new Set([...rows, ...columns].map((name) => name.toLowerCase()));
  let name = 'value';
  for (let count = 2; taken.has(name); count += 1) name = `value_${count}`;
  return name;
}

/** One row for each pair of a row and a column: which columns there are depends on the rows, and not on the query. */
function groupsOfPivot(cell: PivotCell): string {
  const sides = [...new Set([...cell.rows, ...cell.columns])];
  const items = [
    ...sides.map(quoteIdentifier),
    `${aggregateSql(cell.value)} AS ${quoteIdentifier(valueColumn(cell))}`,
  ];
  return grouped(items, sides.length, cell.relation);
}

/** Charts that show how rows lie, and put together none of them. */
const OF_ROWS: ReadonlySet<ChartConfig['type']> = new Set(['box', 'histogram', 'candlestick', 'map']);

/** What of a relation a chart is made from. */
export type ChartRows = 'all' | 'points' | 'groups';

export function chartRows(chart: ChartConfig | undefined): ChartRows {
  // What it draws is then chosen by the types of the columns.
  if (chart?.x === undefined) return 'all';
  if (OF_ROWS.has(chart.type) || (chart.type === 'scatter' && chart.aggregate === undefined)) return 'points';
  return 'groups';
}

function rowsOfChart({ relation, chart }: ChartCell): string {
  const rows = chartRows(chart);
  if (rows === 'all' || chart?.x === undefined) return `SELECT * ${fromSql(relation)}`;
  const { type, x, aggregate = 'sum', unit } = chart;
  const series = type === 'pie' ? undefined : chart.series;
  const y = type === 'pie' || type === 'heatmap' ? chart.y.slice(0, 1) : chart.y;
  const own = [...new Set([x, ...(series === undefined ? [] : [series])])];
  const measured = y.filter((name) => !own.includes(name));
  if (rows === 'points')
    return `SELECT ${[...own, ...measured].map(quoteIdentifier).join(', ')} ${fromSql(relation)}`;
  const items = own.map((name) =>
    name === x && unit !== undefined ? unitSql(name, unit) : quoteIdentifier(name),
  );
  const measures =
    y.length === 0
      ? ['count(*) AS "rows"']
      : measured.map((name) => `${aggregate}(${quoteIdentifier(name)}) AS ${quoteIdentifier(name)}`);
  return grouped([...items, ...measures], own.length, relation);
}

/** A time with a zone as one of UTC, as charts show it: so this needs no calendar of zones. */
function unitSql(column: string, unit: NonNullable<ChartConfig['unit']>): string {
  const name = quoteIdentifier(column);
  return `date_trunc(${quoteLiteral(unit)}, make_timestamp(epoch_us(${name}))) AS ${name}`;
}

function grouped(items: readonly string[], keys: number, relation: string): string {
  const places = Array.from({ length: keys }, (_, at) => at + 1).join(', ');
  return `SELECT ${items.join(', ')} ${fromSql(relation)} GROUP BY ${places}`;
}
