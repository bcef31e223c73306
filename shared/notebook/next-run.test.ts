import { expect, it } from 'vitest';
import { nextRun } from './next-run.ts';

const at = { minute: 30, hour: 6, weekday: 1, ref: 'main' };
it.each([
  ['hour', '2026-11-21T10:29:59Z', '2026-11-21T10:30:00.000Z'],
  ['hour', '2026-11-21T10:30:00Z', '2026-11-21T11:30:00.000Z'],
  ['day', '2026-11-21T06:29:00Z', '2026-11-21T06:30:00.000Z'],
  ['day', '2026-12-31T06:30:00Z', '2027-01-01T06:30:00.000Z'],
  // 21 November 2026 is a Saturday.
  ['week', '2026-11-21T10:00:00Z', '2026-11-23T06:30:00.000Z'],
  ['week', '2026-11-23T06:30:00Z', '2026-11-30T06:30:00.000Z'],
] as const)('every %s after %s: %s', (every, after, expected) => {
  expect(nextRun({ ...at, every }, new Date(after)).toISOString()).toBe(expected);
});
