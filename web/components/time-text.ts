const DAY = 86_400;

/** How fine a time of day is written. */
export type TimePrecision = 'minute' | 'second';

/** Seconds since midnight → `14:05`, or `14:05:09`. */
export function isoTime(seconds: number, precision: TimePrecision): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts
    .slice(0, precision === 'minute' ? 2 : 3)
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/**
 * Seconds since midnight of a time of day; null for what is none. Hours of 24 first, also as people type it: `9`, `9:5`,
 * `0905`, `14.05`, `2:05 pm`.
 */
export function readTime(text: string): number | null {
  const parts =
    /^\s*(\d{1,2})(?:[:.](\d{1,2})(?:[:.](\d{1,2}))?)?\s*([ap])?m?\s*$/i.exec(text) ??
    /^\s*(\d{1,2})(\d\d)(\d\d)?\s*([ap])?m?\s*$/i.exec(text);
  if (parts === null) return null;
  const [hour = 0, minute = 0, second = 0] = [parts[1], parts[2] ?? 0, parts[3] ?? 0].map(Number);
  const half = parts[4]?.toLowerCase();
  if (half !== undefined && (hour < 1 || hour > 12)) return null;
  const inDay = half === undefined ? hour : (hour % 12) + (half === 'p' ? 12 : 0);
  return inDay < 24 && minute < 60 && second < 60 ? inDay * 3600 + minute * 60 + second : null;
}

/** Which part of a time as it is written holds a place in it: UTF-16 offsets of the part, and its seconds. */
export function partAt(text: string, caret: number): { start: number; end: number; seconds: number } {
  const before = text.slice(0, caret).split(':').length - 1;
  const part = Math.min(before, text.split(':').length - 1);
  return { start: part * 3, end: part * 3 + 2, seconds: [3600, 60, 1][part] ?? 1 };
}

/** A time some seconds on; behind midnight it begins anew. */
export function stepped(seconds: number, by: number): number {
  return (seconds + by + DAY) % DAY;
}
