import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyPrimitive, anyValue } from '../testing/arbitraries.ts';
import { decodeValue, encodeValue } from './single-value.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('single-value encoding', () => {
  /** From the spec, appendix D, and Iceberg's TestConversions. */
  it.each([
    ['boolean', true, '01'],
    ['int', 84_202, 'ea480100'],
    ['long', 200n, 'c800000000000000'],
    ['float', -4.5, '000090c0'],
    ['double', 6, '0000000000001840'],
    ['date', 1000, 'e8030000'],
    ['time', 10_000n, '1027000000000000'],
    ['timestamp', 400_000n, '801a060000000000'],
    ['string', 'ABC', '414243'],
    ['uuid', 'f79c3e09-677c-4bbd-a479-3f349cb785e7', 'f79c3e09677c4bbda4793f349cb785e7'],
    ['decimal(7, 4)', 1_234_5n, '3039'],
    ['decimal(38, 0)', -1n, 'ff'],
    ['decimal(38, 0)', 128n, '0080'],
    ['decimal(38, 0)', 0n, '00'],
  ] as const)('%s %s is %s', (type, value, bytes) => {
    expect(hex(encodeValue(type, value))).toBe(bytes);
    expect(decodeValue(type, Buffer.from(bytes, 'hex'))).toEqual(value);
  });

  it('gives back every value of every type', () => {
    const typed = anyPrimitive.chain((type) => fc.tuple(fc.constant(type), anyValue(type)));
    fc.assert(
      fc.property(typed, ([type, value]) => {
        expect(decodeValue(type, encodeValue(type, value))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it('reads what was written before its column was widened', () => {
    expect(decodeValue('long', encodeValue('int', -7))).toBe(-7n);
    expect(decodeValue('double', encodeValue('float', 1.5))).toBe(1.5);
    expect(decodeValue('decimal(38, 2)', encodeValue('decimal(9, 2)', -150n))).toBe(-150n);
  });

  it('says nothing for bytes that are no value, whatever they are', () => {
    fc.assert(
      fc.property(anyPrimitive, fc.uint8Array({ maxLength: 40 }), (type, bytes) => {
        expect(() => decodeValue(type, bytes)).not.toThrow();
      }),
    );
    expect(decodeValue('long', Uint8Array.of(1, 2, 3))).toBeUndefined();
    expect(decodeValue('string', Uint8Array.of(0xff))).toBeUndefined();
  });

  it.each([
    ['int', 2 ** 31],
    ['int', 1.5],
    ['long', 5],
    ['long', 2n ** 63n],
    ['uuid', 'nonsense'],
    ['fixed[3]', Uint8Array.of(1)],
    ['string', true],
  ] as const)('refuses to write %s %s', (type, value) => {
    expect(() => encodeValue(type, value)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});
