import { civilFromDays, daysFromCivil } from '#shared/iceberg/civil-date.ts';

/** Days since 1970: the years 1 to 9999, which ISO writes with four digits. */
const FIRST = daysFromCivil({ year: 1, month: 1, day: 1 });
const LAST = daysFromCivil({ year: 9999, month: 12, day: 31 });

/** Days since 1970 → `2024-02-29`. */
export function isoDate(days: number): string {
  const { year, month, day } = civilFromDays(days);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Days since 1970 of a date, year first; null for what is none. Also as people type it: `2024-2-9`, `2024/02/09`, `20240209`. */
export function readDate(text: string): number | null {
  const parts = /^\s*(\d{4})([-/. ]?)(\d{1,2})\2(\d{1,2})\s*$/.exec(text);
  if (parts === null || (parts[2] === '' && text.trim().length !== 8)) return null;
  const [year = 0, month = 0, day = 0] = [parts[1], parts[3], parts[4]].map(Number);
  const days = daysFromCivil({ year, month, day });
  const read = civilFromDays(days);
  // The 30th of February would be the 1st of March.
  const exists = read.year === year && read.month === month && read.day === day;
  return exists && days >= FIRST && days <= LAST ? days : null;
}

export function clamp(days: number): number {
  return Math.min(Math.max(days, FIRST), LAST);
}
