import { civilFromDays, daysFromCivil } from '#shared/iceberg/civil-date.ts';
import { clamp } from './date-text.ts';

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
/** Weeks begin on Monday, as in ISO 8601. */
export const WEEKDAYS = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;

/** From Monday, 0, to Sunday, 6. */
export function weekdayOf(days: number): number {
  return (((days + 3) % 7) + 7) % 7;
}

/** The weeks of a day's month, whole, so that its days are under their names; always six, so that nothing moves. */
export function weeksOfMonth(days: number): readonly (readonly number[])[] {
  const { year, month } = civilFromDays(days);
  const first = daysFromCivil({ year, month, day: 1 });
  const start = first - weekdayOf(first);
  return Array.from({ length: 6 }, (_, week) =>
    Array.from({ length: 7 }, (_, day) => start + week * 7 + day),
  );
}

/** The same day so many months on, or the last of that month where it is shorter. */
export function addMonths(days: number, months: number): number {
  const { year, month, day } = civilFromDays(days);
  const at = year * 12 + month - 1 + months;
  const [newYear, newMonth] = [Math.floor(at / 12), (at % 12) + 1];
  const next = newMonth === 12 ? { year: newYear + 1, month: 1 } : { year: newYear, month: newMonth + 1 };
  const last = civilFromDays(daysFromCivil({ ...next, day: 1 }) - 1).day;
  return clamp(daysFromCivil({ year: newYear, month: newMonth, day: Math.min(day, last) }));
}

/** Where a key leads in a calendar, or null where it is none of a calendar's. */
export function moveInCalendar(days: number, key: string, shift: boolean): number | null {
  switch (key) {
    case 'ArrowLeft':
      return clamp(days - 1);
    case 'ArrowRight':
      return clamp(days + 1);
    case 'ArrowUp':
      return clamp(days - 7);
    case 'ArrowDown':
      return clamp(days + 7);
    case 'Home':
      return clamp(days - weekdayOf(days));
    case 'End':
      return clamp(days + 6 - weekdayOf(days));
    case 'PageUp':
      return addMonths(days, shift ? -12 : -1);
    case 'PageDown':
      return addMonths(days, shift ? 12 : 1);
    default:
      return null;
  }
}

/** Of the clock on the wall. */
export function today(): number {
  const now = new Date();
  return daysFromCivil({ year: now.getFullYear(), month: now.getMonth() + 1, day: now.getDate() });
}

/** `29 February 2024` */
export function longDate(days: number): string {
  const { year, month, day } = civilFromDays(days);
  return `${day} ${MONTHS[month - 1] ?? ''} ${year}`;
}
