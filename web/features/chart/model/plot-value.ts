import { isNumeric, isTemporal, type SqlType } from '#web/lib/format/duckdb-type.ts';
import type { CellValue } from '#web/lib/result-table.ts';

const DAY_MS = 86_400_000;

/** What an axis can be made of a column: numbers, time, or names side by side. */
export type AxisKind = 'number' | 'time' | 'category';

export function axisKind(type: SqlType): AxisKind {
  return isNumeric(type) ? 'number' : isTemporal(type) ? 'time' : 'category';
}

/**
 * A value as a number on an axis; null where there is none (NULL, NaN, infinity). Time becomes milliseconds of the
 * clock that the column shows: a TIMESTAMP's own, the local one for an instant. So ticks can be set in UTC for both.
 */
export function plotNumber(value: CellValue, type: SqlType): number | null {
  if (value === null) return null;
  let number: number;
  if (type.kind === 'date') number = Number(value) * DAY_MS;
  else if (type.kind === 'timestamp')
    // Text is what has nanoseconds.
    number = typeof value === 'string' ? Date.parse(`${value.replace(' ', 'T')}Z`) : Number(value) / 1000;
  else if (type.kind === 'timestamptz') number = wallClock(Number(value) / 1000);
  else number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function wallClock(ms: number): number {
  const offset = new Date(ms).getTimezoneOffset();
  return Number.isNaN(offset) ? ms : ms - offset * 60_000;
}
