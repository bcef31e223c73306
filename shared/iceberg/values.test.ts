import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatValue } from './format-value.ts';
import { compareValues } from './values.ts';

const hex = (text: string) =>
  Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('');
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

describe('compareValues', () => {
  it('orders text as UTF-8 bytes are ordered', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareValues(a, b))).toBe(order(hex(a), hex(b)));
      }),
    );
    expect(compareValues('\u{1F600}', '\uFFFD')).toBeGreaterThan(0);
  });

  it('compares numbers and bigints by value', () => {
    expect(compareValues(1, 1n)).toBe(0);
    expect(compareValues(-0, 0)).toBe(0);
    expect(compareValues(2n ** 62n, 1.5)).toBeGreaterThan(0);
  });

  it('has no order between types or with NaN', () => {
    expect(compareValues('1', 1)).toBeNaN();
    expect(compareValues(Number.NaN, 1)).toBeNaN();
  });

  it('orders bytes as unsigned', () => {
    expect(compareValues(Uint8Array.of(0xff), Uint8Array.of(0x01, 0x02))).toBeGreaterThan(0);
    expect(compareValues(Uint8Array.of(1), Uint8Array.of(1, 0))).toBeLessThan(0);
  });
});

it.each([
  ['date', -1, '1969-12-31'],
  ['decimal(10, 2)', -5n, '-0.05'],
  ['decimal(10, 0)', 12n, '12'],
  ['time', 45_296_000_001n, '12:34:56.000001'],
  ['timestamp', -1n, '1969-12-31 23:59:59.999999'],
  ['timestamptz', 0n, '1970-01-01 00:00:00+00'],
  ['timestamp_ns', 1_500_000_000n, '1970-01-01 00:00:01.5'],
  ['binary', Uint8Array.of(0, 255), "x'00ff'"],
  ['long', 7n, '7'],
  ['timestamp', 2n ** 62n, '148108-07-06 14:00:27.387904'],
] as const)('formatValue(%s, %s) is %s', (type, value, text) => {
  expect(formatValue(type, value)).toBe(text);
});
