import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { civilFromDays } from '#shared/iceberg/civil-date.ts';
import { exactInstant, formatDay, formatInstant, formatRelative } from './instants.ts';
import {
  formatDate,
  formatTime,
  formatTimestamp,
  formatTimestampTz,
  formatTimestampUtc,
} from './temporal.ts';

const micros = (iso: string) => BigInt(Date.parse(iso)) * 1000n;

describe('dates', () => {
  it('agrees with Date wherever Date can say it', () => {
    const limit = 2_932_896; // 9999-12-31: from there ISO text has a sign
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: limit }), (days) => {
        expect(formatDate(days)).toBe(new Date(days * 86_400_000).toISOString().slice(0, 10));
      }),
    );
  });

  it('reaches beyond Date, before Christ, and infinity', () => {
    expect(formatDate(2_147_483_646)).toBe('5881580-07-10');
    expect(formatDate(-719_163)).toBe('0001-12-31 (BC)');
    expect(formatDate(-719_528)).toBe('0001-01-01 (BC)');
    expect(formatDate(2_147_483_647)).toBe('infinity');
    expect(formatDate(-2_147_483_647)).toBe('-infinity');
    expect(civilFromDays(11_016)).toEqual({ year: 2000, month: 2, day: 29 });
  });
});

describe('times and timestamps', () => {
  it('shows only the fraction there is', () => {
    expect(formatTime(0n)).toBe('00:00:00');
    expect(formatTime(50_520_000_000n)).toBe('14:02:00');
    expect(formatTime(50_520_250_000n)).toBe('14:02:00.250');
    expect(formatTime(86_399_999_999n)).toBe('23:59:59.999999');
    expect(formatTime(86_400_000_000n)).toBe('24:00:00');
  });

  it('shows a TIMESTAMP as it is, before 1970 too', () => {
    expect(formatTimestamp(micros('2026-11-14T14:02:00Z'))).toBe('2026-11-14 14:02:00');
    expect(formatTimestamp(-1n)).toBe('1969-12-31 23:59:59.999999');
    expect(formatTimestamp(9_223_372_036_854_775_807n)).toBe('infinity');
    expect(formatTimestamp(-9_223_372_036_854_775_807n)).toBe('-infinity');
    expect(formatTimestamp(9_223_372_036_854_775_806n)).toBe('294247-01-10 04:00:54.775806');
    expect(formatTimestamp(-62_135_596_800_000_001n)).toBe('0001-12-31 (BC) 23:59:59.999999');
  });

  it('shows an instant locally with its offset, and in UTC', () => {
    const instant = micros('2026-07-14T14:02:00Z');
    expect(formatTimestampUtc(instant)).toBe('2026-07-14 14:02:00Z');
    const local = formatTimestampTz(instant);
    expect(local).toMatch(/^2026-07-1\d \d\d:\d\d:00[+-]\d\d(:\d\d)?$/);
    // Whatever the zone, reading it back gives the same instant.
    expect(Date.parse(local.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'))).toBe(Number(instant / 1000n));
  });
});

describe('instants of the catalog', () => {
  const now = Date.parse('2026-11-14T12:00:00Z');
  it.each([
    ['2026-11-14T11:59:40Z', 'just now'],
    ['2026-11-14T11:59:00Z', '1 minute ago'],
    ['2026-11-14T11:03:00Z', '1 hour ago'],
    ['2026-11-14T09:00:00Z', '3 hours ago'],
    ['2026-11-13T11:00:00Z', 'yesterday'],
    ['2026-11-10T12:00:00Z', '4 days ago'],
    ['2026-10-14T12:00:00Z', 'last month'],
    ['2024-11-14T12:00:00Z', '2 years ago'],
    ['2026-11-14T14:00:00Z', 'in 2 hours'],
    ['not a time', 'not a time'],
  ])('%s is %s', (iso, text) => {
    expect(formatRelative(iso, now)).toBe(text);
  });

  it('says the local time, and UTC on hover', () => {
    const iso = '2026-11-14T14:02:07.000Z';
    const local = new Date(iso);
    expect(formatInstant(iso)).toContain(`${String(local.getMinutes()).padStart(2, '0')}:07`);
    expect(formatDay(iso)).toBe(`${local.getDate()} Nov 2026`);
    expect(exactInstant(iso)).toContain('2026-11-14 14:02:07.000 UTC');
  });
});
