import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareValues } from '#shared/iceberg/values.ts';
import { bytesUpperBound, textPrefix, textUpperBound } from './truncate.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'ü', '\uD7FF', '\uFFFD', '😀', '\u{10FFFF}') });

it('cut bounds are below and above the text they are of', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 6 }), (value, width) => {
      const upper = textUpperBound(value, width);
      expect(compareValues(textPrefix(value, width), value)).toBeLessThanOrEqual(0);
      expect(Array.from(textPrefix(value, width)).length).toBeLessThanOrEqual(width);
      if (upper === null) expect(textPrefix(value, width)).toBe('\u{10FFFF}'.repeat(width));
      else {
        expect(compareValues(upper, value)).toBeGreaterThanOrEqual(0);
        expect(Buffer.from(upper).toString()).toBe(upper);
      }
    }),
    { numRuns: 500 },
  );
});

it('cut bounds are above the bytes they are of, which stay as they were', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), fc.integer({ min: 1, max: 6 }), (value, width) => {
      const given = Buffer.from(value);
      const upper = bytesUpperBound(given, width);
      expect(Uint8Array.from(given)).toEqual(value);
      if (upper === null) expect(value.slice(0, width).every((byte) => byte === 0xff)).toBe(true);
      else expect(compareValues(upper, value)).toBeGreaterThanOrEqual(0);
    }),
  );
});
