import type { ChartConfig } from '#shared/contract/notebooks.ts';
import { present } from '#shared/util/present.ts';
import { pieOf, type ChartFields, type ChartType } from './chart-defaults.ts';

/** Where a field can be put, as each kind of chart calls it. */
export interface Wells {
  readonly x?: string;
  readonly y?: string;
  /** More than one field. */
  readonly several?: boolean;
  readonly series?: string;
  /** Values of one place can be put together. */
  readonly aggregates?: boolean;
  /** Times on x can be put together by days, months and so on. */
  readonly units?: boolean;
  /** What is measured can stand on a scale of factors. */
  readonly log?: boolean;
  /** About how many parts the axis can be cut into, and whether what lies far out can be left out. */
  readonly bins?: readonly number[];
  /** How many of the largest can be asked for. */
  readonly top?: readonly number[];
}

const LARGEST_BARS = [5, 10, 20, 50];

/** Of charts with a value, or several, at each place. */
const PLACES = {
  x: 'X',
  y: 'Y',
  several: true,
  series: 'Series',
  aggregates: true,
  units: true,
} as const satisfies Wells;

export type WellName = 'x' | 'y' | 'series';

export const WELLS: Readonly<Record<ChartType, Wells>> = {
  bar: { ...PLACES, log: true, top: LARGEST_BARS },
  // Parts of a sum have no place on a scale of factors.
  stacked: { ...PLACES, top: LARGEST_BARS },
  line: { ...PLACES, log: true },
  area: { ...PLACES, log: true },
  scatter: { x: 'X', y: 'Y', several: true, series: 'Series', log: true },
  pie: { x: 'Slices', y: 'Size', aggregates: true, top: [3, 5] },
  histogram: { x: 'Values', log: true, bins: [10, 20, 50, 100] },
  box: { x: 'By', y: 'Values' },
  heatmap: { x: 'Columns', series: 'Rows', y: 'Shade', aggregates: true, units: true },
  candlestick: {
    x: 'Time',
    y: 'Price, or open, high, low, close',
    several: true,
    series: 'Symbol',
    units: true,
    log: true,
  },
  map: { x: 'Longitude', y: 'Latitude, and size', several: true, series: 'Colour' },
};

/** What fields a well takes. */
export function fieldsFor(fields: ChartFields, type: ChartType, well: WellName): readonly string[] {
  if (well === 'series') return fields.series;
  if (well === 'y') return fields.y;
  if (type === 'histogram') return fields.axis;
  if (type === 'candlestick') return fields.axis;
  return type === 'map' ? fields.y : fields.x;
}

/** The chart with a field dropped on a well; the same one where it does not belong there. */
export function dropped(
  config: ChartConfig,
  fields: ChartFields,
  well: WellName,
  field: string,
): ChartConfig {
  if (!fieldsFor(fields, config.type, well).includes(field)) return config;
  if (well === 'y') {
    if (WELLS[config.type].several !== true) return { ...config, y: [field] };
    return config.y.includes(field) ? config : { ...config, y: [...config.y, field] };
  }
  const { series, x, only: _, ...rest } = config;
  const next = { x, series, [well]: field };
  const other = well === 'x' ? 'series' : 'x';
  // A field is in one place at a time: the other gets what was here.
  if (next[other] === field) next[other] = config[well];
  return {
    ...rest,
    ...(next.x === undefined ? {} : { x: next.x }),
    ...(next.series === undefined || next.series === next.x ? {} : { series: next.series }),
  };
}

/** The chart as another kind, its fields put where that kind has use for them. */
export function retyped(config: ChartConfig, fields: ChartFields, type: ChartType): ChartConfig {
  return { ...placed(config, fields, type), ...present({ title: config.title }) };
}

function placed(config: ChartConfig, fields: ChartFields, type: ChartType): ChartConfig {
  const next: ChartConfig = { ...config, type };
  const find = (pattern: RegExp, among: readonly string[]) => among.find((name) => pattern.test(name));
  switch (type) {
    case 'histogram': {
      const counted = config.y[0] ?? fields.axis[0];
      return counted === undefined ? next : { ...next, x: counted };
    }
    case 'map': {
      const longitude = find(/^(lon|lng|long|longitude|x)$|longitude$/i, fields.y);
      const latitude = find(/^(lat|latitude|y)$|latitude$/i, fields.y);
      if (longitude === undefined || latitude === undefined) return next;
      const { series: _, ...rest } = next;
      return { ...rest, x: longitude, y: [latitude] };
    }
    case 'candlestick': {
      const parts = ['open', 'high', 'low', 'close'].map((part) =>
        find(new RegExp(`(^|_)${part}($|_price$)`, 'i'), fields.y),
      );
      const time = fields.time[0] ?? fields.axis.find((name) => !config.y.includes(name));
      const symbol = config.series ?? symbolOf(fields.names);
      return {
        ...next,
        ...present({ x: time ?? next.x, series: symbol === time ? undefined : symbol }),
        y: parts.every((part) => part !== undefined) ? parts.map(String) : config.y.slice(0, 1),
      };
    }
    case 'box': {
      const by = [config.x, config.series, fields.names[0]].find(
        (name) => name !== undefined && fields.names.includes(name),
      );
      return { type, ...present({ x: by }), y: config.y.slice(0, 1) };
    }
    case 'heatmap': {
      const [columns, rows] = [config.x, config.series, fields.time[0], ...fields.names].filter(
        (name, at, all) => name !== undefined && !config.y.includes(name) && all.indexOf(name) === at,
      );
      return { ...next, ...present({ x: columns, series: rows }), y: config.y.slice(0, 1) };
    }
    case 'pie':
      return pieOf({ ...next, y: config.y.slice(0, 1) });
    default:
      // From a histogram or a map, x is a measure still: other charts begin with what their columns suggest.
      return config.type === 'histogram' || config.type === 'map' || config.type === 'candlestick'
        ? { ...fields.fallback, type }
        : next;
  }
}

/** What names the things that prices are of: a column that is called so, or the only one that can. */
function symbolOf(names: readonly string[]): string | undefined {
  const called = names.find((name) =>
    /(^|_)(symbol|ticker|stock|instrument|security|isin|pair|coin|currency)(_?name)?$/i.test(name),
  );
  return called ?? (names.length === 1 ? names[0] : undefined);
}
