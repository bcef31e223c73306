import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactBytes, formatBytes } from './bytes.ts';
import { exactDuration, formatDuration } from './durations.ts';
import { countOf, formatCompact, formatDecimal, formatFloat, formatInteger, plainFloat } from './numbers.ts';

describe('formatInteger', () => {
  it('groups thousands', () => {
    expect(formatInteger(0)).toBe('0');
    expect(formatInteger(999)).toBe('999');
    expect(formatInteger(-1000)).toBe('-1,000');
    expect(formatInteger('3000000')).toBe('3,000,000');
  });

  it('is exact for 64 and 128 bit integers', () => {
    expect(formatInteger(9_223_372_036_854_775_807n)).toBe('9,223,372,036,854,775,807');
    expect(formatInteger(-(2n ** 127n))).toBe('-170,141,183,460,469,231,731,687,303,715,884,105,728');
    fc.assert(fc.property(fc.bigInt(), (n) => BigInt(formatInteger(n).replaceAll(',', '')) === n));
  });
});

describe('formatDecimal', () => {
  it('keeps every digit', () => {
    expect(formatDecimal('1234567.8900')).toBe('1,234,567.8900');
    expect(formatDecimal('-0.00001')).toBe('-0.00001');
    expect(formatDecimal('12345678901234567890123456.123456789012')).toBe(
      '12,345,678,901,234,567,890,123,456.123456789012',
    );
  });
});

describe('formatFloat', () => {
  it('shows the fewest digits that mean the same number', () => {
    expect(formatFloat(0.1)).toBe('0.1');
    expect(formatFloat(1234567.25)).toBe('1,234,567.25');
    expect(formatFloat(1e21)).toBe('1e21');
    expect(formatFloat(-0)).toBe('-0');
    expect(formatFloat(NaN)).toBe('NaN');
    expect(formatFloat(-Infinity)).toBe('-Infinity');
  });

  it('knows 32-bit floats', () => {
    expect(formatFloat(Math.fround(0.1), true)).toBe('0.1');
    expect(formatFloat(Math.fround(16_777_216), true)).toBe('16,777,216');
    expect(formatFloat(Math.fround(3.4028235e38), true)).toBe('3.4028235e38');
  });

  it('round-trips', () => {
    fc.assert(fc.property(fc.double(), (n) => Object.is(Number(plainFloat(n)), n)));
    fc.assert(fc.property(fc.float(), (n) => Object.is(Math.fround(Number(plainFloat(n, true))), n)));
  });
});

describe('formatCompact', () => {
  it.each([
    [0, '0'],
    [1, '1'],
    [0.25, '0.25'],
    [999, '999'],
    [999.9, '1k'],
    [1500, '1.5k'],
    [42_000, '42k'],
    [-3_141_592, '-3.14M'],
    [2e9, '2B'],
    [7e12, '7T'],
    [0.00001234, '0.0000123'],
  ])('%d → %s', (value, text) => {
    expect(formatCompact(value)).toBe(text);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1234, '1.23 kB'],
    [64_512_004, '64.5 MB'],
    [999_950, '1 MB'],
    [123_456_789n, '123 MB'],
    ['9007199254740993', '9.01 PB'],
    [-2500, '-2.5 kB'],
  ])('%s → %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('never shows four digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (n) =>
        /^\d{1,3}(\.\d+)? /.test(formatBytes(n)),
      ),
    );
  });

  it('has the exact count', () => {
    expect(exactBytes('64512004')).toBe('64,512,004 bytes');
    expect(exactBytes(1)).toBe('1 byte');
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [0.42, '0.4 ms'],
    [12.4, '12 ms'],
    [999.6, '1 s'],
    [1243, '1.24 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min'],
    [125_000, '2 min 5 s'],
    [3_599_600, '1 h'],
    [11_520_000, '3 h 12 min'],
    [187_200_000, '2 d 4 h'],
    [-1500, '-1.5 s'],
  ])('%d ms → %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('has the exact span', () => {
    expect(exactDuration(1243.2)).toBe('1,243 ms');
    expect(exactDuration(0.4212)).toBe('0.421 ms');
  });
});

describe('countOf', () => {
  it('agrees in number', () => {
    expect(countOf(1, 'row')).toBe('1 row');
    expect(countOf('2000', 'row')).toBe('2,000 rows');
    expect(countOf(0, 'entry', 'entries')).toBe('0 entries');
  });
});
