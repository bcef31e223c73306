import { formatCompact, formatInteger } from '#web/lib/format/numbers.ts';

export interface Scale {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly format: (tick: number) => string;
  /** Equal distances are equal factors; the domain is above zero. */
  readonly log?: true;
}

/** Where a value stands between the ends of a scale, as a share of its length. */
export function shareOf({ domain: [low, high], log }: Scale, value: number): number {
  if (low === high) return 0;
  if (log !== true) return (value - low) / (high - low);
  return Math.log(value / low) / Math.log(high / low);
}

/**
 * Ticks at powers of ten, and between them where there are few. @param low above zero
 * @param room the lowest value is not at the very start, where a bar of it would have no length
 */
export function logScale(low: number, high: number, count: number, room: boolean): Scale {
  const decades = Math.log10(high / low);
  const parts = decades <= 1.5 ? [1, 2, 5] : decades <= 3 ? [1, 3] : [1];
  // Over many decades not each has a tick.
  const every = Math.max(1, Math.ceil(decades / Math.max(2, count)));
  const tick = (at: number) =>
    Number(
      `${parts[((at % parts.length) + parts.length) % parts.length] ?? 1}e${Math.floor(at / parts.length) * every}`,
    );
  let first = Math.floor(Math.log10(low) / every) * parts.length;
  while (tick(first) > low) first -= 1;
  while (tick(first + 1) <= low) first += 1;
  let last = first + 1;
  while (tick(last) < high) last += 1;
  // Where ticks are decades apart, the axis need not go on to the next one.
  const [under, over] = [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high))];
  const start = under <= low ? Math.max(tick(first), under) : tick(first);
  const end = over >= high && over > start ? Math.min(tick(last), over) : tick(last);
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => tick(first + at));
  return {
    domain: [room && start >= low ? start / 2 : start, end],
    ticks: ticks.filter((each) => each >= start && each <= end),
    format: formatCompact,
    log: true,
  };
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
