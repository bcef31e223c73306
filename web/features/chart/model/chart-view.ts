import { formatFloat, formatInteger, countOf } from '#web/lib/format/numbers.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import { chartData, type ChartData, type ChartPlace, type ChartSeries } from './chart-data.ts';
import type { PlainConfig, PlainType } from './chart-defaults.ts';
import { MAX_LINE_PLACES, keepExtremes } from './downsample.ts';

/** Places times series: more are too thin to be told apart. */
export const MAX_BARS = 200;
export const MAX_SLICES = 8;

/** What is drawn, and in words what is not. */
export interface ChartView extends ChartData {
  /** Sentences about what was left out, thinned or added up; empty where everything is drawn as it is. */
  readonly notes: readonly string[];
  /** Lowest and highest value that is drawn; for stacked areas the highest sum. */
  readonly extent: readonly [number, number] | null;
  /** Bars and areas of parts stand on each other; areas of several measures, or with values below zero, do not. */
  readonly stacked: boolean;
}

/**
 * The chart's data, reduced to what can be drawn and told apart, with a note for every reduction.
 *
 * @param whole the table has what is to be drawn, in its order
 */
export function chartView(table: ResultTable, config: PlainConfig, whole = false): ChartView {
  const data = chartData(table, config);
  const notes: string[] = [];
  if (data.rowsRead < table.rowCount) {
    const some = `${formatInteger(data.rowsRead)} of ${formatInteger(table.rowCount)} rows`;
    notes.push(
      config.type === 'scatter'
        ? `${some} are drawn, a sample spread over all.`
        : `Drawn from the first ${some}.`,
    );
  }
  if (data.summed) notes.push(`Rows with the same ${data.xName} were added up.`);
  if (data.seriesLeftOut > 0) {
    const all = data.series.length + data.seriesLeftOut;
    notes.push(`The ${data.series.length} largest of ${formatInteger(all)} series are shown.`);
  }
  const places = whole ? data.places : reduce(data, config.type, notes);
  const plain = extentOf(places, false);
  const positive = (plain?.[0] ?? 0) >= 0;
  if (config.stacked === true && !positive)
    notes.push('Values below zero do not stack: the bars stand side by side.');
  const stacked =
    positive &&
    (config.stacked === true ||
      (config.type === 'area' && config.series !== undefined && config.y.length === 1));
  return { ...data, places, notes, stacked, extent: stacked ? extentOf(places, true) : plain };
}

function reduce(data: ChartData, type: PlainType, notes: string[]): readonly ChartPlace[] {
  const { places, series } = data;
  if (type === 'pie') return slices(data, notes);
  if (type === 'bar') {
    const each = Math.max(1, series.length);
    const most = Math.max(1, Math.floor(MAX_BARS / each));
    if (places.length <= most) return places;
    const [shown, all] = [most * each, places.length * each].map(formatInteger);
    notes.push(`The first ${shown} of ${all} bars are shown, in the result’s order.`);
    return places.slice(0, most);
  }
  if (type === 'scatter') return places;
  const kept = keepExtremes(places.length, series.length, (at, s) => places[at]?.values[s], MAX_LINE_PLACES);
  if (kept.length < data.placeCount) {
    notes.push(
      `${formatInteger(kept.length)} of ${countOf(data.placeCount, 'point')} are drawn: ` +
        'the lowest and the highest of each stretch, none averaged.',
    );
  }
  return kept.map((at) => places[at] as ChartPlace);
}

function slices(data: ChartData, notes: string[]): readonly ChartPlace[] {
  const positive = data.places.filter((place) => (place.values[0] ?? 0) > 0);
  const dropped = data.places.filter((place) => (place.values[0] ?? 0) < 0).length;
  if (dropped > 0)
    notes.push(
      `${countOf(dropped, 'negative value')} can’t be a slice and ${dropped === 1 ? 'is' : 'are'} left out.`,
    );
  const sorted = positive.toSorted((a, b) => (b.values[0] ?? 0) - (a.values[0] ?? 0));
  if (sorted.length <= MAX_SLICES) return sorted;
  const rest = sorted.slice(MAX_SLICES - 1);
  const sum = rest.reduce((total, place) => total + (place.values[0] ?? 0), 0);
  notes.push(`“Other” stands for the ${formatInteger(rest.length)} smallest.`);
  return [...sorted.slice(0, MAX_SLICES - 1), { x: -1, label: 'Other', order: 0, values: [sum] }];
}

function extentOf(places: readonly ChartPlace[], stacked: boolean): readonly [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const { values } of places) {
    let sum = 0;
    for (const value of values) {
      if (value === null || value === undefined) continue;
      sum += value;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (stacked) high = Math.max(high, sum);
  }
  return low === Infinity ? null : [low, high];
}

/** A value of a series as its column would show it; sums of decimals without float noise. */
export function formatMeasure(value: number, series: ChartSeries): string {
  const { type } = series.column;
  if (type.kind === 'integer') return formatInteger(value);
  if (type.kind === 'decimal') {
    const [whole = '', fraction] = value.toFixed(type.scale).split('.');
    return fraction === undefined ? formatInteger(whole) : `${formatInteger(whole)}.${fraction}`;
  }
  return formatFloat(Number(value.toPrecision(significant(value))));
}

/** Six digits, or as many as it takes to keep two decimals: a chart is read, the grid has the exact value. */
function significant(value: number): number {
  const whole = value === 0 ? 1 : Math.floor(Math.log10(Math.abs(value))) + 1;
  return Math.min(15, Math.max(6, whole + 2));
}

/** The chart in a sentence, for whoever can't see it. */
export function describeView(view: ChartView, type: PlainType): string {
  const what = view.series.map((each) => each.name).join(', ');
  const start = `${NAMES[type]} of ${what} by ${view.xName}, ${countOf(view.places.length, PLACE_NAMES[type])}.`;
  const first = view.series[0];
  if (!view.extent || !first) return start;
  const [low, high] = view.extent;
  return `${start} Values from ${formatMeasure(low, first)} to ${formatMeasure(high, first)}. ${view.notes.join(' ')}`.trim();
}

const NAMES = {
  bar: 'Bar chart',
  line: 'Line chart',
  area: 'Area chart',
  scatter: 'Scatter plot',
  pie: 'Pie chart',
};
const PLACE_NAMES = { bar: 'bar', line: 'point', area: 'point', scatter: 'point', pie: 'slice' };
