import type { ChartConfig } from '#shared/contract/notebooks.ts';
import { quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { axisSql } from '#web/lib/relation/column-stats.ts';
import { groupedQuery } from './chart-groups-sql.ts';
import {
  AGGREGATE_WORDS,
  aggregateSql,
  figure,
  hasOrder,
  largestSeries,
  MAX_SERIES,
  seriesNotes,
  type ChartColumns,
  type ChartQuery,
} from './chart-query.ts';
import { leftOutOfLog } from './chart-view.ts';
import { columnNumbers } from './engine-rows.ts';
import { hasUnits, unitStartSql } from './time-unit.ts';

/** Stretches of a line: about the pixels of a wide screen; of each of several, fewer. */
const LINE_STRETCHES = 500;
const SERIES_STRETCHES = 150;
const MAX_BOXES = 24;
const MAX_CANDLES = 160;
const MAX_UNIT_CANDLES = 400;

/**
 * A line through all rows, thinned as M4 does it (Jugel et al., VLDB 2014): of each stretch of x and each series the
 * first, the last, the lowest and the highest point stay, at their true places, so that the line looks as the whole one.
 * The last column is a figure: rows of a place at most.
 */
export function lineQuery(all: ChartColumns, config: ChartConfig): ChartQuery | null {
  const { x, xName, xType, series, seriesName } = all;
  if (x === null || !hasOrder(xType) || all.y.length === 0 || (config.unit !== undefined && hasUnits(xType)))
    return groupedQuery(all, config);
  const columns = largestSeries(all, config.aggregate ?? 'none');
  const { from, y } = columns;
  const aggregate = config.aggregate ?? 'sum';
  const stretches = series === null ? LINE_STRETCHES : SERIES_STRETCHES;
  const named = (name: string) =>
    config.aggregate === undefined ? name : `${AGGREGATE_WORDS[aggregate]} of ${name}`;
  const values = y.map(({ sql }, at) => `${aggregateSql(aggregate, sql)} AS y${at}`);
  const log = config.scale === 'log';
  const row = `{x: x, s: s, ${y.map((_, at) => `y${at}: y${at}`).join(', ')}}`;
  const kept = [
    `arg_min(${row}, p)`,
    `arg_max(${row}, p)`,
    ...y.flatMap((_, at) => [`arg_min(${row}, y${at})`, `arg_max(${row}, y${at})`]),
  ];
  const items = [
    `point.x AS ${quoteIdentifier(xName)}`,
    ...(series === null ? [] : [`point.s AS ${quoteIdentifier(seriesName)}`]),
    ...y.map(({ name }, at) => `point.y${at} AS ${quoteIdentifier(named(name))}`),
    ...(log
      ? [
          `(SELECT ${y.map((_, at) => `count(*) FILTER (WHERE y${at} <= 0)`).join(' + ')} FROM r) AS "left out"`,
        ]
      : []),
    '(SELECT max(n) FROM r) AS "most rows"',
  ];
  // Before the line is thinned: what has no place on its scale would take that of the lowest which has.
  const drawable = y.map((_, at) => `CASE WHEN y${at} > 0 THEN y${at} END AS y${at}`).join(', ');
  const sql = `WITH r AS MATERIALIZED (SELECT ${x} AS x, ${series ?? 'NULL'} AS s, ${axisSql(x, xType)} AS p, count(*) AS n, ${values.join(', ')} FROM ${from} WHERE ${axisSql(x, xType)} IS NOT NULL GROUP BY 1, 2, 3),
b AS (SELECT min(p) AS a, greatest(max(p) - min(p), 1e-300) AS w FROM r),
d AS (SELECT ${log ? `x, s, p, ${drawable}` : '*'} FROM r),
k AS (SELECT unnest([${kept.join(', ')}]) AS point FROM d, b GROUP BY s, least(${stretches - 1}, floor((p - a) / w * ${stretches})))
SELECT DISTINCT ${items.join(', ')} FROM k WHERE point IS NOT NULL ORDER BY 1`;
  return {
    sql,
    maxRows: stretches * (2 + 2 * y.length) * MAX_SERIES,
    config: { ...config, y: y.map(({ name }) => named(name)) },
    whole: true,
    notes: (answer) => [
      `Computed by the engine from all rows; of each of ${stretches} stretches the first, last, lowest and highest point are drawn (M4), none averaged.`,
      ...(config.aggregate === undefined && figure(answer, answer.columns.length - 1) > 1
        ? [`Rows with the same ${xName} were added up.`]
        : []),
      ...(log && figure(answer, answer.columns.length - 2) > 0
        ? [leftOutOfLog(figure(answer, answer.columns.length - 2))]
        : []),
      ...(series === null ? [] : seriesNotes(answer, 1, columns, config.aggregate ?? 'none')),
    ],
  };
}

/** Points as they are; of many, some from all over. */
export function sampleQuery(
  { from, x, xName, series, seriesName, y }: ChartColumns,
  config: ChartConfig,
  points: number,
  large: boolean,
): ChartQuery | null {
  if (x === null || y.length === 0 || (!large && config.type === 'scatter')) return null;
  const items = [
    `${x} AS ${quoteIdentifier(xName)}`,
    ...(series === null ? [] : [`${series} AS ${quoteIdentifier(seriesName)}`]),
    ...y.map(({ sql, name }) => `${sql} AS ${quoteIdentifier(name)}`),
  ];
  const complete = [x, ...y.map(({ sql }) => sql)].map((name) => `${name} IS NOT NULL`).join(' AND ');
  return {
    sql: `SELECT * FROM (SELECT ${items.join(', ')} FROM ${from} WHERE ${complete}) AS points USING SAMPLE reservoir(${points} ROWS) REPEATABLE (1)`,
    maxRows: points,
    config,
    notes: () => (large ? [sampleNote(points, config)] : []),
  };
}

function sampleNote(points: number, { scale }: ChartConfig): string {
  return `A sample of ${points} points from all rows is drawn${scale === 'log' ? ', and counted in what follows' : ''}.`;
}

/** Columns name, n, q1, q2, q3, low, high, outside, and how many names there are; whiskers reach 1.5 times the box. */
export function boxesQuery({ from, x, xName, y }: ChartColumns, config: ChartConfig): ChartQuery | null {
  const value = y[0];
  if (value === undefined) return null;
  return {
    sql: `WITH r AS (SELECT ${x ?? "''"} AS name, CAST(${value.sql} AS DOUBLE) AS y FROM ${from} WHERE ${value.sql} IS NOT NULL),
boxes AS (SELECT name, count(*) AS n, quantile_cont(y, 0.25) AS q1, quantile_cont(y, 0.5) AS q2, quantile_cont(y, 0.75) AS q3 FROM r GROUP BY name),
q AS (SELECT *, (SELECT count(*) FROM boxes) AS names FROM boxes ORDER BY n DESC, name LIMIT ${MAX_BOXES})
SELECT CAST(q.name AS VARCHAR) AS name, n, q1, q2, q3, min(y) FILTER (WHERE y >= q1 - 1.5 * (q3 - q1)) AS low, max(y) FILTER (WHERE y <= q3 + 1.5 * (q3 - q1)) AS high, count(*) FILTER (WHERE y < q1 - 1.5 * (q3 - q1) OR y > q3 + 1.5 * (q3 - q1)) AS outside, names
FROM r JOIN q ON r.name IS NOT DISTINCT FROM q.name GROUP BY q.name, n, q1, q2, q3, names ORDER BY q.name`,
    maxRows: MAX_BOXES,
    config,
    notes: (answer) => {
      const names = figure(answer, 8);
      return [
        'Boxes hold the middle half, whiskers reach 1.5 boxes further; what lies beyond is counted.',
        ...(names > MAX_BOXES
          ? [`Of ${names} values of ${xName}, the ${MAX_BOXES} with the most rows are drawn.`]
          : []),
      ];
    },
  };
}

/** Columns at, until, open, high, low, close, n, candles in all, times with several prices; times in microseconds. By a unit of time, the last ones. */
export function candlesQuery(
  { from, x, xType, y, series, seriesType }: ChartColumns,
  config: ChartConfig,
): ChartQuery | null {
  const [first, second, third, fourth] = y.map(({ sql }) => sql);
  if (x === null || first === undefined) return null;
  const [open, high, low, close] =
    second !== undefined && third !== undefined && fourth !== undefined
      ? [first, second, third, fourth]
      : [first, first, first, first];
  const place = axisSql(x, xType);
  const only =
    series === null || config.only === undefined
      ? ''
      : ` AND ${series} = CAST(${quoteLiteral(config.only)} AS ${seriesType})`;
  const unit = config.unit !== undefined && hasUnits(xType) ? config.unit : null;
  const stretch =
    unit === null
      ? `least(${MAX_CANDLES - 1}, floor((p - a) / w * ${MAX_CANDLES}))`
      : unitStartSql('t', xType, `'${unit}'`);
  const most = unit === null ? MAX_CANDLES : MAX_UNIT_CANDLES;
  return {
    sql: `WITH r AS (SELECT ${x} AS t, ${place} AS p, CAST(${open} AS DOUBLE) AS o, CAST(${high} AS DOUBLE) AS h, CAST(${low} AS DOUBLE) AS l, CAST(${close} AS DOUBLE) AS c FROM ${from} WHERE ${place} IS NOT NULL AND ${close} IS NOT NULL${only}),
b AS (SELECT min(p) AS a, greatest(max(p) - min(p), 1e-300) AS w FROM r),
k AS (SELECT min(p) AS "at", max(p) AS until, arg_min(o, p) AS open, max(h) AS high, min(l) AS low, arg_max(c, p) AS close, count(*) AS n FROM r, b GROUP BY ${stretch})
SELECT *, (SELECT count(*) FROM k) AS candles, (SELECT count(*) FROM (SELECT p FROM r GROUP BY p HAVING min(c) < max(c))) AS shared FROM (FROM k ORDER BY "at" DESC LIMIT ${most}) AS latest ORDER BY "at"`,
    maxRows: most,
    config,
    notes: (answer) => {
      const low = config.scale === 'log' ? columnNumbers(answer, 4).filter((price) => price <= 0).length : 0;
      const shared = figure(answer, 8);
      const left = [
        ...(low === 0 ? [] : [`${countOf(low, 'candle')} of zero or below can’t be drawn on a log scale.`]),
        ...(shared === 0
          ? []
          : [
              `At ${countOf(shared, 'time')} there are several prices, in no order. ${series === null ? 'Where they are of several things, the candles mix these: choose what names them as Symbol.' : 'The candles have them all.'}`,
            ]),
      ];
      if (unit === null)
        return [
          ...left,
          `At most ${MAX_CANDLES} candles: each has the first, highest, lowest and last price of its stretch of time.`,
        ];
      const candles = figure(answer, 7);
      return [
        ...left,
        `Each has the first, highest, lowest and last price of its ${unit}.`,
        ...(candles > most ? [`The latest ${most} of ${candles} are drawn.`] : []),
      ];
    },
  };
}
