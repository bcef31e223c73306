import { describe, expect, it } from 'vitest';
import { describeRef, formatMoment } from './describe-ref.ts';

const hash = 'abcdef12'.repeat(8);
const known = {
  defaultBranch: 'main',
  refs: [
    { name: 'main', type: 'BRANCH' as const, protection: [], hash },
    { name: 'fix', type: 'BRANCH' as const, protection: [], hash },
    { name: 'v1', type: 'TAG' as const, protection: [], hash },
  ],
};

describe('describeRef', () => {
  it.each([
    ['main', { name: 'main', moment: 'now', readOnly: false, now: 'main', branch: 'main' }],
    ['v1', { name: 'v1', moment: 'tag', readOnly: true, now: 'main', branch: 'v1' }],
    [`fix@${hash}`, { name: 'fix', moment: 'at abcdef12', readOnly: true, now: 'fix', branch: 'fix' }],
    [`gone@${hash}`, { name: 'gone', moment: 'at abcdef12', readOnly: true, now: 'main', branch: 'main' }],
    [hash, { name: 'abcdef12', moment: 'commit', readOnly: true, now: 'main', branch: 'main' }],
  ])('%s', (expression, expected) => {
    expect(describeRef(expression, known)).toEqual({ ...expected, missing: false });
  });

  it.each(['nope', 'nope*2026-11-03T14:02:00Z', 'main@nonsense'])(
    '%s is nowhere, with a way back',
    (expression) => {
      expect(describeRef(expression, known)).toMatchObject({ missing: true, readOnly: true, now: 'main' });
    },
  );

  it('says the local time of a point in time, read only', () => {
    const time = new Date(2026, 10, 3, 14, 2);
    const described = describeRef(`main*${time.toISOString()}`, known);
    expect(described).toMatchObject({ name: 'main', readOnly: true, now: 'main' });
    expect(described.moment).toContain('3 Nov');
    expect(described.moment).toContain('14:02');
  });
});

describe('formatMoment', () => {
  it('says the year only where it is another one', () => {
    const now = new Date(2026, 10, 21);
    expect(formatMoment(new Date(2026, 0, 5, 0, 7), now)).toBe('5 Jan 00:07');
    expect(formatMoment(new Date(2025, 0, 5, 9, 7), now)).toBe('5 Jan 2025 09:07');
  });

  it('tells times apart that are seconds apart', () => {
    const now = new Date(2026, 10, 21);
    expect(formatMoment(new Date(2026, 0, 5, 0, 7, 9), now)).toBe('5 Jan 00:07:09');
  });
});
