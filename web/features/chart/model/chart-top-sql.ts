import type { ChartConfig } from '#shared/contract/notebooks.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { isTemporal, parseSqlType } from '#web/lib/format/duckdb-type.ts';
import { measuresOf } from './chart-groups-sql.ts';
import {
  ADDING_UP,
  AGGREGATE_WORDS,
  figure,
  largestSeries,
  MAX_SERIES,
  neededColumns,
  seriesNotes,
  type ChartColumns,
  type ChartQuery,
} from './chart-query.ts';
import { MAX_BARS, topNote } from './chart-view.ts';
import { hasUnits, unitSql, unitStartSql } from './time-unit.ts';

/**
 * The places with the largest values, in that order, and one for all others, whose figures are made of their rows: a sum
 * stays the whole sum, and a mean is the mean of the rest, not of means. The last column is a figure: places in all.
 */
export function topQuery(all: ChartColumns, config: ChartConfig, top: number): ChartQuery | null {
  const aggregate = config.aggregate ?? 'sum';
  const columns = largestSeries(all, aggregate);
  const { x, xName, xType, series, seriesName } = columns;
  const measures = measuresOf(columns, aggregate);
  const [first] = measures;
  if (x === null || first === undefined) return null;
  const byUnit = hasUnits(xType);
  const unit = byUnit ? unitSql(x, xType, config.unit, MAX_BARS) : 'NULL';
  const place = byUnit ? unitStartSql(x, xType, 'unit') : x;
  const text = `CAST(place AS VARCHAR)`;
  const name = isTemporal(parseSqlType(xType)) ? `regexp_replace(${text}, ' 00:00:00$', '')` : text;
  const items = [
    `name AS ${quoteIdentifier(xName)}`,
    ...(series === null ? [] : [`${series} AS ${quoteIdentifier(seriesName)}`]),
    ...measures.map((measure) => `${measure.sql} AS ${quoteIdentifier(measure.name)}`),
  ];
  const by = series === null ? '' : `, ${series}`;
  return {
    sql: `WITH rows_of_all AS MATERIALIZED (SELECT ${neededColumns(columns)} FROM ${columns.from}),
unit_of AS (SELECT ${unit} AS unit),
placed AS (SELECT rows_of_all.*, ${place} AS place FROM rows_of_all, unit_of),
ranked AS (SELECT place, row_number() OVER (ORDER BY size DESC NULLS LAST, place) AS rank, count(*) OVER () AS n FROM (SELECT place, ${first.sql} AS size FROM placed GROUP BY 1) AS sizes),
named AS (SELECT place, least(rank, ${top + 1}) AS rank, CASE WHEN rank <= ${top} THEN coalesce(${name}, 'NULL') ELSE 'Other (' || (n - ${top}) || ')' END AS name FROM ranked)
SELECT ${items.join(', ')}, (SELECT count(*) FROM ranked) AS "places"
FROM placed JOIN named ON placed.place IS NOT DISTINCT FROM named.place GROUP BY rank, name${by} ORDER BY rank${by}`,
    maxRows: (top + 1) * MAX_SERIES,
    config: { ...config, y: measures.map((measure) => measure.name) },
    whole: true,
    notes: (answer) => {
      const places = figure(answer, answer.columns.length - 1);
      const what = ADDING_UP.has(config.aggregate ?? 'sum') ? 'sum' : AGGREGATE_WORDS[aggregate];
      return [
        ...(places > top ? [topNote(top, places, xName, what)] : []),
        ...(series === null ? [] : seriesNotes(answer, 1, columns, aggregate)),
      ];
    },
  };
}
