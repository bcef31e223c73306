import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMonths, moveInCalendar, weekdayOf, weeksOfMonth } from './calendar-month.ts';
import { isoDate, readDate } from './date-text.ts';

const days = (text: string) => readDate(text) ?? Number.NaN;

describe('readDate', () => {
  it('takes what people type, year first, and no day that there is not', () => {
    for (const text of ['2024-02-09', '2024-2-9', '2024/02/09', '2024.2.9', ' 20240209 '])
      expect(isoDate(days(text))).toBe('2024-02-09');
    for (const text of [
      '2024-02-30',
      '2023-02-29',
      '2024-13-01',
      '09.02.2024',
      '2024-02',
      '202429',
      '0000-01-01',
      '',
    ])
      expect(readDate(text)).toBeNull();
  });

  it('reads every date that it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: days('0001-01-01'), max: days('9999-12-31') }), (at) => {
        expect(readDate(isoDate(at))).toBe(at);
        expect(new Date(at * 86_400_000).getUTCDay()).toBe((weekdayOf(at) + 1) % 7);
      }),
    );
  });
});

describe('a calendar', () => {
  it('has whole weeks from Monday, with all days of the month', () => {
    const weeks = weeksOfMonth(days('2026-11-22'));
    expect(weeks).toHaveLength(6);
    expect(isoDate(weeks[0]?.[0] ?? 0)).toBe('2026-10-26');
    expect(weeks.flat()).toContain(days('2026-11-30'));
  });

  it('goes by days, weeks, months and years, and stays in the month that is shorter', () => {
    const at = days('2024-01-31');
    const to = (key: string, shift = false) => isoDate(moveInCalendar(at, key, shift) ?? 0);
    expect(to('ArrowRight')).toBe('2024-02-01');
    expect(to('ArrowUp')).toBe('2024-01-24');
    expect(to('Home')).toBe('2024-01-29');
    expect(to('End')).toBe('2024-02-04');
    expect(to('PageDown')).toBe('2024-02-29');
    expect(to('PageUp')).toBe('2023-12-31');
    expect(to('PageDown', true)).toBe('2025-01-31');
    expect(moveInCalendar(at, 'x', false)).toBeNull();
    expect(isoDate(addMonths(days('9999-12-31'), 1))).toBe('9999-12-31');
    expect(isoDate(addMonths(days('2024-12-31'), 2))).toBe('2025-02-28');
  });
});
