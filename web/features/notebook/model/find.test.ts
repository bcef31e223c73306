import { describe, expect, it } from 'vitest';
import type { Cell } from '#shared/contract/notebooks.ts';
import { findMatches, replaceMatches } from './find.ts';

const CELLS: readonly Cell[] = [
  { id: 'a', kind: 'sql', source: 'SELECT delay FROM flights', view: 'grid' },
  { id: 'b', kind: 'markdown', source: 'The Delay of flights, and (delay).' },
];
const plain = { matchCase: false, regex: false };

describe('find and replace', () => {
  it('finds in all cells, in order', () => {
    expect(findMatches(CELLS, { ...plain, text: 'delay' }).matches).toEqual([
      { cell: 'a', start: 7, end: 12 },
      { cell: 'b', start: 4, end: 9 },
      { cell: 'b', start: 27, end: 32 },
    ]);
    expect(findMatches(CELLS, { ...plain, matchCase: true, text: 'Delay' }).matches).toHaveLength(1);
    expect(findMatches(CELLS, { ...plain, text: '(delay)' }).matches).toHaveLength(1);
    expect(findMatches(CELLS, { ...plain, text: '' }).matches).toEqual([]);
  });

  it('says what is no regular expression, and does not take places without a letter', () => {
    expect(findMatches(CELLS, { ...plain, regex: true, text: '(' }).problem).toMatch(
      /^This is no regular expression/,
    );
    expect(findMatches(CELLS, { ...plain, regex: true, text: 'x*' }).matches).toEqual([]);
  });

  it('replaces the chosen places and leaves the cells without any as they are', () => {
    const request = { ...plain, text: 'delay' };
    const { matches } = findMatches(CELLS, request);
    const replaced = replaceMatches(CELLS, matches.slice(2), request, '$1 late');
    expect(replaced[0]).toBe(CELLS[0]);
    expect(replaced[1]).toMatchObject({ source: 'The Delay of flights, and ($1 late).' });
  });

  it('fills groups in', () => {
    const request = { matchCase: true, regex: true, text: '(\\w+) of (\\w+)' };
    const { matches } = findMatches(CELLS, request);
    expect(replaceMatches(CELLS, matches, request, '$2.$1 $$ $3 [$&]')[1]).toMatchObject({
      source: 'The flights.Delay $ $3 [Delay of flights], and (delay).',
    });
  });
});
