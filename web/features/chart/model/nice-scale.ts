import { formatInteger } from '#web/lib/format/numbers.ts';

export interface Scale {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly format: (tick: number) => string;
}

/**
 * Round ticks that cover the values. @param count ticks wanted, about
 * @param zero start at zero, as lengths and areas must
 */
export function numberScale(low: number, high: number, count: number, zero: boolean): Scale {
  let min = zero ? Math.min(0, low) : low;
  let max = zero ? Math.max(0, high) : high;
  if (min === max) {
    const room = min === 0 ? 1 : Math.abs(min) / 2;
    min = zero && min === 0 ? 0 : min - (zero && min > 0 ? min : room);
    max += zero && max === 0 && min < 0 ? 0 : room;
  }
  const step = niceStep((max - min) / Math.max(1, count - 1));
  const first = Math.floor(min / step + 1e-9);
  const last = Math.ceil(max / step - 1e-9);
  const ticks: number[] = [];
  for (let i = first; i <= last; i++) ticks.push(clean(i * step, step));
  const domain = [ticks[0] ?? min, ticks.at(-1) ?? max] as const;
  return { domain, ticks, format: tickFormat(step, Math.max(Math.abs(domain[0]), Math.abs(domain[1]))) };
}

/** The 1, 2 or 5 times a power of ten that is nearest. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return (share < 1.5 ? 1 : share < 3 ? 2 : share < 7 ? 5 : 10) * power;
}

/** 0.30000000000000004 → 0.3: a tick has no more digits than its step. */
function clean(value: number, step: number): number {
  const digits = Math.min(20, Math.max(0, -Math.floor(Math.log10(step)) + 1));
  return Number(value.toFixed(digits)) || 0;
}

/** All ticks of an axis in one unit and with as many decimals as their distance needs. */
function tickFormat(step: number, size: number): (tick: number) => string {
  if (size >= 1e15 || (size < 1e-4 && size > 0))
    return (tick) => (tick === 0 ? '0' : tick.toExponential().replace('e+', 'e'));
  const { unit, factor } = UNITS.find(({ from }) => size >= from) ?? { unit: '', factor: 1 };
  const decimals = Math.min(20, Math.max(0, -Math.floor(Math.log10(step / factor) + 1e-9)));
  return (tick) => {
    if (tick === 0) return '0';
    const [whole = '', fraction] = (tick / factor).toFixed(decimals).split('.');
    return formatInteger(whole) + (fraction === undefined ? '' : `.${fraction}`) + unit;
  };
}

/** Numbers up to 99,999 are said in full. */
const UNITS: readonly { readonly unit: string; readonly from: number; readonly factor: number }[] = [
  { unit: 'T', from: 1e12, factor: 1e12 },
  { unit: 'B', from: 1e9, factor: 1e9 },
  { unit: 'M', from: 1e6, factor: 1e6 },
  { unit: 'k', from: 1e5, factor: 1e3 },
];
