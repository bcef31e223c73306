import { civilFromDays } from '#shared/iceberg/civil-date.ts';

const SECOND_NS = 1_000_000_000n;
const DAY_US = 86_400_000_000n;
const DATE_INFINITY = 2_147_483_647;
const TIMESTAMP_INFINITY = 9_223_372_036_854_775_807n;
/** JavaScript knows the local offset only within ±100,000,000 days of 1970. */
const JS_DATE_LIMIT_US = 8_640_000_000_000_000_000n;

/** Days since 1970-01-01 → `2026-11-14`. Covers DuckDB's whole range, beyond that of JavaScript's Date. */
export function formatDate(days: number): string {
  if (days === DATE_INFINITY) return 'infinity';
  if (days === -DATE_INFINITY) return '-infinity';
  const { year, month, day } = civilFromDays(days);
  const shown = year > 0 ? year : 1 - year;
  const text = `${String(shown).padStart(4, '0')}-${two(month)}-${two(day)}`;
  return year > 0 ? text : `${text} (BC)`;
}

/** Microseconds since midnight → `14:02:00`, with as much of the fraction as there is. */
export function formatTime(micros: bigint): string {
  const seconds = Number(micros / 1_000_000n);
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return clock + fraction(Number(micros % 1_000_000n));
}

/** Microseconds since 1970 (no zone) → `2026-11-14 14:02:00`: shown as it is, never shifted. */
export function formatTimestamp(micros: bigint): string {
  if (micros >= TIMESTAMP_INFINITY) return 'infinity';
  if (micros <= -TIMESTAMP_INFINITY) return '-infinity';
  const { days, rest } = splitDays(micros);
  return `${formatDate(days)} ${formatTime(rest)}`;
}

/** Nanoseconds since 1970, or since midnight, with all nine digits of the fraction. */
export function formatNanoseconds(nanos: bigint, ofDay: boolean): string {
  const rest = ((nanos % SECOND_NS) + SECOND_NS) % SECOND_NS;
  const micros = (nanos - rest) / 1000n;
  return `${ofDay ? formatTime(micros) : formatTimestamp(micros)}.${String(rest).padStart(9, '0')}`;
}

/** An instant → local wall clock with its offset, `2026-11-14 15:02:00+01`. */
export function formatTimestampTz(micros: bigint): string {
  const offset = localOffsetMs(micros);
  if (offset === null) return formatTimestampUtc(micros);
  return formatTimestamp(micros + BigInt(offset) * 1000n) + formatOffset(offset);
}

/** An instant in UTC, for hover and for copying: `2026-11-14 14:02:00Z`. */
export function formatTimestampUtc(micros: bigint): string {
  const text = formatTimestamp(micros);
  return text.endsWith('infinity') ? text : `${text}Z`;
}

function localOffsetMs(micros: bigint): number | null {
  if (micros > JS_DATE_LIMIT_US || micros < -JS_DATE_LIMIT_US) return null;
  // Before zones were standardized an offset may have seconds, so minutes alone would be wrong.
  return Math.round(-new Date(Number(micros / 1000n)).getTimezoneOffset() * 60_000);
}

function formatOffset(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${ms < 0 ? '-' : '+'}${two(h)}${m || s ? `:${two(m)}` : ''}${s ? `:${two(s)}` : ''}`;
}

function splitDays(micros: bigint): { days: number; rest: bigint } {
  let days = micros / DAY_US;
  let rest = micros % DAY_US;
  if (rest < 0n) {
    rest += DAY_US;
    days -= 1n;
  }
  return { days: Number(days), rest };
}

function fraction(micros: number): string {
  if (micros === 0) return '';
  const digits = String(micros).padStart(6, '0');
  return `.${digits.endsWith('000') ? digits.slice(0, 3) : digits}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
