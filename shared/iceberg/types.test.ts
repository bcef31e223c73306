import { describe, expect, it } from 'vitest';
import { formatPrimitive, formatType, parsePrimitive } from './types.ts';

describe('parsePrimitive', () => {
  it.each([
    ['long', 'long'],
    ['decimal(10,2)', 'decimal(10, 2)'],
    ['decimal( 38 , 38 )', 'decimal(38, 38)'],
    ['fixed[16]', 'fixed[16]'],
    ['timestamptz_ns', 'timestamptz_ns'],
    ['geometry', 'geometry'],
    ['geometry(srid:3857)', 'geometry(srid:3857)'],
    ['geography(srid:4326, karney)', 'geography(srid:4326, karney)'],
  ])('reads %s as %s', (text, canonical) => {
    expect(formatPrimitive(parsePrimitive(text))).toBe(canonical);
  });

  it.each([
    '',
    'bigint',
    'decimal',
    'decimal(0, 0)',
    'decimal(39, 0)',
    'decimal(5, 6)',
    'fixed',
    'fixed[-1]',
    'LONG',
  ])('refuses %s', (text) => {
    expect(() => parsePrimitive(text)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});

it('formatType writes nested types for people', () => {
  expect(
    formatType({
      type: 'struct',
      fields: [
        {
          id: 1,
          name: 'a',
          required: true,
          type: { type: 'list', elementId: 2, elementRequired: false, element: 'int' },
        },
        {
          id: 3,
          name: 'b',
          required: false,
          type: {
            type: 'map',
            keyId: 4,
            key: 'string',
            valueId: 5,
            valueRequired: true,
            value: 'decimal(4, 1)',
          },
        },
      ],
    }),
  ).toBe('struct<a: list<int>, b: map<string, decimal(4, 1)>>');
});
