import { describe, expect, it } from 'vitest';
import { changeSummary } from './change-summary.ts';

describe('changeSummary', () => {
  it.each([
    [[], 'no table changed'],
    [
      [{ key: 'bronze.flights', kind: 'modified' as const, addedRows: '483112' }],
      'bronze.flights +483,112 rows',
    ],
    [[{ key: 'a', kind: 'modified' as const, addedRows: '5', deletedRows: '12' }], 'a +5 −12 rows'],
    [[{ key: 'a', kind: 'added' as const, addedRows: '0' }], 'a created'],
    [[{ key: 'a', kind: 'removed' as const, deletedRows: '12' }], 'a dropped'],
    [
      ['a', 'b', 'c', 'd'].map((key) => ({ key, kind: 'added' as const, addedRows: '1000' })),
      'a +1,000 rows, b +1,000 rows and 2 more',
    ],
  ])('%o is "%s"', (changes, text) => {
    expect(changeSummary(changes)).toBe(text);
  });

  it('counts those that are not told as well', () => {
    expect(changeSummary([{ key: 'a', kind: 'removed' }], 10_000)).toBe('a dropped and 9,999 more');
  });
});
