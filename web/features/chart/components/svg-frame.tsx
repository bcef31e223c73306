import type { ReactNode } from 'react';
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
const CHARACTER = 7;
const TOP = 8;
const BOTTOM = 26;
const MOST_NAME = 18;

/** Axes, gridlines and their labels; what is drawn on them is given the places. */
export function SvgFrame({ label, width, height, x, y, xNames, yNames, children }: SvgFrameProps) {
  const labels = yNames?.map(cut) ?? y?.ticks.map(y.format) ?? [];
  const left = Math.min(width / 3, Math.max(24, ...labels.map((text) => text.length * CHARACTER + 14)));
  const box = { left, top: TOP, right: width - 12, bottom: height - BOTTOM };
  const placeX = placer(x, xNames?.length, box.left, box.right);
  const placeY = yNames
    ? placer(null, yNames.length, box.top, box.bottom)
    : placer(y, undefined, box.bottom, box.top);
  const room = (box.right - box.left) / Math.max(1, xNames?.length ?? 1);
  // As many names as have room side by side, at equal distances.
  const longest = Math.max(1, ...(xNames ?? []).map((name) => cut(name).length));
  const every = Math.max(1, Math.ceil((longest * CHARACTER + 8) / room));
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
          {cut(name)}
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
              {cut(name)}
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

function cut(name: string): string {
  return name.length > MOST_NAME ? `${name.slice(0, MOST_NAME - 1)}…` : name;
}
