import type { ChartConfig } from '#shared/contract/notebooks.ts';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { present } from '#shared/util/present.ts';
import { isNumeric, isTemporal, parseSqlType } from '#web/lib/format/duckdb-type.ts';
import { ADDING_UP } from './chart-query.ts';
import { hasUnits } from './time-unit.ts';

export type ChartType = ChartConfig['type'];

/** Charts of values at places, by series; the others are drawn from what the engine makes of the rows. */
export type PlainType = 'bar' | 'line' | 'area' | 'scatter' | 'pie';
export type PlainConfig = Omit<ChartConfig, 'type'> & {
  readonly type: PlainType;
  /** Bars of series stand on each other. */
  readonly stacked?: boolean;
};

/** Null for a chart of another kind. */
export function plainConfig(config: ChartConfig): PlainConfig | null {
  const { type } = config;
  switch (type) {
    case 'stacked':
    case 'pie': {
      // Parts of a sum have no place on a scale of factors.
      const { scale: _, ...rest } = config;
      return type === 'pie' ? { ...rest, type } : { ...rest, type: 'bar', stacked: true };
    }
    case 'bar':
    case 'line':
    case 'area':
    case 'scatter':
      return { ...config, type };
    default:
      return null;
  }
}

/** Which columns can be what. */
export interface ChartFields {
  readonly x: readonly string[];
  readonly y: readonly string[];
  readonly series: readonly string[];
  /** What has a place on a scale: numbers and times. */
  readonly axis: readonly string[];
  readonly time: readonly string[];
  /** Times that can be put together by days, months and so on. */
  readonly dates: readonly string[];
  /** What is neither measured nor a time. */
  readonly names: readonly string[];
  /** What the columns suggest. */
  readonly fallback: ChartConfig;
}

export function chartFields(columns: readonly ResultColumn[]): ChartFields {
  return { ...roles(columns), fallback: defaultConfig(columns) };
}

function roles(columns: readonly ResultColumn[]): Omit<ChartFields, 'fallback'> {
  const plain = columns.filter(
    (column) => !['list', 'struct', 'map', 'blob'].includes(parseSqlType(column.type).kind),
  );
  return {
    x: plain.map((column) => column.name),
    y: columns.filter(isMeasure).map((column) => column.name),
    series: plain.filter((column) => !isFraction(column)).map((column) => column.name),
    axis: columns.filter((column) => isMeasure(column) || isTime(column)).map((column) => column.name),
    time: columns.filter(isTime).map((column) => column.name),
    dates: columns.filter((column) => hasUnits(column.type)).map((column) => column.name),
    names: plain.filter((column) => !isMeasure(column) && !isTime(column)).map((column) => column.name),
  };
}

/**
 * What a person most likely wants to see of these columns: measures over time as lines; over names as bars; two or
 * more measures and nothing else as points.
 */
export function defaultConfig(columns: readonly ResultColumn[]): ChartConfig {
  const fields = roles(columns);
  const time = columns.find((column) => isTemporal(parseSqlType(column.type)));
  const names = columns.filter(
    (column) => fields.x.includes(column.name) && !isMeasure(column) && column !== time,
  );
  const ordinal = columns.find((column) => fields.y.includes(column.name) && readsAsOrder(column.name));
  const amounts = fields.y.filter((name) => name !== ordinal?.name && !/(^id|_id|[a-z]Id)$/.test(name));
  const measures = amounts.length > 0 ? amounts : fields.y;

  if (time && measures.length > 0) {
    return { type: 'line', x: time.name, y: measures.slice(0, 1), ...seriesOf(names[0]?.name) };
  }
  if (ordinal && measures.length > 0 && fields.y.length > 1) {
    return { type: 'line', x: ordinal.name, y: measures.slice(0, 1), ...seriesOf(names[0]?.name) };
  }
  if (names[0] && measures.length > 0) {
    return { type: 'bar', x: names[0].name, y: measures.slice(0, 1), ...seriesOf(names[1]?.name) };
  }
  if (fields.y.length > 1) return { type: 'scatter', x: fields.y[0], y: fields.y.slice(1, 2) };
  return { type: 'bar', ...(fields.x[0] === undefined ? {} : { x: fields.x[0] }), y: fields.y.slice(0, 1) };
}

/** A kept config on a result that has changed: fields that are gone give way to defaults, the rest stays. */
export function fittingConfig(
  config: ChartConfig | undefined,
  columns: readonly ResultColumn[],
): ChartConfig {
  const fallback = defaultConfig(columns);
  if (!config) return fallback;
  const fields = roles(columns);
  const y = config.y.filter((name) => fields.y.includes(name));
  const x = config.x !== undefined && fields.x.includes(config.x) ? config.x : fallback.x;
  const series =
    config.series !== undefined && fields.series.includes(config.series) ? config.series : undefined;
  return pieOf({
    type: config.type,
    ...present({ aggregate: config.aggregate, x }),
    ...present({ scale: config.scale, top: config.top, title: config.title }),
    ...present({ bins: config.bins, cut: config.cut }),
    ...(x !== undefined && fields.dates.includes(x) ? present({ unit: config.unit }) : {}),
    y: y.length > 0 ? y : fallback.y,
    ...(series === undefined || series === x ? {} : present({ series, only: config.only })),
  });
}

/** Slices are shares of a whole: of means and extremes there is none, so what they are of is added up. */
export function pieOf(config: ChartConfig): ChartConfig {
  const { aggregate, series: _, ...rest } = config;
  if (config.type !== 'pie') return config;
  return { ...rest, ...(ADDING_UP.has(aggregate) ? present({ aggregate }) : {}) };
}

function isMeasure(column: ResultColumn): boolean {
  return isNumeric(parseSqlType(column.type));
}

function isTime(column: ResultColumn): boolean {
  return isTemporal(parseSqlType(column.type));
}

function isFraction(column: ResultColumn): boolean {
  const { kind } = parseSqlType(column.type);
  return kind === 'float' || kind === 'decimal';
}

/** Numbers that put rows in an order rather than measure something. */
function readsAsOrder(name: string): boolean {
  return /(^|_)(year|quarter|month|week|day|hour|dow|bucket|bin|decade)(_of_\w+)?$/i.test(name);
}

function seriesOf(name: string | undefined): { series?: string } {
  return name === undefined ? {} : { series: name };
}
