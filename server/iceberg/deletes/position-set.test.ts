import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import { PositionSet, type Position } from './position-set.ts';
import { decodeRoaring, encodeRoaring } from './roaring.ts';

/** Runs, sparse values, whole containers, and positions on both sides of 2^32 and 2^53. */
const positions: fc.Arbitrary<Position[]> = fc
  .array(
    fc.oneof(
      fc.tuple(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 1, max: 5 }), fc.constant(1)),
      fc.tuple(
        fc.integer({ min: 0, max: 200_000 }),
        fc.integer({ min: 1, max: 6000 }),
        fc.constantFrom(1, 2, 7),
      ),
      fc.tuple(
        fc.integer({ min: 0, max: 2 ** 33 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 70_000 }),
      ),
      fc.tuple(
        fc.bigInt({ min: 2n ** 53n - 70_000n, max: 2n ** 62n }),
        fc.integer({ min: 1, max: 10 }),
        fc.constant(1),
      ),
    ),
    { maxLength: 6 },
  )
  .map((stretches) =>
    stretches.flatMap(([start, length, step]) =>
      Array.from({ length }, (_, i) =>
        typeof start === 'bigint' ? start + BigInt(i * step) : start + i * step,
      ),
    ),
  );

function model(list: readonly Position[]): bigint[] {
  return [...new Set(list.map(BigInt))].sort((a, b) => (a < b ? -1 : 1));
}

describe('PositionSet', () => {
  it('is a set: ordered, without repeats, and knows what is in it', () => {
    fc.assert(
      fc.property(positions, fc.nat(300_000), (list, probe) => {
        const set = PositionSet.of(list);
        const expected = model(list);
        expect([...set].map(BigInt)).toEqual(expected);
        expect(set.size).toBe(expected.length);
        expect(list.every((position) => set.has(position) && set.has(BigInt(position)))).toBe(true);
        expect(set.has(probe)).toBe(expected.includes(BigInt(probe)));
      }),
      { numRuns: 150 },
    );
  });

  it('gives positions as numbers as long as they are exact', () => {
    const [small, large] = [...PositionSet.of([2n ** 40n, 2n ** 60n])];
    expect(small).toBe(2 ** 40);
    expect(large).toBe(2n ** 60n);
  });

  it('makes the union of two, decoded ones too', () => {
    fc.assert(
      fc.property(positions, positions, fc.boolean(), (a, b, decoded) => {
        const one = PositionSet.of(a);
        const other = decoded ? decodeRoaring(encodeRoaring(PositionSet.of(b))) : PositionSet.of(b);
        expect([...one.union(other)].map(BigInt)).toEqual(model([...a, ...b]));
        expect([...other.union(one)].map(BigInt)).toEqual(model([...a, ...b]));
      }),
      { numRuns: 100 },
    );
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 53, -1n, 2n ** 63n])('refuses %s', (position) => {
    expect(() => PositionSet.of([position])).toThrow(/no position of a row/);
  });
});

describe('Roaring bitmaps', () => {
  it('read back as they were written', () => {
    fc.assert(
      fc.property(positions, (list) => {
        const bytes = encodeRoaring(PositionSet.of(list));
        const read = decodeRoaring(bytes);
        expect([...read].map(BigInt)).toEqual(model(list));
        expect(encodeRoaring(read)).toEqual(bytes);
      }),
      { numRuns: 150 },
    );
  });

  it('hold a million rows in a row in a few bytes', () => {
    const all = PositionSet.of(Array.from({ length: 1_000_000 }, (_, i) => i));
    expect(encodeRoaring(all).length).toBeLessThan(300);
  });

  it('cut short or changed anywhere are read or refused, never anything else', () => {
    fc.assert(
      fc.property(positions, fc.nat(), fc.nat(255), fc.nat(), (list, where, byte, cut) => {
        const bytes = encodeRoaring(PositionSet.of(list));
        bytes[where % bytes.length] = byte;
        const damaged = cut % 3 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes;
        try {
          const { size } = decodeRoaring(damaged);
          expect(size).toBeLessThanOrEqual(damaged.length * 65_536);
        } catch (error) {
          if (!isAppError(error, 'CORRUPT_FILE')) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('of noise are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        try {
          decodeRoaring(noise);
        } catch (error) {
          if (!isAppError(error, 'CORRUPT_FILE')) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('that claim billions of bitmaps are refused before any is made', () => {
    const claim = new Uint8Array(64);
    new DataView(claim.buffer).setBigUint64(0, 2n ** 40n, true);
    expect(() => decodeRoaring(claim)).toThrow(/1099511627776 bitmaps in 56 bytes/);
  });
});
