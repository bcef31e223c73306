import { isTemporal, parseSqlType } from '#web/lib/format/duckdb-type.ts';
import { cellFormatter } from '#web/lib/format/cell.ts';
import { formatFloat } from '#web/lib/format/numbers.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import { columnNumbers } from '../model/engine-rows.ts';
import { plotNumber } from '../model/plot-value.ts';
import { fullTimeLabels } from '../model/time-labels.ts';
import { SvgFrame } from './svg-frame.tsx';

interface HeatMapProps {
  /** Columns x, the rows' where they are paired, and the value; see chart-groups-sql.ts. */
  readonly table: ResultTable;
  readonly paired: boolean;
  readonly width: number;
}

/** Pixels of a row: few of them fill the room that a chart has. */
const ROW = { least: 22, most: 44 };
const ROOM = 230;

/** A value for each pair of names; the darker, the more. The figure of each cell is in its hint. */
export function HeatMap({ table, paired, width }: HeatMapProps) {
  const valueColumn = paired ? 2 : 1;
  const names = (column: number) => {
    const info = table.columns[column];
    const format = info && cellFormatter(info);
    return Array.from({ length: table.rowCount }, (_, row) => {
      const value = table.value(row, column);
      return value === null || !format ? 'NULL' : format.text(value).replace(/ 00:00:00$/, '');
    });
  };
  const timesOf = (column: number) => {
    const type = parseSqlType(table.columns[column]?.type ?? '');
    const all = Array.from({ length: table.rowCount }, (_, row) =>
      plotNumber(table.value(row, column), type),
    );
    const times = isTemporal(type) ? all.flatMap((time) => time ?? []) : [];
    return times.length < all.length ? null : fullTimeLabels(times);
  };
  const xs = timesOf(0) ?? names(0);
  const ys = paired ? (timesOf(1) ?? names(1)) : xs.map(() => '');
  const values = columnNumbers(table, valueColumn);
  const xNames = [...new Set(xs)];
  const yNames = [...new Set(ys)].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
  const known = values.filter((value) => !Number.isNaN(value));
  const [low, high] = [Math.min(0, ...known), Math.max(...known)];
  const rowHeight = Math.max(ROW.least, Math.min(ROW.most, Math.floor(ROOM / Math.max(1, yNames.length))));
  const xAt = new Map(xNames.map((name, at) => [name, at]));
  const yAt = new Map(yNames.map((name, at) => [name, at]));
  const [xName, yName] = table.columns.map(({ name }) => name);
  return (
    <div>
      <SvgFrame
        label={`Heat map of ${table.columns[valueColumn]?.name ?? ''} by ${xName ?? ''}${paired ? ` and ${yName ?? ''}` : ''}, ${known.length} cells.`}
        width={width}
        height={rowHeight * yNames.length + 40}
        x={null}
        y={null}
        xNames={xNames}
        yNames={yNames}
      >
        {({ placeX, placeY }) =>
          values.map((value, row) => {
            const [x, y] = [xAt.get(xs[row] ?? ''), yAt.get(ys[row] ?? '')];
            if (x === undefined || y === undefined || Number.isNaN(value)) return null;
            const share = high === low ? 1 : (value - low) / (high - low);
            return (
              <rect
                key={`${x} ${y}`}
                x={placeX(x) + 0.5}
                y={placeY(y) + 0.5}
                width={Math.max(1, placeX(1) - placeX(0) - 1)}
                height={Math.max(1, placeY(1) - placeY(0) - 1)}
                fill="var(--chart-1)"
                fillOpacity={0.06 + 0.94 * share}
              >
                <title>{`${xs[row] ?? ''}${paired ? `, ${ys[row] ?? ''}` : ''}: ${formatFloat(value)}`}</title>
              </rect>
            );
          })
        }
      </SvgFrame>
      <p className="flex items-center gap-2 pl-2 text-xs text-ink-3">
        <span>{formatFloat(Number(low.toPrecision(4)))}</span>
        <span
          aria-hidden
          className="h-2 w-24 rounded-sm"
          style={{
            background:
              'linear-gradient(to right, color-mix(in srgb, var(--chart-1) 6%, transparent), var(--chart-1))',
          }}
        />
        <span>{formatFloat(Number(high.toPrecision(4)))}</span>
      </p>
    </div>
  );
}
