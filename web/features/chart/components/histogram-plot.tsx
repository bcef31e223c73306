import { formatInteger } from '#web/lib/format/numbers.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import { columnNumbers } from '../model/engine-rows.ts';
import { logScale, numberScale } from '../model/nice-scale.ts';
import { timeScale } from '../model/time-scale.ts';
import { SvgFrame } from './svg-frame.tsx';

interface HistogramPlotProps {
  /** Columns start, width, n; see chart-sql.ts. */
  readonly table: ResultTable;
  readonly name: string;
  readonly time: boolean;
  readonly width: number;
  /** Counts stand on a scale of factors. */
  readonly log: boolean;
}

const HEIGHT = 300;

export function HistogramPlot({ table, name, time, width, log }: HistogramPlotProps) {
  const unit = time ? 1000 : 1;
  const starts = columnNumbers(table, 0).map((value) => value / unit);
  const steps = columnNumbers(table, 1).map((value) => value / unit);
  const counts = columnNumbers(table, 2);
  const low = Math.min(...starts);
  const high = Math.max(...starts.map((start, at) => start + (steps[at] ?? 0)));
  const x = time ? timeScale(low, high, width / 110) : exactScale(low, high, width / 90);
  const most = Math.max(1, ...counts);
  const y = log
    ? logScale(Math.min(most, ...counts.filter((count) => count > 0)), most, 5, true)
    : numberScale(0, most, 5, true);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return (
    <SvgFrame
      label={`Histogram of ${name}, ${counts.length} bars. ${formatInteger(total)} values.`}
      width={width}
      height={HEIGHT}
      x={x}
      y={y}
    >
      {({ placeX, placeY, bottom }) =>
        counts.map((count, at) => {
          const start = starts[at] ?? 0;
          const from = placeX(start);
          const to = placeX(start + (steps[at] ?? 0));
          return (
            <rect
              key={start}
              x={from + 0.5}
              y={count > 0 ? placeY(count) : bottom}
              width={Math.max(1, to - from - 1)}
              height={count > 0 ? Math.max(1, bottom - placeY(count)) : 0}
              fill="var(--chart-1)"
            >
              <title>{`${x.format(start)} – ${x.format(start + (steps[at] ?? 0))}: ${formatInteger(count)}`}</title>
            </rect>
          );
        })
      }
    </SvgFrame>
  );
}

/** Round ticks, and the ends of the bars as the ends of the axis. */
function exactScale(low: number, high: number, count: number) {
  const scale = numberScale(low, high, count, false);
  return { ...scale, domain: [low, high] as const, ticks: scale.ticks.filter((t) => t >= low && t <= high) };
}
