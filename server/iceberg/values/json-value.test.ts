import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseJson, stringifyJson } from '#shared/util/json.ts';
import { anyPrimitive, anyValue } from '../testing/arbitraries.ts';
import { valueFromJson, valueToJson } from './json-value.ts';

it('gives back every value that JSON can say', () => {
  const typed = fc
    .oneof(anyPrimitive, fc.constantFrom('timestamp_ns', 'timestamptz_ns'))
    .chain((type) => anyValue(type).map((value) => ({ type, value })));
  fc.assert(
    fc.property(typed, ({ type, value }) => {
      const floating = type === 'float' || type === 'double';
      fc.pre(!floating || (Number.isFinite(value) && !Object.is(value, -0)));
      const json = valueToJson(type, value);
      // Years that ISO 8601 does not write with four digits are no single values in JSON.
      fc.pre(
        typeof json !== 'string' ||
          type === 'string' ||
          !/BC|^\d{5}/.test(json) ||
          !/date|timestamp/.test(type),
      );
      // A time of day ends at 24 hours.
      fc.pre(type !== 'time' || (typeof value === 'bigint' && value >= 0n && value < 86_400_000_000n));
      expect(valueFromJson(type, parseJson(stringifyJson(json)))).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

it.each([
  ['date', '2017-11-16', 17_486],
  ['time', '22:31:08.123456', 81_068_123_456n],
  ['timestamp', '2017-11-16T22:31:08.123456', 1_510_871_468_123_456n],
  ['timestamptz', '2017-11-16T22:31:08.123456+00:00', 1_510_871_468_123_456n],
  ['timestamp_ns', '2017-11-16T22:31:08.123456789', 1_510_871_468_123_456_789n],
  ['decimal(4, 2)', '14.20', 1420n],
  ['uuid', 'f79c3e09-677c-4bbd-a479-3f349cb785e7', 'f79c3e09-677c-4bbd-a479-3f349cb785e7'],
  ['fixed[3]', '00010f', Uint8Array.of(0, 1, 15)],
])('%s %s is as the spec has it', (type, json, value) => {
  expect(valueFromJson(type, json)).toEqual(value);
  expect(valueToJson(type, value)).toBe(json);
});

it.each([
  ['int', 2 ** 31],
  ['int', '4'],
  ['long', 2 ** 60],
  ['boolean', 1],
  ['timestamp', '2017-11-16T22:31:08+00:00'],
  ['timestamptz', '2017-11-16T22:31:08'],
  ['date', '2021-02-30'],
  ['decimal(4, 2)', '123.45'],
  ['fixed[3]', '0001'],
  ['string', 4],
])('%s %j is none', (type, json) => {
  expect(valueFromJson(type, json)).toBeUndefined();
});
