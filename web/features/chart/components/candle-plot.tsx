import { formatFloat } from '#web/lib/format/numbers.ts';
import { formatTimestamp } from '#web/lib/format/temporal.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import { columnNumbers } from '../model/engine-rows.ts';
import { logScale, numberScale } from '../model/nice-scale.ts';
import { timeScale } from '../model/time-scale.ts';
import { SvgFrame } from './svg-frame.tsx';

interface CandlePlotProps {
  /** Columns at, until, open, high, low, close, n; see chart-sql.ts. */
  readonly table: ResultTable;
  readonly xName: string;
  readonly yName: string;
  /** Whether x is time, in microseconds. */
  readonly time: boolean;
  readonly width: number;
  /** Prices stand on a scale of factors; what is not above zero is not drawn. */
  readonly log: boolean;
}

const HEIGHT = 320;

/** Rising candles are hollow and falling ones filled, so that colour is not all there is to tell them by. */
export function CandlePlot({ table, xName, yName, time, width, log }: CandlePlotProps) {
  const unit = time ? 1000 : 1;
  const [at = [], until = [], open = [], high = [], low = [], close = []] = [0, 1, 2, 3, 4, 5].map((column) =>
    columnNumbers(table, column).map((value) => (column < 2 ? value / unit : value)),
  );
  const first = at[0] ?? 0;
  const last = at.at(-1) ?? 1;
  // Room for half a candle at either end.
  const margin = ((last - first) / Math.max(1, at.length - 1) || 1) / 2;
  const scale = time
    ? timeScale(first - margin, last + margin, width / 110)
    : numberScale(first, last, width / 90, false);
  const x = { ...scale, domain: [first - margin, last + margin] as const };
  const drawn = (index: number) => !log || (low[index] ?? 0) > 0;
  const lowest = Math.min(...low.filter((_, index) => drawn(index)));
  const highest = Math.max(...high.filter((_, index) => drawn(index)));
  if (lowest === Infinity) return null;
  const y = log ? logScale(lowest, highest, 6, false) : numberScale(lowest, highest, 6, false);
  const when = (value: number) =>
    time ? formatTimestamp(BigInt(Math.round(value * 1000))).replace(/ 00:00:00$/, '') : formatFloat(value);
  return (
    <SvgFrame
      label={`Candles of ${yName} by ${xName}, ${at.length} of them.`}
      width={width}
      height={HEIGHT}
      x={{ ...x, ticks: x.ticks.filter((tick) => tick >= x.domain[0] && tick <= x.domain[1]) }}
      y={y}
    >
      {({ placeX, placeY, left, right }) => {
        const body = Math.max(1.5, Math.min(14, ((right - left) / at.length) * 0.6));
        return at.map((time_, index) => {
          if (!drawn(index)) return null;
          const [o = 0, c = 0] = [open[index], close[index]];
          const rising = c >= o;
          const colour = rising ? 'var(--chart-3)' : 'var(--chart-2)';
          const middle = placeX(time_);
          const top = placeY(Math.max(o, c));
          return (
            <g key={time_} stroke={colour}>
              <title>
                {`${when(time_)}${until[index] === time_ ? '' : ` to ${when(until[index] ?? 0)}`}\nopen ${formatFloat(o)}, high ${formatFloat(high[index] ?? 0)}, low ${formatFloat(low[index] ?? 0)}, close ${formatFloat(c)}`}
              </title>
              <line x1={middle} x2={middle} y1={placeY(high[index] ?? 0)} y2={placeY(low[index] ?? 0)} />
              <rect
                x={middle - body / 2}
                y={top}
                width={body}
                height={Math.max(1, placeY(Math.min(o, c)) - top)}
                fill={rising ? 'var(--surface)' : colour}
              />
            </g>
          );
        });
      }}
    </SvgFrame>
  );
}
