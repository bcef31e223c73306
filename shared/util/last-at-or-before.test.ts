import { expect, it } from 'vitest';
import { lastAtOrBefore } from './last-at-or-before.ts';

it.each<[readonly number[], number, number]>([
  [[], 5, -1],
  [[3], 2, -1],
  [[3], 3, 0],
  [[0, 3, 3, 7], 3, 2],
  [[0, 3, 3, 7], 6, 2],
  [[0, 3, 3, 7], 9, 3],
])('of %j the last at or before %i is %i', (starts, offset, index) => {
  expect(lastAtOrBefore(starts, (start) => start, offset)).toBe(index);
});
