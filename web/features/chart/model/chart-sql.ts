import type { ChartConfig } from '#shared/contract/notebooks.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { isNumeric, isTemporal, parseSqlType } from '#web/lib/format/duckdb-type.ts';
import { axisSql } from '#web/lib/relation/column-stats.ts';
import { columnAlias, fromRelation, type Relation } from '#web/lib/relation/relation-sql.ts';

/** What the engine is asked so that a chart of all rows can be drawn. */
export interface ChartQuery {
  readonly sql: string;
  /** Rows at most. */
  readonly maxRows: number;
  /** The chart of its answer, whose columns have names of their own. */
  readonly config: ChartConfig;
  /** What was done with the rows, for people. */
  readonly notes: readonly string[];
}

/** A result up to this is drawn from the rows that the page has. */
export const DRAWN_AS_IT_IS = 20_000;
const MAX_GROUPS = 5000;
/** Stretches of a line: about the pixels of a wide screen. */
const LINE_STRETCHES = 500;
const CLOUD_POINTS = 4000;
const MAP_POINTS = 5000;
const BINS = 30;
const MAX_BOXES = 24;
const MAX_CANDLES = 160;

type Aggregate = NonNullable<ChartConfig['aggregate']>;

export const AGGREGATE_WORDS: Readonly<Record<Aggregate, string>> = {
  sum: 'sum',
  avg: 'mean',
  median: 'median',
  min: 'least',
  max: 'greatest',
  count: 'count',
};

interface Columns {
  readonly from: string;
  readonly x: string | null;
  readonly xType: string;
  readonly xName: string;
  readonly series: string | null;
  readonly y: readonly { readonly sql: string; readonly name: string }[];
}

/**
 * Null where the page draws the rows that it has: few, and nothing to be computed of them. A kept chart may name columns
 * that are gone; `config` is one that fits.
 */
export function chartQuery(
  relation: Relation,
  config: ChartConfig,
  size: { readonly rows: number; readonly truncated: boolean },
): ChartQuery | null {
  const columns = largestSeries(columnsOf(relation, config), config);
  const large = size.truncated || size.rows > DRAWN_AS_IT_IS;
  switch (config.type) {
    case 'histogram':
      return histogram(columns, config);
    case 'box':
      return boxes(columns, config);
    case 'heatmap':
      return grouped(columns, config, config.aggregate ?? (columns.y.length === 0 ? 'count' : 'sum'));
    case 'candlestick':
      return candles(columns, config);
    case 'map':
      return sample(columns, config, MAP_POINTS, large);
    case 'scatter':
      return config.aggregate === undefined
        ? sample(columns, config, CLOUD_POINTS, large)
        : grouped(columns, config, config.aggregate);
    case 'line':
    case 'area':
      if (config.aggregate === undefined && !large) return null;
      return line(columns, config);
    default:
      if (config.aggregate === undefined && !large) return null;
      return grouped(columns, config, config.aggregate ?? 'sum');
  }
}

function columnsOf(relation: Relation, config: ChartConfig): Columns {
  const place = (name: string | undefined) => relation.columns.findIndex((column) => column.name === name);
  const x = place(config.x);
  const series = config.type === 'pie' ? -1 : place(config.series);
  return {
    from: fromRelation(relation),
    x: x < 0 ? null : columnAlias(x),
    xType: relation.columns[x]?.type ?? '',
    xName: config.x ?? '',
    series: series < 0 ? null : columnAlias(series),
    y: config.y
      .map((name) => ({ at: place(name), name }))
      .filter(({ at }) => at >= 0)
      .map(({ at, name }) => ({ sql: columnAlias(at), name })),
  };
}

/** Series beyond these no chart can tell apart, and each would cost as much as the first. */
const MAX_SERIES = 8;
const SERIES_NOTE = `Of the series, the ${MAX_SERIES} largest are drawn.`;

/** The rows of the largest series alone, where there are series to be told apart by colour. */
function largestSeries(columns: Columns, { type }: ChartConfig): Columns {
  const { from, series, y } = columns;
  if (series === null || type === 'heatmap' || type === 'map' || type === 'scatter') return columns;
  const size = y[0] === undefined ? 'count(*)' : `sum(abs(${y[0].sql}))`;
  const needed = [...new Set([columns.x, series, ...y.map(({ sql }) => sql)])].filter(
    (name) => name !== null,
  );
  const largest = `SELECT ${series} FROM rows_of_all GROUP BY 1 ORDER BY ${size} DESC NULLS LAST, 1 LIMIT ${MAX_SERIES}`;
  return {
    ...columns,
    from: `(WITH rows_of_all AS MATERIALIZED (SELECT ${needed.join(', ')} FROM ${from}) SELECT * FROM rows_of_all WHERE ${series} IN (${largest})) AS result`,
  };
}

function aggregateSql(aggregate: Aggregate, value: string): string {
  return aggregate === 'count' ? `count(${value})` : `${aggregate}(${value})`;
}

/** One row for each place (and series), its values put together. */
function grouped(columns: Columns, config: ChartConfig, aggregate: Aggregate): ChartQuery | null {
  const { from, x, xName, xType, series, y } = columns;
  if (x === null) return null;
  const measures =
    y.length === 0
      ? [{ sql: 'count(*)', name: 'rows' }]
      : y.map(({ sql, name }) => ({
          sql: aggregateSql(aggregate, sql),
          name: `${AGGREGATE_WORDS[aggregate]} of ${name}`,
        }));
  const items = [
    `${x} AS ${quoteIdentifier(xName)}`,
    ...(series === null ? [] : [`${series} AS ${quoteIdentifier(config.series ?? '')}`]),
    ...measures.map(({ sql, name }) => `${sql} AS ${quoteIdentifier(name)}`),
  ];
  const keys = series === null ? '1' : '1, 2';
  const ordered = isNumeric(parseSqlType(xType)) || isTemporal(parseSqlType(xType));
  // Names stand by their size, which is what bars are compared by.
  const order = ordered || config.type === 'heatmap' ? '1' : `${measures[0]?.sql ?? '1'} DESC NULLS LAST, 1`;
  return {
    sql: `SELECT ${items.join(', ')}\nFROM ${from}\nGROUP BY ${keys}\nORDER BY ${order}`,
    maxRows: MAX_GROUPS,
    config: { ...config, y: measures.map(({ name }) => name) },
    notes: series === null || config.type === 'heatmap' ? [] : [SERIES_NOTE],
  };
}

/**
 * A line through all rows, thinned as M4 does it (Jugel et al., VLDB 2014): of each stretch of x and each series the
 * first, the last, the lowest and the highest point stay, at their true places, so that the line looks as the whole one.
 */
function line(columns: Columns, config: ChartConfig): ChartQuery | null {
  const { from, x, xName, xType, series, y } = columns;
  const ordered = isNumeric(parseSqlType(xType)) || isTemporal(parseSqlType(xType));
  const aggregate = config.aggregate ?? 'sum';
  if (x === null || !ordered || y.length === 0) return grouped(columns, config, aggregate);
  const named = (name: string) =>
    config.aggregate === undefined ? name : `${AGGREGATE_WORDS[aggregate]} of ${name}`;
  const values = y.map(({ sql }, at) => `${aggregateSql(aggregate, sql)} AS y${at}`);
  const row = `{x: x, s: s, ${y.map((_, at) => `y${at}: y${at}`).join(', ')}}`;
  const kept = [
    `arg_min(${row}, p)`,
    `arg_max(${row}, p)`,
    ...y.flatMap((_, at) => [`arg_min(${row}, y${at})`, `arg_max(${row}, y${at})`]),
  ];
  const items = [
    `point.x AS ${quoteIdentifier(xName)}`,
    ...(series === null ? [] : [`point.s AS ${quoteIdentifier(config.series ?? '')}`]),
    ...y.map(({ name }, at) => `point.y${at} AS ${quoteIdentifier(named(name))}`),
  ];
  const sql = `WITH r AS (SELECT ${x} AS x, ${series ?? 'NULL'} AS s, ${axisSql(x, xType)} AS p, ${values.join(', ')} FROM ${from} WHERE ${axisSql(x, xType)} IS NOT NULL GROUP BY 1, 2, 3),
b AS (SELECT min(p) AS a, greatest(max(p) - min(p), 1e-300) AS w FROM r),
k AS (SELECT unnest([${kept.join(', ')}]) AS point FROM r, b GROUP BY s, least(${LINE_STRETCHES - 1}, floor((p - a) / w * ${LINE_STRETCHES})))
SELECT DISTINCT ${items.join(', ')} FROM k WHERE point IS NOT NULL ORDER BY 1`;
  return {
    sql,
    maxRows: LINE_STRETCHES * (2 + 2 * y.length) * 50,
    config: { ...config, y: y.map(({ name }) => named(name)) },
    notes: [
      `Computed by the engine from all rows; of each of ${LINE_STRETCHES} stretches the first, last, lowest and highest point are drawn (M4), none averaged.`,
      ...(series === null ? [] : [SERIES_NOTE]),
    ],
  };
}

/** Points as they are; of many, some from all over. */
function sample(columns: Columns, config: ChartConfig, points: number, large: boolean): ChartQuery | null {
  const { from, x, xName, series, y } = columns;
  if (x === null || y.length === 0 || (!large && config.type === 'scatter')) return null;
  const items = [
    `${x} AS ${quoteIdentifier(xName)}`,
    ...(series === null ? [] : [`${series} AS ${quoteIdentifier(config.series ?? '')}`]),
    ...y.map(({ sql, name }) => `${sql} AS ${quoteIdentifier(name)}`),
  ];
  const complete = [x, ...y.map(({ sql }) => sql)].map((name) => `${name} IS NOT NULL`).join(' AND ');
  return {
    sql: `SELECT * FROM (SELECT ${items.join(', ')} FROM ${from} WHERE ${complete}) AS points USING SAMPLE reservoir(${points} ROWS) REPEATABLE (1)`,
    maxRows: points,
    config,
    notes: large ? [`A sample of ${points} points from all rows is drawn.`] : [],
  };
}

/** Columns start, width, n: how many rows are in each part of the axis; the parts begin at round numbers. */
function histogram({ from, x, xType }: Columns, config: ChartConfig): ChartQuery | null {
  if (x === null) return null;
  const least = parseSqlType(xType).kind === 'integer' ? '1' : '0';
  const round = isNumeric(parseSqlType(xType));
  const raw = `(max(p) - min(p)) / ${BINS}`;
  const step = round
    ? `greatest(${least}, CASE WHEN raw <= 0 THEN 1 ELSE power(10, floor(log10(raw))) * CASE WHEN raw / power(10, floor(log10(raw))) <= 1 THEN 1 WHEN raw / power(10, floor(log10(raw))) <= 2 THEN 2 WHEN raw / power(10, floor(log10(raw))) <= 5 THEN 5 ELSE 10 END END)`
    : 'CASE WHEN raw <= 0 THEN 1 ELSE raw END';
  const start = round ? 'floor(a / step) * step' : 'a';
  return {
    sql: `WITH r AS (SELECT ${axisSql(x, xType)} AS p FROM ${from}),
b AS (SELECT a, ${step} AS step FROM (SELECT min(p) AS a, ${raw} AS raw FROM r)),
k AS (SELECT floor((p - ${start}) / step) AS bin, ${start} AS start, step FROM r, b WHERE p IS NOT NULL)
SELECT start + bin * step AS start, step AS width, count(*) AS n FROM k GROUP BY bin, start, step ORDER BY bin`,
    maxRows: BINS * 3,
    config,
    notes: [],
  };
}

/** Columns name, n, q1, q2, q3, low, high, outside; whiskers reach 1.5 times the box. */
function boxes({ from, x, y }: Columns, config: ChartConfig): ChartQuery | null {
  const value = y[0];
  if (value === undefined) return null;
  const name = x === null ? "''" : `CAST(${x} AS VARCHAR)`;
  return {
    sql: `WITH r AS (SELECT ${name} AS name, CAST(${value.sql} AS DOUBLE) AS y FROM ${from} WHERE ${value.sql} IS NOT NULL),
q AS (SELECT name, count(*) AS n, quantile_cont(y, 0.25) AS q1, quantile_cont(y, 0.5) AS q2, quantile_cont(y, 0.75) AS q3 FROM r GROUP BY name ORDER BY n DESC, name LIMIT ${MAX_BOXES})
SELECT q.name, n, q1, q2, q3, min(y) FILTER (WHERE y >= q1 - 1.5 * (q3 - q1)) AS low, max(y) FILTER (WHERE y <= q3 + 1.5 * (q3 - q1)) AS high, count(*) FILTER (WHERE y < q1 - 1.5 * (q3 - q1) OR y > q3 + 1.5 * (q3 - q1)) AS outside
FROM r JOIN q ON r.name IS NOT DISTINCT FROM q.name GROUP BY ALL ORDER BY q.name`,
    maxRows: MAX_BOXES,
    config,
    notes: ['Boxes hold the middle half, whiskers reach 1.5 boxes further; what lies beyond is counted.'],
  };
}

/** Columns at, until, open, high, low, close, n; times in microseconds. */
function candles({ from, x, xType, y }: Columns, config: ChartConfig): ChartQuery | null {
  const [first, second, third, fourth] = y.map(({ sql }) => sql);
  if (x === null || first === undefined) return null;
  const [open, high, low, close] =
    second !== undefined && third !== undefined && fourth !== undefined
      ? [first, second, third, fourth]
      : [first, first, first, first];
  const place = axisSql(x, xType);
  return {
    sql: `WITH r AS (SELECT ${place} AS p, CAST(${open} AS DOUBLE) AS o, CAST(${high} AS DOUBLE) AS h, CAST(${low} AS DOUBLE) AS l, CAST(${close} AS DOUBLE) AS c FROM ${from} WHERE ${place} IS NOT NULL AND ${close} IS NOT NULL),
b AS (SELECT min(p) AS a, greatest(max(p) - min(p), 1e-300) AS w FROM r)
SELECT min(p) AS at, max(p) AS until, arg_min(o, p) AS open, max(h) AS high, min(l) AS low, arg_max(c, p) AS close, count(*) AS n
FROM r, b GROUP BY least(${MAX_CANDLES - 1}, floor((p - a) / w * ${MAX_CANDLES})) ORDER BY 1`,
    maxRows: MAX_CANDLES,
    config,
    notes: [
      `At most ${MAX_CANDLES} candles: each has the first, highest, lowest and last price of its stretch of time.`,
    ],
  };
}
