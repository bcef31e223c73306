import { cellFormatter, type CellFormatter } from '#web/lib/format/cell.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import type { PlainConfig, PlainType } from './chart-defaults.ts';
import { keepSpread } from './downsample.ts';
import { longLine } from './long-line.ts';
import { axisKind, plotNumber, type AxisKind } from './plot-value.ts';

/** More rows than this are not read: the page would stand still. What was left out is said. */
export const MAX_ROWS_READ = 1_000_000;
export const MAX_SERIES = 8;
/** Points of a cloud; beyond it they hide each other. */
export const MAX_POINTS = 4000;

/** One place on x with the value of each series there: null is NULL, undefined is "no such row". */
export interface ChartPlace {
  /** Position on a number or time axis; the running number of the name on a category axis. */
  readonly x: number;
  readonly label: string;
  /** What places are sorted by, where x has an order. */
  readonly order: number;
  readonly values: (number | null | undefined)[];
}

export interface ChartSeries {
  readonly name: string;
  /** The column that its values come from. */
  readonly column: CellFormatter;
}

export interface ChartData {
  readonly axis: AxisKind;
  readonly xName: string;
  /** Places are times, side by side, and in their order. */
  readonly times: boolean;
  readonly places: readonly ChartPlace[];
  /** How many places there were before a long line was thinned. */
  readonly placeCount: number;
  readonly series: readonly ChartSeries[];
  readonly rowsRead: number;
  /** True where rows shared an x and a series, and their values were added up. */
  readonly summed: boolean;
  readonly seriesLeftOut: number;
}

/**
 * Rows of a result as a chart needs them: by place on x and by series. Bars and slices stand at names even where x
 * is a number or a time; lines and areas are put in the order of x where x has one.
 *
 * @param config as fittingConfig gives it; x may be absent: rows are then numbered
 */
export function chartData(table: ResultTable, config: PlainConfig): ChartData {
  const formatters = table.columns.map(cellFormatter);
  const indexOf = (name: string | undefined) => table.columns.findIndex((column) => column.name === name);
  const xColumn = indexOf(config.x);
  const xFormat = formatters[xColumn];
  // A pie has one slice a place: a series that another chart type was split by would leave all but its first out.
  const seriesColumn = config.type === 'pie' ? -1 : indexOf(config.series);
  const measures = config.y.map(indexOf).filter((column) => column >= 0);
  const discrete = config.type === 'bar' || config.type === 'pie';
  const ordered = xFormat !== undefined && config.type !== 'pie' && axisKind(xFormat.type) !== 'category';
  const axis = xFormat ? (discrete ? 'category' : axisKind(xFormat.type)) : 'number';
  if (
    seriesColumn < 0 &&
    measures.length <= MAX_SERIES &&
    xFormat &&
    !discrete &&
    axis !== 'category' &&
    config.type !== 'scatter' &&
    // What has no place on its scale is counted one by one.
    config.scale !== 'log'
  ) {
    const line = longLine(table, formatters, xColumn, measures, Math.min(table.rowCount, MAX_ROWS_READ));
    if (line) return { axis, xName: config.x ?? '', times: false, ...line };
  }
  const rows = rowsToRead(table.rowCount, config.type);

  const series: ChartSeries[] = [];
  const seriesAt = new Map<string, number>();
  const places: ChartPlace[] = [];
  const placeAt = new Map<number | string, ChartPlace>();
  let summed = false;

  for (const row of rows) {
    const raw = xFormat ? table.value(row, xColumn) : row + 1;
    const number = ordered && xFormat ? plotNumber(raw, xFormat.type) : null;
    if (xFormat && axis !== 'category' && number === null) continue;
    const key =
      axis === 'category' ? (raw === null ? NULL_NAME : (xFormat?.plain(raw) ?? '')) : (number ?? row + 1);
    let place = config.type === 'scatter' ? undefined : placeAt.get(key);
    if (!place) {
      const label = typeof key === 'string' ? (raw === null ? key : (xFormat?.text(raw) ?? key)) : '';
      const x = typeof key === 'number' ? key : places.length;
      place = { x, label, order: number ?? (ordered ? -Infinity : x), values: [] };
      places.push(place);
      placeAt.set(key, place);
    }
    const split = seriesColumn < 0 ? '' : seriesName(table, formatters, row, seriesColumn);
    for (const measure of measures) {
      const column = formatters[measure] as CellFormatter;
      const measureName = table.columns[measure]?.name ?? '';
      const name = seriesColumn < 0 ? measureName : measures.length > 1 ? `${split} · ${measureName}` : split;
      let at = seriesAt.get(name);
      if (at === undefined) {
        at = series.length;
        seriesAt.set(name, at);
        series.push({ name, column });
      }
      const value = plotNumber(table.value(row, measure), column.type);
      const before = place.values[at];
      if (before === undefined) place.values[at] = value;
      else if (value !== null) {
        summed = true;
        place.values[at] = (before ?? 0) + value;
      }
    }
  }
  if (config.type !== 'scatter' && (axis !== 'category' || ordered)) places.sort((a, b) => a.order - b.order);
  const kept = largestSeries(places, series.length);
  const named = axis === 'category' && ordered ? withoutMidnight(places) : places;
  return {
    axis,
    xName: config.x ?? 'row',
    times: axis === 'category' && ordered && xFormat !== undefined && axisKind(xFormat.type) === 'time',
    places:
      kept.length === series.length
        ? named
        : named.map((place) => ({ ...place, values: kept.map((at) => place.values[at]) })),
    placeCount: places.length,
    series: kept.map((at) => series[at] as ChartSeries),
    rowsRead: rows.length,
    summed,
    seriesLeftOut: series.length - kept.length,
  };
}

/** Every row, up to a bound; of a cloud of points a sample. */
function rowsToRead(rowCount: number, type: PlainType): readonly number[] {
  if (type === 'scatter') return keepSpread(rowCount, MAX_POINTS);
  return Array.from({ length: Math.min(rowCount, MAX_ROWS_READ) }, (_, row) => row);
}

/** Days read better as days: midnight goes where every label has it. */
function withoutMidnight(places: readonly ChartPlace[]): readonly ChartPlace[] {
  const midnight = / 00:00:00([+-][\d:]+)?$/;
  if (places.length === 0 || !places.every((place) => midnight.test(place.label))) return places;
  return places.map((place) => ({ ...place, label: place.label.replace(midnight, '') }));
}

const NULL_NAME = 'NULL';

function seriesName(
  table: ResultTable,
  formatters: readonly CellFormatter[],
  row: number,
  column: number,
): string {
  const value = table.value(row, column);
  return value === null ? NULL_NAME : (formatters[column]?.text(value) ?? '');
}

/** The series with the largest sums, in their first order: a chart can't tell more than eight apart. */
function largestSeries(places: readonly ChartPlace[], count: number): number[] {
  const all = Array.from({ length: count }, (_, at) => at);
  if (count <= MAX_SERIES) return all;
  const sums = all.map(() => 0);
  for (const { values } of places) {
    for (const [at, value] of values.entries()) sums[at] = (sums[at] ?? 0) + Math.abs(value ?? 0);
  }
  return all
    .sort((a, b) => (sums[b] ?? 0) - (sums[a] ?? 0))
    .slice(0, MAX_SERIES)
    .sort((a, b) => a - b);
}
