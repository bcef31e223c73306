import { civilFromDays, daysFromCivil } from '#shared/iceberg/civil-date.ts';
import { parsePrimitive, type PrimitiveType } from '#shared/iceberg/types.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';

const DATE = /^(\d{4,7})-(\d{2})-(\d{2})( \(BC\))?/;
const TIME = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?/;
const OFFSET = /^([+-])(\d{2})(?::?(\d{2}))?(?::?(\d{2}))?$/;
const INTEGER = /^[+-]?\d{1,40}$/;
const DECIMAL = /^([+-]?)(\d{1,40})(?:\.(\d{0,40}))?$/;

/**
 * A value as DuckDB prints it (in RETURN_STATS and in casts to VARCHAR) → the value.
 *
 * @returns null where the text is no finite value of the type that it can say exactly: infinities, NaN
 */
export function parseValueText(type: PrimitiveType, text: string): IcebergValue | null {
  const primitive = parsePrimitive(type);
  switch (primitive.kind) {
    case 'boolean':
      return text === '1' || text === 'true' ? true : text === '0' || text === 'false' ? false : null;
    case 'int':
      return INTEGER.test(text) && (Number(text) | 0) === Number(text) ? Number(text) : null;
    case 'long':
      return INTEGER.test(text) ? int64(BigInt(text)) : null;
    case 'float':
    case 'double':
      return parseFloating(text);
    case 'decimal':
      return parseDecimal(text, primitive.precision, primitive.scale);
    case 'date': {
      const date = DATE.exec(text);
      return date === null || date[0].length < text.length ? null : daysOf(date);
    }
    case 'time': {
      const time = TIME.exec(text);
      return time === null || time[0].length < text.length ? null : nanosOf(time) / 1000n;
    }
    case 'timestamp':
    case 'timestamptz': {
      const nanos = parseInstant(text);
      return nanos === null || nanos % 1000n !== 0n ? null : int64(nanos / 1000n);
    }
    case 'timestamp_ns':
    case 'timestamptz_ns': {
      const nanos = parseInstant(text);
      return nanos === null ? null : int64(nanos);
    }
    case 'string':
      return text;
    case 'uuid':
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : null;
    case 'fixed':
    case 'binary':
      return /^([0-9A-Fa-f]{2})*$/.test(text) ? Uint8Array.from(Buffer.from(text, 'hex')) : null;
    default:
      return null;
  }
}

function int64(value: bigint): bigint | null {
  return BigInt.asIntN(64, value) === value ? value : null;
}

function parseFloating(text: string): number | null {
  if (text === 'inf') return Infinity;
  if (text === '-inf') return -Infinity;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? null : value;
}

function parseDecimal(text: string, precision: number, scale: number): bigint | null {
  const parts = DECIMAL.exec(text);
  const fraction = parts?.[3] ?? '';
  if (parts === null || /[^0]/.test(fraction.slice(scale))) return null;
  const digits = BigInt(`${parts[2]}${fraction.slice(0, scale).padEnd(scale, '0')}`);
  if (digits >= 10n ** BigInt(precision)) return null;
  return parts[1] === '-' ? -digits : digits;
}

/** '2020-01-02 03:04:05.123456+00' → nanoseconds since 1970; without an offset as if in UTC. */
function parseInstant(text: string): bigint | null {
  const date = DATE.exec(text);
  if (date === null) return null;
  const afterDate = text.slice(date[0].length);
  const time = TIME.exec(afterDate.slice(1));
  if (time === null || !/^[ T]/.test(afterDate)) return null;
  const offset = afterDate.slice(1 + time[0].length);
  const seconds = offset === '' || offset === 'Z' ? 0 : offsetSeconds(offset);
  const days = daysOf(date);
  if (seconds === null || days === null) return null;
  return BigInt(days) * 86_400_000_000_000n + nanosOf(time) - BigInt(seconds) * 1_000_000_000n;
}

function offsetSeconds(text: string): number | null {
  const parts = OFFSET.exec(text);
  if (parts === null) return null;
  const seconds = Number(parts[2]) * 3600 + Number(parts[3] ?? 0) * 60 + Number(parts[4] ?? 0);
  return parts[1] === '-' ? -seconds : seconds;
}

function daysOf(date: RegExpExecArray): number | null {
  const year = date[4] === undefined ? Number(date[1]) : 1 - Number(date[1]);
  const civil = { year, month: Number(date[2]), day: Number(date[3]) };
  const days = daysFromCivil(civil);
  // 2021-02-30 is no date.
  const { month, day } = civilFromDays(days);
  return month === civil.month && day === civil.day && (days | 0) === days ? days : null;
}

function nanosOf(time: RegExpExecArray): bigint {
  const seconds = Number(time[1]) * 3600 + Number(time[2]) * 60 + Number(time[3]);
  return BigInt(seconds) * 1_000_000_000n + BigInt((time[4] ?? '').padEnd(9, '0'));
}
