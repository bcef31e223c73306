import { expect, it } from 'vitest';
import { withWords } from './words.ts';

it('finds each of the words, in any order and letter case, and all where none is typed', () => {
  const found = withWords(' Delay  BY ');
  expect(['By month: delays', 'delay', 'by', 'by\nDELAY'].map(found)).toEqual([true, false, false, true]);
  expect(withWords('  ')('')).toBe(true);
});
