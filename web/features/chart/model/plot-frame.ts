import type { ChartType } from './chart-defaults.ts';
import type { ChartView } from './chart-view.ts';
import { numberScale, type Scale } from './nice-scale.ts';
import { timeScale } from './time-scale.ts';

const HEIGHT = 280;
const CHARACTER = 6.7;
const MAX_NAME = 32;
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
  shortLabel(x: number): string;
}

export function plotFrame(view: ChartView, type: Exclude<ChartType, 'pie'>, width: number): PlotFrame {
  const labels = new Map(view.places.map((place) => [place.x, place.label]));
  const longest =
    view.axis === 'category' ? Math.max(0, ...view.places.map((place) => place.label.length)) : 0;
  const shown = Math.min(longest, MAX_NAME);
  const slot = (width - 60) / Math.max(1, view.places.length);
  const bars = view.places.length * view.series.length;
  const horizontal = barsLie(view, type, width);
  const endLabels = (type === 'line' || type === 'area') && view.series.length > 1;
  const right = endLabels
    ? Math.min(140, Math.max(...view.series.map((each) => each.name.length)) * 8 + 18)
    : 16;

  const [low, high] = view.extent ?? [0, 1];
  const value = numberScale(low, high, 6, type === 'bar' || type === 'area');
  const tickWidth = Math.max(...value.ticks.map((tick) => value.format(tick).length)) * CHARACTER + 10;
  const yWidth = Math.ceil(horizontal ? shown * CHARACTER + 12 : tickWidth);
  const padding = type === 'scatter' ? { left: 8, right: 8 } : { left: 0, right: 0 };

  return {
    height: horizontal ? Math.max(HEIGHT, bars * 22 + 40) : HEIGHT,
    margin: { top: 8, right, bottom: 0, left: 0 },
    xHeight: 26,
    yWidth,
    value,
    place: placeScale(view, Math.max(2, Math.floor((width - yWidth - right) / TICK_ROOM))),
    padding,
    horizontal,
    endLabels,
    connect: view.series.length > 1 || view.axis === 'category',
    dots: view.places.length <= 24 ? { r: 2 } : false,
    shortLabel: (x) =>
      cut(labels.get(x) ?? '', horizontal ? MAX_NAME : Math.max(20, Math.floor(slot / CHARACTER) - 2)),
  };
}

/** Bars lie where their names are too long to stand side by side, and few enough to be read one by one. */
export function barsLie(view: ChartView, type: ChartType, width: number): boolean {
  if (type !== 'bar' || view.places.length * view.series.length > 24) return false;
  const longest = Math.max(0, ...view.places.map((place) => place.label.length));
  return longest > 5 && longest * CHARACTER + 12 > (width - 60) / Math.max(1, view.places.length);
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

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
