import type { ChartView } from '../model/chart-view.ts';
import type { PlotFrame } from '../model/plot-frame.ts';
import { endLabelMiddles } from '../model/spread-labels.ts';

interface EndLabelsProps {
  readonly view: ChartView;
  readonly frame: PlotFrame;
  readonly colours: readonly string[];
  readonly width: number;
}

/** Each line's name at its end, in its colour: no legend to look up. */
export function EndLabels({ view, frame, colours, width }: EndLabelsProps) {
  const middles = endLabelMiddles(view, frame);
  return (
    <ul aria-label="Series" className="pointer-events-none absolute top-0 left-0 text-xs">
      {view.series.map((series, at) => (
        <li
          key={series.name}
          title={series.name}
          className="pointer-events-auto absolute truncate font-medium"
          style={{
            left: width - frame.margin.right + 6,
            top: (middles[at] ?? 0) - 8,
            width: frame.margin.right - 8,
            color: colours[at],
          }}
        >
          {series.name}
        </li>
      ))}
    </ul>
  );
}
