import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTransform } from '#shared/iceberg/partition.ts';
import { compareValues, type IcebergValue } from '#shared/iceberg/values.ts';
import { parseValueText } from '../values/parse-text.ts';
import { murmur3 } from './murmur3.ts';
import { applyTransform, transformResultType } from './transforms.ts';

function value(type: string, text: string): IcebergValue {
  const parsed = parseValueText(type, text);
  if (parsed === null) throw new TypeError(`${text} is no ${type}`);
  return parsed;
}

/** The spec's own hashes (appendix B); a bucket of 2^31 - 1 is the hash without its sign, nearly always. */
describe('bucket', () => {
  it.each([
    ['int', '34', 2_017_239_379],
    ['long', '34', 2_017_239_379],
    ['decimal(9, 2)', '14.20', -500_754_589],
    ['date', '2017-11-16', -653_330_422],
    ['time', '22:31:08', -662_762_989],
    ['timestamp', '2017-11-16 22:31:08', -2_047_944_441],
    ['timestamp', '2017-11-16 22:31:08.000001', -1_207_196_810],
    ['timestamptz', '2017-11-16 14:31:08-08', -2_047_944_441],
    ['timestamptz', '2017-11-16 14:31:08.000001-08:00', -1_207_196_810],
    ['timestamp_ns', '2017-11-16 22:31:08.000001001', -1_207_196_810],
    ['timestamptz_ns', '2017-11-16 14:31:08.000001001-08', -1_207_196_810],
    ['string', 'iceberg', 1_210_000_089],
    ['uuid', 'f79c3e09-677c-4bbd-a479-3f349cb785e7', 1_488_055_340],
    ['fixed[4]', '00010203', -188_683_207],
    ['binary', '00010203', -188_683_207],
  ])('hashes %s %s to %i', (type, text, hash) => {
    const buckets = 2 ** 31 - 1;
    const transform = { kind: 'bucket', buckets } as const;
    expect(applyTransform(transform, type, value(type, text))).toBe((hash & 0x7fffffff) % buckets);
  });

  it('agrees with published murmur3 x86 32 vectors of every tail length', () => {
    const hash = (text: string) => murmur3(new TextEncoder().encode(text)) >>> 0;
    expect(hash('')).toBe(0);
    expect(hash('a')).toBe(0x3c2569b2);
    expect(hash('test')).toBe(0xba6bd213);
    expect(hash('Hello, world!')).toBe(0xc0363e43);
    expect(hash('The quick brown fox jumps over the lazy dog')).toBe(0x2e4ff723);
  });
});

describe('truncate', () => {
  it.each([
    ['int', 10, 1, 0],
    ['int', 10, -1, -10],
    ['long', 10, -1n, -10n],
    ['decimal(9, 2)', 50, 1065n, 1050n],
    ['string', 3, 'iceberg', 'ice'],
    ['string', 2, '😀😀😀', '😀😀'],
    ['string', 5, 'ab', 'ab'],
  ] as const)('%s by %i: %s → %s', (type, width, from, to) => {
    expect(applyTransform({ kind: 'truncate', width }, type, from)).toBe(to);
  });

  it('keeps the first bytes', () => {
    expect(applyTransform({ kind: 'truncate', width: 1 }, 'binary', Uint8Array.of(1, 2))).toEqual(
      Uint8Array.of(1),
    );
  });
});

describe('year, month, day, hour', () => {
  it.each([
    ['year', 'date', '2017-12-01', 47],
    ['month', 'date', '2017-12-01', 575],
    ['day', 'date', '2017-12-01', 17_501],
    ['year', 'date', '1969-12-31', -1],
    ['month', 'date', '1969-12-31', -1],
    ['hour', 'timestamp', '1969-12-31 23:59:59.999999', -1],
    ['day', 'timestamptz', '1969-12-31 23:59:59.999999+00', -1],
    ['hour', 'timestamp', '2017-12-01 10:12:55.038194', 420_034],
    ['hour', 'timestamp_ns', '2017-12-01 10:12:55.038194789', 420_034],
    ['month', 'timestamp', '1970-02-01 00:00:00', 1],
  ] as const)('%s of %s %s is %i', (transform, type, text, part) => {
    expect(applyTransform(parseTransform(transform), type, value(type, text))).toBe(part);
  });

  it('never goes down as time goes up', () => {
    const micros = fc.bigInt({ min: -(2n ** 55n), max: 2n ** 55n });
    fc.assert(
      fc.property(micros, micros, fc.constantFrom('year', 'month', 'day', 'hour'), (a, b, name) => {
        const [early, late] = a < b ? [a, b] : [b, a];
        const part = (at: bigint) => applyTransform(parseTransform(name), 'timestamp', at) ?? Number.NaN;
        expect(compareValues(part(early), part(late))).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('where a transform does not apply', () => {
  it.each([
    ['bucket[4]', 'double'],
    ['truncate[4]', 'date'],
    ['hour', 'date'],
    ['year', 'time'],
    ['identity', 'variant'],
    ['zorder[3]', 'int'],
    ['bucket[0]', 'int'],
  ])('%s of %s has no type', (transform, source) => {
    expect(transformResultType(parseTransform(transform), source)).toBeNull();
    expect(applyTransform(parseTransform(transform), source, 1)).toBeUndefined();
  });

  it('void and null are null', () => {
    expect(applyTransform({ kind: 'void' }, 'int', 1)).toBeNull();
    expect(applyTransform({ kind: 'bucket', buckets: 4 }, 'int', null)).toBeNull();
  });
});

describe('truncate at the end of a type', () => {
  it('gives the lowest value where the exact one does not fit', () => {
    const ten = { kind: 'truncate', width: 10 } as const;
    expect(applyTransform(ten, 'int', -2_147_483_641)).toBe(-2_147_483_648);
    expect(applyTransform(ten, 'long', -9_223_372_036_854_775_807n)).toBe(-9_223_372_036_854_775_808n);
    expect(applyTransform(ten, 'int', -2_147_483_640)).toBe(-2_147_483_640);
  });
});
