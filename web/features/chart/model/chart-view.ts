import { countOf, formatFigure, formatInteger } from '#web/lib/format/numbers.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import { chartData, type ChartData, type ChartPlace, type ChartSeries } from './chart-data.ts';
import type { PlainConfig, PlainType } from './chart-defaults.ts';
import { ADDING_UP } from './chart-query.ts';
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
  /** The place that stands for all others; -1 where there is none. */
  readonly other: number;
  /** Values stand on a scale of factors; none of them is zero or below. */
  readonly log: boolean;
}

/**
 * The chart's data, reduced to what can be drawn and told apart, with a note for every reduction.
 *
 * @param whole the table has what is to be drawn, in its order
 */
export function chartView(table: ResultTable, config: PlainConfig, whole = false): ChartView {
  const log = config.scale === 'log';
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
  const few = whole ? data.places : largestPlaces(data, config, notes);
  // What stands for others is their whole sum, before a scale leaves anything out.
  const drawable = log ? aboveZero(few, notes) : few;
  const places =
    whole || few !== data.places ? drawable : reduce({ ...data, places: drawable }, config, notes);
  if (log && (config.type === 'bar' || config.type === 'area')) notes.push(ENDS_COMPARE);
  const plain = extentOf(places, false);
  const positive = (plain?.[0] ?? 0) >= 0;
  const addsUp = ADDING_UP.has(config.aggregate ?? 'sum');
  if (config.stacked === true && !addsUp)
    notes.push('Such figures do not add up, so they do not stack: the bars stand side by side.');
  else if (config.stacked === true && !positive)
    notes.push('Values below zero do not stack: the bars stand side by side.');
  const stacked =
    positive &&
    addsUp &&
    !log &&
    (config.stacked === true ||
      (config.type === 'area' && config.series !== undefined && config.y.length === 1));
  const other =
    config.top === undefined ? -1 : places.findIndex(({ label }) => /^Other \([\d,]+\)$/.test(label));
  return { ...data, places, notes, stacked, log, other, extent: stacked ? extentOf(places, true) : plain };
}

/** What a scale of factors has a place for; the rest is counted. */
function aboveZero(places: readonly ChartPlace[], notes: string[]): readonly ChartPlace[] {
  let left = 0;
  const kept = places.map((place) => {
    const below = place.values.filter((value) => typeof value === 'number' && value <= 0).length;
    if (below === 0) return place;
    left += below;
    return { ...place, values: place.values.map((value) => ((value ?? 1) > 0 ? value : undefined)) };
  });
  if (left > 0) notes.push(leftOutOfLog(left));
  return kept;
}

export function leftOutOfLog(values: number): string {
  return `${countOf(values, 'value')} of zero or below ${values === 1 ? 'has' : 'have'} no place on a log scale and ${values === 1 ? 'is' : 'are'} left out.`;
}

export const ENDS_COMPARE = 'On a log scale only the ends of bars and areas compare, not their lengths.';

/** The largest places, by their first measure's sum, and the sums of all others as one, last. */
function largestPlaces(data: ChartData, { type, top }: PlainConfig, notes: string[]): readonly ChartPlace[] {
  if (top === undefined || type !== 'bar' || data.places.length <= top) return data.places;
  const sizeOf = ({ values }: ChartPlace) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const sorted = data.places.toSorted((a, b) => sizeOf(b) - sizeOf(a));
  const rest = sorted.slice(top);
  const values = data.series.map((_, at) => {
    const known = rest.flatMap((place) => place.values[at] ?? []);
    return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
  });
  notes.push(topNote(top, data.places.length, data.xName));
  return [...sorted.slice(0, top), { x: -1, label: otherName(rest.length), order: 0, values }];
}

export function otherName(places: number): string {
  return `Other (${formatInteger(places)})`;
}

/** @param what the figure of the others is, where it is no sum */
export function topNote(top: number, all: number, xName: string, what = 'sum'): string {
  return `The ${formatInteger(top)} largest of ${formatInteger(all)} values of ${xName} are drawn; “Other” is the ${what} of the rest.`;
}

function reduce(data: ChartData, { type, top }: PlainConfig, notes: string[]): readonly ChartPlace[] {
  const { places, series } = data;
  if (type === 'pie') return slices(data, Math.min(top ?? MAX_SLICES, MAX_SLICES - 1), notes);
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

function slices(data: ChartData, shown: number, notes: string[]): readonly ChartPlace[] {
  const positive = data.places.filter((place) => (place.values[0] ?? 0) > 0);
  const dropped = data.places.filter((place) => (place.values[0] ?? 0) < 0).length;
  if (dropped > 0)
    notes.push(
      `${countOf(dropped, 'negative value')} can’t be a slice and ${dropped === 1 ? 'is' : 'are'} left out.`,
    );
  const sorted = positive.toSorted((a, b) => (b.values[0] ?? 0) - (a.values[0] ?? 0));
  if (sorted.length <= shown + 1) return sorted;
  const rest = sorted.slice(shown);
  const sum = rest.reduce((total, place) => total + (place.values[0] ?? 0), 0);
  notes.push(`“Other” stands for the ${formatInteger(rest.length)} smallest.`);
  return [...sorted.slice(0, shown), { x: -1, label: otherName(rest.length), order: 0, values: [sum] }];
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
  return formatFigure(value);
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
