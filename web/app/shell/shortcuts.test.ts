import { expect, it } from 'vitest';
import { SHORTCUTS } from './shortcuts.ts';

const keysOf = (place: (typeof SHORTCUTS)[number]) => place.keys.flatMap(([keys]) => keys.split(' or '));

it('a key that works everywhere means nothing else anywhere', () => {
  const [everywhere, ...others] = SHORTCUTS;
  const taken = new Set(everywhere === undefined ? [] : keysOf(everywhere));
  expect(taken.size).toBeGreaterThan(10);
  expect(others.flatMap(keysOf).filter((keys) => taken.has(keys))).toEqual([]);
});

it('in one place, a key does one thing', () => {
  for (const place of SHORTCUTS) expect(new Set(keysOf(place)).size, place.place).toBe(keysOf(place).length);
});
