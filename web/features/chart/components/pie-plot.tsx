import { Cell, Pie, PieChart, Tooltip } from 'recharts';
import type { ChartPlace } from '../model/chart-data.ts';
import { formatMeasure, type ChartView } from '../model/chart-view.ts';
import { tooltipContent } from './chart-tooltip.tsx';

interface PiePlotProps {
  readonly view: ChartView;
  /** One per slice. */
  readonly colours: readonly string[];
  readonly width: number;
}

const HEIGHT = 280;

/** Slices with their names, shares and values beside them, largest first. */
export function PiePlot({ view, colours, width }: PiePlotProps) {
  const total = view.places.reduce((sum, place) => sum + (place.values[0] ?? 0), 0);
  const measure = view.series[0];
  const size = Math.min(HEIGHT, Math.floor(width / 2));
  return (
    <div className="flex items-center gap-8 px-6" style={{ height: HEIGHT }}>
      <PieChart width={size} height={size}>
        <Pie
          data={[...view.places]}
          dataKey={(place: ChartPlace) => place.values[0]}
          nameKey="label"
          isAnimationActive={false}
          startAngle={90}
          endAngle={-270}
          outerRadius="92%"
          innerRadius="52%"
          stroke="var(--surface)"
          strokeWidth={1.5}
        >
          {view.places.map((place, at) => (
            <Cell key={place.label} fill={colours[at] ?? 'var(--chart-8)'} />
          ))}
        </Pie>
        <Tooltip
          isAnimationActive={false}
          content={tooltipContent(view, (_, place) => colours[view.places.indexOf(place)])}
        />
      </PieChart>
      <ul aria-label="Slices" className="grid min-w-0 grid-cols-[minmax(0,14rem)_auto_auto] gap-x-6 gap-y-1">
        {view.places.map((place, at) => {
          const value = place.values[0] ?? 0;
          return (
            <li key={place.x} className="col-span-3 grid grid-cols-subgrid items-center">
              <span className="flex min-w-0 items-center gap-2">
                <span
                  aria-hidden
                  className="size-2.5 shrink-0 rounded-full"
                  style={{ background: colours[at] }}
                />
                <span className="truncate" title={place.label}>
                  {place.label}
                </span>
              </span>
              <span className="text-right font-medium">{((value / total) * 100).toFixed(1)} %</span>
              <span className="text-right text-ink-3">{measure ? formatMeasure(value, measure) : ''}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
