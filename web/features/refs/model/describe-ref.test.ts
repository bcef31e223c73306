import { describe, expect, it } from 'vitest';
import { describeRef, formatMoment } from './describe-ref.ts';

const hash = 'abcdef12'.repeat(8);
const known = {
  defaultBranch: 'main',
  refs: [
    { name: 'main', type: 'BRANCH' as const, hash },
    { name: 'v1', type: 'TAG' as const, hash },
  ],
};

describe('describeRef', () => {
  it.each([
    ['main', { name: 'main', moment: 'now', readOnly: false, now: 'main' }],
    ['v1', { name: 'v1', moment: 'tag', readOnly: true, now: 'main' }],
    [`fix@${hash}`, { name: 'fix', moment: 'at abcdef12', readOnly: true, now: 'fix' }],
    [hash, { name: 'abcdef12', moment: 'commit', readOnly: true, now: 'main' }],
    ['main@nonsense', { name: 'main@nonsense', moment: 'unknown', readOnly: true, now: 'main' }],
  ])('%s', (expression, expected) => {
    expect(describeRef(expression, known)).toEqual(expected);
  });

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
});
