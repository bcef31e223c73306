import { formatFloat, formatInteger } from '#web/lib/format/numbers.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import { columnNumbers, columnTexts } from '../model/engine-rows.ts';
import { numberScale } from '../model/nice-scale.ts';
import { SvgFrame } from './svg-frame.tsx';

interface BoxPlotProps {
  /** Columns name, n, q1, q2, q3, low, high, outside; see chart-sql.ts. */
  readonly table: ResultTable;
  readonly xName: string;
  readonly yName: string;
  readonly width: number;
}

const HEIGHT = 320;

export function BoxPlot({ table, xName, yName, width }: BoxPlotProps) {
  const names = columnTexts(table, 0);
  const [n = [], q1 = [], q2 = [], q3 = [], low = [], high = [], outside = []] = [1, 2, 3, 4, 5, 6, 7].map(
    (column) => columnNumbers(table, column),
  );
  const y = numberScale(Math.min(...low), Math.max(...high), 6, false);
  const by = xName === '' ? '' : ` by ${xName}`;
  return (
    <SvgFrame
      label={`Box plot of ${yName}${by}, ${names.length} boxes.`}
      width={width}
      height={HEIGHT}
      x={null}
      y={y}
      xNames={names}
    >
      {({ placeX, placeY }) =>
        names.map((name, at) => {
          const middle = placeX(at + 0.5);
          const half = Math.min(24, (placeX(1) - placeX(0)) * 0.32);
          const [top, bottom] = [placeY(q3[at] ?? 0), placeY(q1[at] ?? 0)];
          const number = (value: number | undefined) => formatFloat(Number((value ?? 0).toPrecision(6)));
          return (
            <g key={name} stroke="var(--chart-1)" strokeWidth={1.5}>
              <title>
                {`${name}: ${formatInteger(n[at] ?? 0)} values\nmedian ${number(q2[at])}, middle half ${number(q1[at])} to ${number(q3[at])}\nwhiskers ${number(low[at])} to ${number(high[at])}, ${formatInteger(outside[at] ?? 0)} beyond`}
              </title>
              <line x1={middle} x2={middle} y1={placeY(high[at] ?? 0)} y2={top} />
              <line x1={middle} x2={middle} y1={bottom} y2={placeY(low[at] ?? 0)} />
              {[high[at], low[at]].map((end, which) => (
                <line
                  // oxlint-disable-next-line react/no-array-index-key -- the upper and the lower one
                  key={which}
                  x1={middle - half / 2}
                  x2={middle + half / 2}
                  y1={placeY(end ?? 0)}
                  y2={placeY(end ?? 0)}
                />
              ))}
              <rect
                x={middle - half}
                y={top}
                width={half * 2}
                height={Math.max(1, bottom - top)}
                fill="var(--chart-1)"
                fillOpacity={0.18}
              />
              <line
                x1={middle - half}
                x2={middle + half}
                y1={placeY(q2[at] ?? 0)}
                y2={placeY(q2[at] ?? 0)}
                strokeWidth={2.5}
              />
            </g>
          );
        })
      }
    </SvgFrame>
  );
}
