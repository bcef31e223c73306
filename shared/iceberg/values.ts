import type { LiteralValue } from './expression.ts';

/**
 * One primitive value in memory, by its Iceberg type: boolean → boolean; int, float, double → number;
 * long → bigint; decimal → bigint, unscaled; date → number, days since 1970-01-01; time → bigint,
 * microseconds since midnight; timestamp(tz) → bigint, microseconds (…_ns: nanoseconds) since 1970-01-01
 * 00:00 (UTC); string → string; uuid → string, lower case with hyphens; fixed, binary → bytes.
 */
export type IcebergValue = LiteralValue;

/**
 * Order of two values of the same type, as Iceberg and DuckDB have it: numbers by value (mixed number and
 * bigint too, and -0 equals 0), text by code point, bytes unsigned.
 *
 * @returns negative, zero or positive; NaN where the two have no order (different types, or NaN).
 */
export function compareValues(a: IcebergValue, b: IcebergValue): number {
  if (isNumeric(a) && isNumeric(b)) return a < b ? -1 : a > b ? 1 : a == b ? 0 : Number.NaN; // oxlint-disable-line eslint/eqeqeq -- 1n == 1 is meant
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b);
  return Number.NaN;
}

function isNumeric(value: IcebergValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** JavaScript orders text by UTF-16 unit, which puts U+1F600 before U+FFFD; UTF-8, and so Parquet, does not. */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const xPair = x >= 0xd800 && x <= 0xdfff;
    const yPair = y >= 0xd800 && y <= 0xdfff;
    return xPair === yPair ? x - y : xPair ? 1 : -1;
  }
  return a.length - b.length;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
