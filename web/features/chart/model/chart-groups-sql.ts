import type { ChartConfig } from '#shared/contract/notebooks.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import {
  AGGREGATE_WORDS,
  aggregateSql,
  distinct,
  figure,
  hasOrder,
  largestSeries,
  MAX_SERIES,
  neededColumns,
  seriesNotes,
  type Aggregate,
  type ChartColumns,
  type ChartQuery,
} from './chart-query.ts';
import { MAX_BARS, MAX_SLICES } from './chart-view.ts';
import { FITTING, hasUnits, unitSql, unitStartSql } from './time-unit.ts';

const MAX_POINTS = 5000;
/** Bars of times where a unit is to be found for them. */
const MAX_TIMES = 120;
/** Of a heat map. */
const MAX_ROWS = 30;
const MAX_COLUMNS = 60;

export interface Measure {
  /** Of its answer. */
  readonly name: string;
  readonly sql: string;
}

export function measuresOf({ y }: ChartColumns, aggregate: Aggregate): readonly Measure[] {
  if (y.length === 0) return [{ sql: 'count(*)', name: 'rows' }];
  return y.map(({ sql, name }) => ({
    sql: aggregateSql(aggregate, sql),
    name: `${AGGREGATE_WORDS[aggregate]} of ${name}`,
  }));
}

/**
 * One row for each place (and series), its values put together; times by a unit of time. The last columns are figures:
 * rows of a place at most, places in all and drawn, the unit.
 */
export function groupedQuery(all: ChartColumns, config: ChartConfig): ChartQuery | null {
  const heat = config.type === 'heatmap';
  const bars = config.type === 'bar' || config.type === 'stacked';
  const aggregate = config.aggregate ?? 'sum';
  const columns = heat || config.type === 'scatter' ? all : largestSeries(all, aggregate);
  const { x, xName, xType, series, seriesName } = columns;
  if (x === null) return null;
  const measures = measuresOf(columns, aggregate);
  const places = heat ? MAX_COLUMNS : bars ? MAX_BARS : MAX_POINTS;
  // Of bars there is room for fewer places the more stand at each; of the series of all measures the page draws some.
  const room = (series: string) => `${MAX_BARS} // least(${MAX_SERIES}, ${measures.length} * ${series})`;
  const byUnit = hasUnits(xType) && (FITTING.has(config.type) || config.unit !== undefined);
  const fitting = byUnit && config.unit === undefined;
  const seriesInAll =
    series === null ? '1' : `(SELECT count(*) FROM (SELECT DISTINCT ${series} FROM rows_of_all))`;
  // From the first time to the last may be part of one place more.
  const most = heat ? MAX_COLUMNS - 1 : `least(${MAX_TIMES}, ${room(seriesInAll)} - 1)`;
  const unit = byUnit ? unitSql(x, xType, config.unit, most) : 'NULL';
  const place = byUnit ? unitStartSql(x, xType, 'unit') : x;
  const ordered = hasOrder(xType);
  // Names stand by their size, which is what bars are compared by.
  const first = heat ? 'n DESC, x' : ordered ? 'x' : 'size DESC NULLS LAST, x';
  const items = [
    `groups.x AS ${quoteIdentifier(xName)}`,
    ...(series === null ? [] : [`groups.s AS ${quoteIdentifier(seriesName)}`]),
    ...measures.map(({ name }, at) => `y${at} AS ${quoteIdentifier(name)}`),
  ];
  return {
    sql: `WITH rows_of_all AS ${fitting ? 'MATERIALIZED ' : ''}(SELECT ${neededColumns(columns)} FROM ${columns.from}),
unit_of AS (SELECT ${unit} AS unit),
groups AS (SELECT ${place} AS x, ${series ?? 'NULL'} AS s, count(*) AS n, ${measures.map(({ sql }, at) => `${sql} AS y${at}`).join(', ')} FROM rows_of_all, unit_of GROUP BY 1, 2),
places AS (SELECT x, sum(n) AS n, sum(abs(y0)) AS size FROM groups GROUP BY 1),
names AS (SELECT s FROM groups GROUP BY 1 ORDER BY sum(n) DESC, 1 LIMIT ${heat ? MAX_ROWS : MAX_POINTS}),
kept AS (SELECT x, size FROM places ORDER BY ${first} LIMIT ${bars ? `(SELECT ${room('count(*)')} FROM names)` : places})
SELECT ${items.join(', ')}, (SELECT max(n) FROM groups) AS "most rows", (SELECT count(*) FROM places) AS "places", (SELECT count(*) FROM kept) AS "places drawn", (SELECT unit FROM unit_of) AS "unit"
FROM groups JOIN kept ON groups.x IS NOT DISTINCT FROM kept.x JOIN names ON groups.s IS NOT DISTINCT FROM names.s
ORDER BY ${ordered || heat ? 'groups.x, groups.s' : 'kept.size DESC NULLS LAST, groups.x, groups.s'}`,
    maxRows: places * (heat ? MAX_ROWS : MAX_SERIES),
    config: { ...config, y: measures.map(({ name }) => name) },
    whole: true,
    notes: (answer) => {
      const last = answer.columns.length;
      const rows = figure(answer, last - 4);
      const [found, drawn] = [figure(answer, last - 3), figure(answer, last - 2)];
      const by = answer.rowCount === 0 ? null : answer.value(0, last - 1);
      const word = config.aggregate === undefined && columns.y.length > 0 && rows > 1;
      return [
        ...(typeof by === 'string' ? [`Times are put together by ${by}.`] : []),
        ...(word ? [`Rows with the same ${typeof by === 'string' ? by : xName} were added up.`] : []),
        ...(found > drawn ? [cutNote(config, drawn, found, ordered)] : []),
        ...(heat && series !== null && distinct(answer, 1) === MAX_ROWS
          ? [`At most ${MAX_ROWS} values of ${seriesName} are drawn, those with the most rows.`]
          : []),
        ...(series === null || heat || config.type === 'scatter'
          ? []
          : seriesNotes(answer, 1, columns, aggregate)),
      ];
    },
  };
}

function cutNote({ type, x = '' }: ChartConfig, places: number, found: number, ordered: boolean): string {
  const [some, all] = [formatInteger(places), formatInteger(found)];
  if (type === 'heatmap') return `Of ${all} values of ${x}, the ${some} with the most rows are drawn.`;
  return `The ${some} ${ordered ? 'first' : 'largest'} of ${all} values of ${x} are drawn.`;
}

/** The largest slices, as many as can be told apart or as are asked for, and the sum of all others as one. */
export function slicesQuery(columns: ChartColumns, config: ChartConfig): ChartQuery | null {
  const { from, x, xName } = columns;
  if (x === null) return null;
  const [measure] = measuresOf(columns, config.aggregate ?? 'sum');
  if (measure === undefined) return null;
  const shown = Math.min(config.top ?? MAX_SLICES, MAX_SLICES - 1);
  const last = shown + 1;
  return {
    sql: `WITH groups AS (SELECT ${x} AS x, ${measure.sql} AS y FROM ${from} GROUP BY 1),
ranked AS (SELECT x, y, row_number() OVER (ORDER BY y DESC, x) AS rank, count(*) OVER () AS n FROM groups WHERE y > 0),
slices AS (SELECT least(rank, ${last}) AS slice, CASE WHEN rank <= ${shown} OR n = ${last} THEN coalesce(CAST(x AS VARCHAR), 'NULL') ELSE 'Other (' || (n - ${shown}) || ')' END AS name, y FROM ranked)
SELECT name AS ${quoteIdentifier(xName)}, sum(y) AS ${quoteIdentifier(measure.name)}, (SELECT count(*) FROM groups WHERE y < 0) AS "below zero"
FROM slices GROUP BY slice, name ORDER BY slice`,
    maxRows: last,
    config: { ...config, y: [measure.name] },
    whole: true,
    notes: (answer) => {
      const negative = figure(answer, 2);
      if (negative === 0) return [];
      return [
        `${formatInteger(negative)} of the values of ${xName} come to less than zero, and can’t be slices.`,
      ];
    },
  };
}
