import type { ChartView } from './chart-view.ts';
import { shareOf } from './nice-scale.ts';
import type { PlotFrame } from './plot-frame.ts';

const LABEL_HEIGHT = 15;

/** Where the names of lines or areas stand, pixels from the top of the plot: at their last values, not overlapping. */
export function endLabelMiddles(view: ChartView, frame: PlotFrame): number[] {
  const top = frame.margin.top;
  const bottom = frame.height - frame.xHeight;
  const y = (value: number) => bottom - shareOf(frame.value, value) * (bottom - top);
  const wanted: number[] = [];
  let below = 0;
  for (const at of view.series.keys()) {
    const last =
      view.places.findLast((place) => typeof place.values[at] === 'number')?.values[at] ??
      frame.value.domain[0];
    wanted.push(view.stacked ? y(below + last / 2) : y(last));
    below += last;
  }
  return spreadLabels(wanted, LABEL_HEIGHT, top, bottom);
}

/**
 * Moves labels that would overlap apart, as little as it takes, within [top, bottom].
 *
 * @param wanted where each label's middle would be, pixels; the order is kept
 * @param height of a label
 */
export function spreadLabels(
  wanted: readonly number[],
  height: number,
  top: number,
  bottom: number,
): number[] {
  const order = wanted.map((_, at) => at).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const placed = wanted.slice();
  let least = top + height / 2;
  for (const at of order) {
    placed[at] = Math.max(wanted[at] ?? 0, least);
    least = (placed[at] ?? 0) + height;
  }
  let most = bottom - height / 2;
  for (const at of order.toReversed()) {
    placed[at] = Math.min(placed[at] ?? 0, most);
    most = (placed[at] ?? 0) - height;
  }
  return placed;
}
