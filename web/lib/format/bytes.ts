import { formatInteger } from './numbers.ts';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const;

/** Bytes for people, in powers of 1000 and three digits: `914 B`, `64.5 MB`. 64-bit counts may come as text. */
export function formatBytes(bytes: number | bigint | string): string {
  const value = Number(bytes);
  if (!Number.isFinite(value)) return '–';
  let size = Math.abs(value);
  let unit = 0;
  // 999.5 and up would round to four digits: it is one of the next unit.
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  const digits = unit === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  const text = size.toFixed(digits);
  const number = digits > 0 ? text.replace(/\.?0+$/, '') : text;
  return `${value < 0 ? '-' : ''}${number} ${UNITS[unit] ?? 'B'}`;
}

/** The exact count, for hover: `64,512,004 bytes`. */
export function exactBytes(bytes: number | bigint | string): string {
  return `${formatInteger(bytes)} ${String(bytes) === '1' ? 'byte' : 'bytes'}`;
}
