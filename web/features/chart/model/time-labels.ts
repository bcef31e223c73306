import { civilFromDays } from '#shared/iceberg/civil-date.ts';
import { DAY, MONTHS } from './time-scale.ts';

type Unit = 'year' | 'month' | 'day';

/** The longest unit at whose beginnings all times stand; null where some are within a day. */
function unitOf(times: readonly number[]): Unit | null {
  let unit: Unit = 'year';
  for (const time of times) {
    if (time % DAY !== 0) return null;
    const { month, day } = civilFromDays(time / DAY);
    if (day !== 1) unit = 'day';
    else if (month !== 1 && unit === 'year') unit = 'month';
  }
  return unit;
}

function nameOf(time: number, unit: Unit, withYear: boolean): string {
  const { year, month, day } = civilFromDays(time / DAY);
  if (unit === 'year') return String(year);
  const named = MONTHS[month - 1] ?? '';
  const text = unit === 'month' ? named : `${day} ${named}`;
  return withYear ? `${text} ${year}` : text;
}

/**
 * What times are called that stand side by side, as the axis of a line has it: "Nov 2000", "Dec", "Jan 2001", "Feb".
 * Null where some are within a day: those have names of their own.
 *
 * @param times in their order; milliseconds of the clock that is shown
 * @param every how many of them lie from one that is labelled to the next; the first is one
 * @returns of those that are labelled
 */
export function timeLabels(times: readonly number[], every = 1): readonly string[] | null {
  const unit = unitOf(times);
  if (unit === null) return null;
  const shown = times.filter((_, at) => at % every === 0);
  const yearOf = (time: number | undefined) =>
    time === undefined ? null : civilFromDays(Math.floor(time / DAY)).year;
  return shown.map((time, at) => nameOf(time, unit, yearOf(time) !== yearOf(shown[at - 1])));
}

/** Each of the times with its year; null where some are within a day. */
export function fullTimeLabels(times: readonly number[]): readonly string[] | null {
  const unit = unitOf(times);
  return unit === null ? null : times.map((time) => nameOf(time, unit, true));
}
