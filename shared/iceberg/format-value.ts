import { civilFromDays } from './civil-date.ts';
import { parsePrimitive, type PrimitiveType } from './types.ts';
import type { IcebergValue } from './values.ts';

/** A value as a person reads it: 2020-01-02, 1.50, 2020-01-02 03:04:05.123456+00, x'00ff'. */
export function formatValue(type: PrimitiveType, value: IcebergValue): string {
  const primitive = parsePrimitive(type);
  if (value instanceof Uint8Array) {
    return `x'${Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')}'`;
  }
  if (typeof value !== 'number' && typeof value !== 'bigint') return String(value);
  switch (primitive.kind) {
    case 'date':
      return formatDate(Number(value));
    case 'decimal':
      return typeof value === 'bigint' ? formatDecimal(value, primitive.scale) : String(value);
    case 'time':
      return formatTime(BigInt(Math.trunc(Number(value))), 6);
    case 'timestamp':
    case 'timestamptz':
      return formatInstant(value, 6, primitive.kind === 'timestamptz');
    case 'timestamp_ns':
    case 'timestamptz_ns':
      return formatInstant(value, 9, primitive.kind === 'timestamptz_ns');
    default:
      return String(value);
  }
}

/** As DuckDB prints it: 0044-03-15 (BC) is in the year -43. */
function formatDate(days: number): string {
  const { year, month, day } = civilFromDays(days);
  const two = (part: number) => part.toString().padStart(2, '0');
  const shown = (year > 0 ? year : 1 - year).toString().padStart(4, '0');
  return `${shown}-${two(month)}-${two(day)}${year > 0 ? '' : ' (BC)'}`;
}

function formatDecimal(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Fractions only where there are some. */
function formatTime(units: bigint, digits: number): string {
  const perSecond = 10n ** BigInt(digits);
  const seconds = units / perSecond;
  const two = (part: bigint) => part.toString().padStart(2, '0');
  const fraction = (units % perSecond).toString().padStart(digits, '0').replace(/0+$/, '');
  const clock = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  return fraction === '' ? clock : `${clock}.${fraction}`;
}

function formatInstant(value: number | bigint, digits: number, zoned: boolean): string {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  const units = typeof value === 'bigint' ? value : BigInt(Math.trunc(value));
  const perDay = 86_400n * 10n ** BigInt(digits);
  const inDay = ((units % perDay) + perDay) % perDay;
  const date = formatDate(Number((units - inDay) / perDay));
  return `${date} ${formatTime(inDay, digits)}${zoned ? '+00' : ''}`;
}
