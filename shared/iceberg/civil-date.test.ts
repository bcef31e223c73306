import fc from 'fast-check';
import { expect, it } from 'vitest';
import { civilFromDays, daysFromCivil } from './civil-date.ts';

it('agrees with Date where Date reaches', () => {
  fc.assert(
    fc.property(fc.integer({ min: -90_000_000, max: 90_000_000 }), (days) => {
      const date = new Date(days * 86_400_000);
      expect(civilFromDays(days)).toEqual({
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
      });
    }),
  );
});

it('is exact over all 32-bit days', () => {
  fc.assert(fc.property(fc.integer(), (days) => daysFromCivil(civilFromDays(days)) === days));
  // The last date that DuckDB has.
  expect(civilFromDays(2_147_483_646)).toEqual({ year: 5_881_580, month: 7, day: 10 });
});
