import { describe, expect, it } from 'vitest';
import { rowsFigure, rowsNote, rowsShort, rowsText } from './row-counts.ts';

describe('a number of rows', () => {
  it.each([
    [undefined, '12,345 rows', '12,345', '12.3k'],
    ['about', 'about 12,345 rows', '≈ 12,345', '≈12.3k'],
    ['at-most', 'at most 12,345 rows', '≤ 12,345', '≤12.3k'],
    ['unknown', 'an unknown number of rows', 'unknown', '?'],
  ] as const)('that is %s', (rowsAre, text, figure, short) => {
    const counted = { rows: '12345', rowsAre };
    expect([rowsText(counted), rowsFigure(counted), rowsShort(counted)]).toEqual([text, figure, short]);
    expect(rowsNote(counted) === undefined).toBe(rowsAre === undefined);
  });
});
