import { civilFromDays } from '#shared/iceberg/civil-date.ts';
import { formatTime, formatTimestamp } from '#web/lib/format/temporal.ts';
import type { Scale } from './nice-scale.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

type Step =
  | { readonly unit: 'span'; readonly ms: number }
  | { readonly unit: 'month'; readonly months: number };

const STEPS: readonly Step[] = [
  ...[1, 2, 5, 10, 50, 100, 500].map((ms) => ({ unit: 'span', ms }) as const),
  ...[1, 2, 5, 10, 15, 30].map((n) => ({ unit: 'span', ms: n * SECOND }) as const),
  ...[1, 2, 5, 10, 15, 30].map((n) => ({ unit: 'span', ms: n * MINUTE }) as const),
  ...[1, 2, 3, 6, 12].map((n) => ({ unit: 'span', ms: n * HOUR }) as const),
  ...[1, 2, 7, 14].map((n) => ({ unit: 'span', ms: n * DAY }) as const),
  ...[1, 2, 3, 6].map((months) => ({ unit: 'month', months }) as const),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map(
    (years) => ({ unit: 'month', months: years * 12 }) as const,
  ),
];

const MILLENNIUM: Step = { unit: 'month', months: 12_000 };

export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Ticks at the starts of hours, days, months or years. The ends of the domain are those of the values: time before
 * the first and after the last is not shown. @param low, high milliseconds on the clock that is shown
 */
export function timeScale(low: number, high: number, count: number): Scale {
  if (low === high) return singleTime(low);
  const span = high - low;
  const step = STEPS.find((each) => span / lengthOf(each) <= count) ?? MILLENNIUM;
  const ticks = step.unit === 'span' ? spanTicks(low, high, step.ms) : monthTicks(low, high, step.months);
  const shown = ticks.length > 0 ? ticks : [low];
  return { domain: [low, high], ticks: shown, format: (tick) => label(tick, step, tick === shown[0]) };
}

function singleTime(time: number): Scale {
  const text = formatTimestamp(BigInt(Math.round(time)) * 1000n).replace(/ 00:00:00$/, '');
  return { domain: [time - DAY, time + DAY], ticks: [time], format: () => text };
}

function lengthOf(step: Step): number {
  return step.unit === 'span' ? step.ms : step.months * 30.44 * DAY;
}

function spanTicks(low: number, high: number, ms: number): number[] {
  const ticks: number[] = [];
  // Weeks begin on Mondays: 5 January 1970 was one.
  const origin = ms % (7 * DAY) === 0 ? 4 * DAY : 0;
  for (let t = Math.ceil((low - origin) / ms) * ms + origin; t <= high; t += ms) ticks.push(t);
  return ticks;
}

function monthTicks(low: number, high: number, months: number): number[] {
  const ticks: number[] = [];
  const { year, month } = civilFromDays(Math.floor(low / DAY));
  for (let at = Math.floor((year * 12 + month - 1) / months) * months; ; at += months) {
    const t = startOfMonth(Math.floor(at / 12), at % 12);
    if (t > high) return ticks;
    if (t >= low) ticks.push(t);
  }
}

function startOfMonth(year: number, month: number): number {
  // Date.UTC takes years below 100 for 19xx.
  return new Date(Date.UTC(2000, month, 1)).setUTCFullYear(year);
}

/** The part of the date that changes from tick to tick; the first tick, and each new year or day, says the rest. */
function label(tick: number, step: Step, first: boolean): string {
  const days = Math.floor(tick / DAY);
  const { year, month, day } = civilFromDays(days);
  const monthName = MONTHS[month - 1] ?? '';
  if (step.unit === 'month') {
    if (step.months >= 12) return String(year);
    return first || month === 1 ? `${monthName} ${year}` : monthName;
  }
  if (step.ms >= DAY)
    return first || (month === 1 && day <= step.ms / DAY)
      ? `${day} ${monthName} ${year}`
      : `${day} ${monthName}`;
  const inDay = tick - days * DAY;
  const clock = formatTime(BigInt(Math.round(inDay)) * 1000n);
  const text = step.ms >= MINUTE ? clock.slice(0, 5) : clock;
  return first || inDay === 0 ? `${day} ${monthName} ${text}` : text;
}
