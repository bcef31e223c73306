import { formatValue } from '#shared/iceberg/format-value.ts';
import type { ColumnInfo } from '#shared/contract/tables.ts';

const DIGITS = /^-?\d+$/;
const COUNTED = /^(long|decimal|time|timestamp)/;

/**
 * A bound or partition value for people. The API sends what Iceberg has: 64-bit and temporal values as integers in
 * digits, bytes as hex. @param column its column; undefined for a nested field, whose value is shown as it is
 */
export function boundText(value: unknown, column: ColumnInfo | undefined): string {
  if (value === null || value === undefined) return '–';
  const type = column?.type ?? '';
  if (typeof value === 'string') {
    if (COUNTED.test(type) && DIGITS.test(value)) return formatValue(type, BigInt(value));
    return /^(binary|fixed)/.test(type) ? `0x${value}` : value;
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    return type === '' ? String(value) : formatValue(type, value);
  }
  return typeof value === 'boolean' ? String(value) : JSON.stringify(value);
}
