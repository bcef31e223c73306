import type { ReactNode } from 'react';
import { textWidth, type TextWidth } from '#web/lib/text-width.ts';
import { fitNames } from '../model/fit-names.ts';
import { shareOf, type Scale } from '../model/nice-scale.ts';

/** Where a value is, in pixels. */
export type Place = (value: number) => number;

interface SvgFrameProps {
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly x: Scale | null;
  readonly y: Scale | null;
  /** Names along an axis in place of its scale, each in an equal part. */
  readonly xNames?: readonly string[] | undefined;
  readonly yNames?: readonly string[] | undefined;
  readonly children: (box: FrameBox) => ReactNode;
}

export interface FrameBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly placeX: Place;
  readonly placeY: Place;
}

const TEXT = { fontSize: 12, fill: 'var(--ink-3)' } as const;
const TOP = 8;
const BOTTOM = 26;
/** Pixels that a name under the plot takes at most; beside it names may take a third of the width. */
const MOST_NAME = 130;

/** Axes, gridlines and their labels; what is drawn on them is given the places. */
export function SvgFrame({ label, width, height, x, y, xNames, yNames, children }: SvgFrameProps) {
  const measure = labelWidth();
  const rows = yNames && fitNames(yNames, width / 3 - 14, measure);
  const columns = xNames && fitNames(xNames, MOST_NAME, measure);
  const labels = rows ?? y?.ticks.map(y.format) ?? [];
  const left = Math.min(width / 3, Math.max(24, Math.ceil(Math.max(0, ...labels.map(measure))) + 14));
  const box = { left, top: TOP, right: width - 12, bottom: height - BOTTOM };
  const placeX = placer(x, xNames?.length, box.left, box.right);
  const placeY = yNames
    ? placer(null, yNames.length, box.top, box.bottom)
    : placer(y, undefined, box.bottom, box.top);
  const room = (box.right - box.left) / Math.max(1, xNames?.length ?? 1);
  // As many names as have room side by side, at equal distances.
  const longest = Math.max(1, ...(columns ?? []).map(measure));
  const every = Math.max(1, Math.ceil((longest + 8) / room));
  return (
    <svg role="img" aria-label={label} width={width} height={height} className="block font-sans">
      {y?.ticks.map((tick) => (
        <g key={tick}>
          <line x1={box.left} x2={box.right} y1={placeY(tick)} y2={placeY(tick)} stroke="var(--chart-grid)" />
          <text {...TEXT} x={box.left - 8} y={placeY(tick) + 4} textAnchor="end">
            {y.format(tick)}
          </text>
        </g>
      ))}
      {yNames?.map((name, at) => (
        <text key={name} {...TEXT} x={box.left - 8} y={placeY(at + 0.5) + 4} textAnchor="end">
          <title>{name}</title>
          {rows?.[at]}
        </text>
      ))}
      {x?.ticks.map((tick) => (
        <text
          key={tick}
          {...TEXT}
          x={Math.min(box.right - 8, Math.max(box.left + 8, placeX(tick)))}
          y={height - 8}
          textAnchor="middle"
        >
          {x.format(tick)}
        </text>
      ))}
      {xNames?.map(
        (name, at) =>
          at % every === 0 && (
            <text key={name} {...TEXT} x={placeX(at + 0.5)} y={height - 8} textAnchor="middle">
              <title>{name}</title>
              {columns?.[at]}
            </text>
          ),
      )}
      {children({ ...box, placeX, placeY })}
      <line x1={box.left} x2={box.right} y1={box.bottom} y2={box.bottom} stroke="var(--line-strong)" />
    </svg>
  );
}

function placer(scale: Scale | null, names: number | undefined, from: number, to: number): Place {
  if (scale !== null) return (value) => from + shareOf(scale, value) * (to - from);
  const most = Math.max(1, names ?? 1);
  return (value) => from + (value / most) * (to - from);
}

/** As the labels are drawn: see TEXT. */
function labelWidth(): TextWidth {
  const family = getComputedStyle(document.documentElement).getPropertyValue('--font-ui');
  return textWidth(`12px ${family === '' ? 'sans-serif' : family}`);
}
