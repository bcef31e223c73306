import type { PlainType } from './chart-defaults.ts';
import type { ChartView } from './chart-view.ts';
import { fitText, textWidth, type TextWidth } from '#web/lib/text-width.ts';
import { logScale, numberScale, shareOf, type Scale } from './nice-scale.ts';
import { timeLabels } from './time-labels.ts';
import { timeScale } from './time-scale.ts';

const HEIGHT = 280;
/** Pixels of a name beside or under its bar. */
const MAX_NAME = 220;
/** What Recharts leaves between an axis and its ticks' texts, and a little air before them. */
const TICK_GAP = 8;
const AIR = 4;
const TICK_ROOM = 84;

/** Pixels and scales of a plot: what the axes need, what is left for the marks. */
export interface PlotFrame {
  readonly height: number;
  readonly margin: {
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
    readonly left: number;
  };
  readonly xHeight: number;
  readonly yWidth: number;
  /** The measured axis. */
  readonly value: Scale;
  /** The axis that series are measured along; null where it has names. */
  readonly place: Scale | null;
  /** Room at both ends of a place axis, so that marks are not cut in half. */
  readonly padding: { readonly left: number; readonly right: number };
  /** Bars that lie, because their names would not fit side by side. */
  readonly horizontal: boolean;
  /** Names stand at the ends of lines and areas. */
  readonly endLabels: boolean;
  /** Lines go on over places that a series has no row for. NULLs among a single series stay gaps. */
  readonly connect: boolean;
  readonly dots: false | { readonly r: number };
  /** Places that have a label, where not all have room for one that may be left out alike. */
  readonly labelled: readonly number[] | null;
  shortLabel(x: number): string;
}

export function plotFrame(view: ChartView, type: Exclude<PlainType, 'pie'>, width: number): PlotFrame {
  const measure = tickTextWidth();
  const labels = new Map(view.places.map((place) => [place.x, place.label]));
  const bars = view.places.length * view.series.length;
  const horizontal = barsLie(view, type, width);
  const endLabels = (type === 'line' || type === 'area') && view.series.length > 1;

  const [low, high] = view.extent ?? [0, 1];
  const solid = type === 'bar' || type === 'area';
  const value = view.log ? logScale(low, high, 6, solid) : numberScale(low, high, 6, solid);
  const tickTexts = value.ticks.map(value.format);
  const yTexts = horizontal ? view.places.map((place) => place.label) : tickTexts;
  const widest = Math.min(MAX_NAME, Math.max(0, ...yTexts.map(measure)));
  const yWidth = Math.ceil(widest) + TICK_GAP + AIR;
  const plain = endLabels ? Math.min(140, widestName(view, measure) + 18) : 16;
  const place = placeScale(view, Math.max(2, Math.floor((width - yWidth - plain) / TICK_ROOM)));
  const lastText = horizontal ? tickTexts.at(-1) : place?.format(place.ticks.at(-1) ?? 0);
  const right = Math.max(
    plain,
    lastOverhang(horizontal ? value : place, lastText, width - yWidth - plain, measure),
  );
  const padding = type === 'scatter' ? { left: 8, right: 8 } : { left: 0, right: 0 };
  const slot = (width - yWidth - right) / Math.max(1, view.places.length);
  // A name may be wider than its bar's slot: then it takes the place of its neighbours' names, but not of the edge.
  const named = horizontal ? null : namedTimes(view, slot, measure);
  const nameRoom = horizontal ? widest : Math.max(slot - AIR, Math.min(MAX_NAME / 2, slot + 2 * yWidth));

  return {
    height: horizontal ? Math.max(HEIGHT, (view.stacked ? view.places.length : bars) * 22 + 40) : HEIGHT,
    margin: { top: 8, right, bottom: 0, left: 0 },
    xHeight: 26,
    yWidth,
    value,
    place,
    padding,
    horizontal,
    endLabels,
    connect: view.series.length > 1 || view.axis === 'category',
    dots: view.places.length <= 24 ? { r: 2 } : false,
    labelled: named === null ? null : [...named.keys()],
    shortLabel: (x) => named?.get(x) ?? fitText(labels.get(x) ?? '', nameRoom, measure),
  };
}

/** Times side by side, as many as have room at equal distances, called as the axis of a line calls them. */
function namedTimes(view: ChartView, slot: number, measure: TextWidth): ReadonlyMap<number, string> | null {
  const places =
    view.times && view.other < 0 ? view.places.filter(({ order }) => Number.isFinite(order)) : [];
  const times = places.map(({ order }) => order);
  if (places.length === 0 || places.length < view.places.length) return null;
  for (let every = 1; every <= times.length; every += 1) {
    const texts = timeLabels(times, every);
    if (texts === null) return null;
    if (Math.max(...texts.map(measure)) + TICK_GAP <= slot * every || every === times.length)
      return new Map(texts.map((text, at) => [places[at * every]?.x ?? -1, text]));
  }
  return null;
}

/** Bars lie where their names are too long to stand side by side, and few enough to be read one by one. */
export function barsLie(view: ChartView, type: PlainType, width: number): boolean {
  // Time goes from the left to the right.
  if (type !== 'bar' || view.times || view.places.length * view.series.length > 24) return false;
  const measure = tickTextWidth();
  const longest = Math.max(0, ...view.places.map((place) => measure(place.label)));
  return longest > 40 && longest + AIR > (width - 60) / Math.max(1, view.places.length);
}

/** Pixels that the text of the last tick, centred under it, needs beyond the end of the plot. */
function lastOverhang(
  scale: Scale | null,
  text: string | undefined,
  length: number,
  measure: TextWidth,
): number {
  const last = scale?.ticks.at(-1);
  if (scale === null || last === undefined || text === undefined) return 0;
  const [low, high] = scale.domain;
  const toEnd = high === low ? 0 : (1 - shareOf(scale, last)) * length;
  return Math.ceil(measure(text) / 2 - toEnd) + 2;
}

function widestName(view: ChartView, measure: TextWidth): number {
  return Math.ceil(Math.max(0, ...view.series.map((each) => measure(each.name))));
}

/** As the ticks are drawn: see TICK in the plot. */
function tickTextWidth(): TextWidth {
  const family = getComputedStyle(document.documentElement).getPropertyValue('--font-ui');
  return textWidth(`12px ${family === '' ? 'sans-serif' : family}`);
}

function placeScale(view: ChartView, count: number): Scale | null {
  if (view.axis === 'category' || view.places.length === 0) return null;
  let low = Infinity;
  let high = -Infinity;
  for (const { x } of view.places) {
    low = Math.min(low, x);
    high = Math.max(high, x);
  }
  if (view.axis === 'time') return timeScale(low, high, count);
  const nice = numberScale(low, high, Math.min(count, 10), false);
  // A measured x axis ends where the values end: room that holds no values says nothing.
  return low === high
    ? nice
    : { ...nice, domain: [low, high], ticks: nice.ticks.filter((tick) => tick >= low && tick <= high) };
}
