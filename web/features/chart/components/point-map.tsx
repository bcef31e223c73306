import { useEffect, useMemo, useState } from 'react';
import { cellFormatter } from '#web/lib/format/cell.ts';
import { formatFloat, formatInteger } from '#web/lib/format/numbers.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import { columnNumbers } from '../model/engine-rows.ts';
import { landOutline, type Outline } from '../model/land.ts';
import { seriesColours } from '../model/series-colours.ts';

interface PointMapProps {
  /** Columns longitude, then the series' where there is one, latitude, and sizes. */
  readonly table: ResultTable;
  readonly series: boolean;
  readonly width: number;
}

const MAX_NAMES = 8;
const MAX_HEIGHT = 420;
const MARGIN = 0.08;

/** Points over the outline of the land and a grid of degrees (equirectangular); nothing comes from another host. */
export function PointMap({ table, series, width }: PointMapProps) {
  const [land, setLand] = useState<Outline>([]);
  useEffect(() => {
    let here = true;
    // Without it, the points still stand on their degrees.
    landOutline()
      .then((outline) => here && setLand(outline))
      .catch(() => undefined);
    return () => {
      here = false;
    };
  }, []);
  const points = useMemo(() => readPoints(table, series), [table, series]);
  const view = viewOf(points.xs, points.ys);
  const scale = Math.min(width / (view.east - view.west), MAX_HEIGHT / (view.north - view.south));
  const height = Math.max(160, (view.north - view.south) * scale);
  const offset = (width - (view.east - view.west) * scale) / 2;
  const x = (longitude: number) => offset + (longitude - view.west) * scale;
  const y = (latitude: number) => (view.north - latitude) * scale;
  const step = [1, 2, 5, 10, 15, 30, 60].find((each) => (view.east - view.west) / each <= 9) ?? 60;
  const colours = seriesColours(points.names);
  const path = (line: Outline[number]) =>
    line
      // A line that goes on at the other side of the world begins anew there.
      .map(([a, b], at) => {
        const across = at > 0 && Math.abs(a - (line[at - 1]?.[0] ?? a)) > 180;
        return `${at === 0 || across ? 'M' : 'L'}${x(a).toFixed(1)},${y(b).toFixed(1)}`;
      })
      .join('');
  const coast = land.map(path).join('');
  return (
    <div>
      {points.names.length > 1 && (
        <ul aria-label="Series" className="flex flex-wrap gap-x-4 pb-1 text-xs text-ink-2">
          {points.names.map((name, at) => (
            <li key={name} className="flex max-w-48 items-center gap-1.5">
              <span
                aria-hidden
                className="size-2 shrink-0 rounded-full"
                style={{ background: colours[at] }}
              />
              <span className="truncate">{name}</span>
            </li>
          ))}
        </ul>
      )}
      <svg
        role="img"
        aria-label={`Map of ${formatInteger(points.xs.length)} points, from ${degrees(view.west, 'W', 'E')} to ${degrees(view.east, 'W', 'E')} and ${degrees(view.south, 'S', 'N')} to ${degrees(view.north, 'S', 'N')}.`}
        width={width}
        height={height}
        className="block rounded-sm bg-sunken font-sans"
      >
        <path
          d={coast}
          fill="var(--surface)"
          stroke="var(--line-strong)"
          strokeWidth={0.75}
          fillRule="evenodd"
        />
        {multiples(view.west, view.east, step).map((longitude) => (
          <g key={longitude}>
            <line
              x1={x(longitude)}
              x2={x(longitude)}
              y1={0}
              y2={height}
              stroke="var(--line)"
              strokeWidth={0.5}
            />
            {x(longitude) < width - 48 && (
              <text x={x(longitude) + 3} y={height - 4} fontSize={11} fill="var(--ink-3)">
                {degrees(longitude, 'W', 'E')}
              </text>
            )}
          </g>
        ))}
        {multiples(view.south, view.north, step).map((latitude) => (
          <g key={latitude}>
            <line
              x1={0}
              x2={width}
              y1={y(latitude)}
              y2={y(latitude)}
              stroke="var(--line)"
              strokeWidth={0.5}
            />
            <text x={3} y={y(latitude) - 3} fontSize={11} fill="var(--ink-3)">
              {degrees(latitude, 'S', 'N')}
            </text>
          </g>
        ))}
        {points.xs.map((longitude, at) => (
          <circle
            // oxlint-disable-next-line react/no-array-index-key -- points have no other name
            key={at}
            cx={x(longitude)}
            cy={y(points.ys[at] ?? 0)}
            r={points.sizes[at]}
            fill={colours[points.groups[at] ?? 0]}
            fillOpacity={0.6}
          >
            <title>{`${formatFloat(points.ys[at] ?? 0)}, ${formatFloat(longitude)}${points.labels[at] ?? ''}`}</title>
          </circle>
        ))}
      </svg>
    </div>
  );
}

function readPoints(table: ResultTable, series: boolean) {
  const numbers = (column: number) => columnNumbers(table, column);
  const [allX, allY] = [numbers(0), numbers(series ? 2 : 1)];
  const sizeColumn = series ? 3 : 2;
  const amounts = sizeColumn < table.columns.length ? numbers(sizeColumn) : null;
  const most = amounts === null ? 1 : Math.max(1e-300, ...amounts.filter((value) => value > 0));
  const format = series && table.columns[1] ? cellFormatter(table.columns[1]) : null;
  const names: string[] = format === null ? ['points'] : [];
  const [xs, ys, sizes, groups, labels]: [number[], number[], number[], number[], string[]] = [
    [],
    [],
    [],
    [],
    [],
  ];
  for (const [row, longitude] of allX.entries()) {
    const latitude = allY[row] ?? Number.NaN;
    if (!(Math.abs(longitude) <= 360) || !(Math.abs(latitude) <= 90)) continue;
    const value = format === null ? null : table.value(row, 1);
    const name = format === null ? 'points' : value === null ? 'NULL' : format.text(value);
    let group = names.indexOf(name);
    if (group < 0) {
      if (names.length === MAX_NAMES) names[MAX_NAMES - 1] = 'Others';
      else names.push(name);
      group = names.length - 1;
    }
    const amount = amounts?.[row];
    xs.push(longitude > 180 ? longitude - 360 : longitude);
    ys.push(latitude);
    // Areas, not radii, are what is compared.
    sizes.push(amount === undefined ? 2.5 : 1.5 + 7 * Math.sqrt(Math.max(0, amount) / most));
    groups.push(group);
    labels.push(
      `${format === null ? '' : `\n${name}`}${amount === undefined ? '' : `\n${formatFloat(amount)}`}`,
    );
  }
  return { xs, ys, sizes, groups, labels, names };
}

function viewOf(xs: readonly number[], ys: readonly number[]) {
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [at, x] of xs.entries()) {
    const y = ys[at] ?? 0;
    west = Math.min(west, x);
    east = Math.max(east, x);
    south = Math.min(south, y);
    north = Math.max(north, y);
  }
  if (west === Infinity) return { west: -180, east: 180, south: -90, north: 90 };
  const room = Math.max(1, (east - west) * MARGIN, (north - south) * MARGIN);
  return {
    west: Math.max(-180, west - room),
    east: Math.min(180, east + room),
    south: Math.max(-90, south - room),
    north: Math.min(90, north + room),
  };
}

function multiples(from: number, to: number, step: number): number[] {
  const list: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) list.push(at);
  return list;
}

function degrees(value: number, negative: string, positive: string): string {
  const round = Math.round(Math.abs(value) * 10) / 10;
  return round === 0 ? '0°' : `${round}° ${value < 0 ? negative : positive}`;
}
