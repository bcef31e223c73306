import type { ChartConfig } from '#shared/contract/notebooks.ts';
import { isNumeric, isTemporal, parseSqlType } from '#web/lib/format/duckdb-type.ts';
import { columnAlias, fromRelation, type Relation } from '#web/lib/relation/relation-sql.ts';
import type { ResultTable } from '#web/lib/result-table.ts';

/** What the engine is asked so that a chart of all rows can be drawn. */
export interface ChartQuery {
  readonly sql: string;
  /** Rows at most. */
  readonly maxRows: number;
  /** The chart of its answer, whose columns have names of their own. */
  readonly config: ChartConfig;
  /** What was done with the rows, for people, as the answer has it. */
  readonly notes: (answer: ResultTable) => readonly string[];
  /** It has what is to be drawn, in its order: the page leaves nothing out. */
  readonly whole?: true;
}

export type Aggregate = NonNullable<ChartConfig['aggregate']>;
export type TimeUnit = NonNullable<ChartConfig['unit']>;

export const AGGREGATE_WORDS: Readonly<Record<Aggregate, string>> = {
  sum: 'sum',
  avg: 'mean',
  median: 'median',
  min: 'min',
  max: 'max',
  count: 'count',
};

/** Aggregates of which the figures of parts come to that of the whole. */
export const ADDING_UP: ReadonlySet<Aggregate | undefined> = new Set(['sum', 'count']);

/** What of a relation stands where in a chart. */
export interface ChartColumns {
  readonly from: string;
  readonly x: string | null;
  readonly xType: string;
  readonly xName: string;
  readonly series: string | null;
  readonly seriesName: string;
  readonly seriesType: string;
  readonly y: readonly { readonly sql: string; readonly name: string }[];
}

/** A kept chart may name columns that are gone: they are not there. */
export function columnsOf(relation: Relation, config: ChartConfig): ChartColumns {
  const place = (name: string | undefined) => relation.columns.findIndex((column) => column.name === name);
  const x = place(config.x);
  const series = place(config.series);
  return {
    from: fromRelation(relation),
    x: x < 0 ? null : columnAlias(x),
    xType: relation.columns[x]?.type ?? '',
    xName: config.x ?? '',
    series: series < 0 ? null : columnAlias(series),
    seriesName: config.series ?? '',
    seriesType: relation.columns[series]?.type ?? '',
    y: config.y
      .map((name) => ({ at: place(name), name }))
      .filter(({ at }) => at >= 0)
      .map(({ at, name }) => ({ sql: columnAlias(at), name })),
  };
}

/** The columns that a chart reads, once each, as a list in SQL. */
export function neededColumns({ x, series, y }: ChartColumns): string {
  const names = new Set([x, series, ...y.map(({ sql }) => sql)]);
  return [...names].filter((name) => name !== null).join(', ');
}

/** Series beyond these no chart can tell apart, and each would cost as much as the first. */
export const MAX_SERIES = 8;

/**
 * The rows of the largest series alone, where there are series to be told apart by colour: by the sum of the first
 * measure where sums are drawn, by their rows otherwise.
 */
export function largestSeries(columns: ChartColumns, aggregate: Aggregate | 'none'): ChartColumns {
  const { from, series, y } = columns;
  if (series === null) return columns;
  const size = aggregate === 'sum' && y[0] !== undefined ? `abs(sum(${y[0].sql}))` : 'count(*)';
  return {
    ...columns,
    from: `(WITH source_rows AS MATERIALIZED (SELECT ${neededColumns(columns)} FROM ${from}),
largest AS (SELECT ${series} AS s FROM source_rows GROUP BY 1 ORDER BY ${size} DESC NULLS LAST, 1 LIMIT ${MAX_SERIES})
SELECT * FROM source_rows WHERE EXISTS (SELECT 1 FROM largest WHERE s IS NOT DISTINCT FROM ${series})) AS result`,
  };
}

/** @param series the place of their column in the answer */
export function seriesNotes(
  answer: ResultTable,
  series: number,
  { y }: ChartColumns,
  aggregate: Aggregate | 'none',
): readonly string[] {
  if (distinct(answer, series) < MAX_SERIES) return [];
  const most = aggregate === 'sum' && y[0] !== undefined ? `largest sum of ${y[0].name}` : 'most rows';
  return [`The ${MAX_SERIES} series with the ${most} are drawn.`];
}

export function aggregateSql(aggregate: Aggregate, value: string): string {
  return `${aggregate}(${value})`;
}

/** Whether values of a type have places on an axis, rather than names. */
export function hasOrder(type: string): boolean {
  const parsed = parseSqlType(type);
  return isNumeric(parsed) || isTemporal(parsed);
}

/** A number that the answer has in each of its rows. */
export function figure(answer: ResultTable, column: number): number {
  return answer.rowCount === 0 ? 0 : Number(answer.value(0, column) ?? 0);
}

/** How many values a column of the answer has. */
export function distinct(answer: ResultTable, column: number): number {
  return new Set(Array.from({ length: answer.rowCount }, (_, row) => answer.value(row, column))).size;
}
