import { expect, it } from 'vitest';
import { SharedReads } from './shared-reads.ts';

it('reads once for all who wait, and never answers with what was read before the question', async () => {
  let state = 0;
  let reads = 0;
  const shared = new SharedReads(async () => {
    reads += 1;
    const seen = state;
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (seen === 3) throw new RangeError('three');
    return seen;
  });
  const first = shared.get('x');
  state = 1;
  const later = Array.from({ length: 30 }, () => shared.get('x'));
  expect(await first).toBe(0);
  expect(await Promise.all(later)).toEqual(Array.from({ length: 30 }, () => 1));
  expect(reads).toBe(2);
  state = 2;
  expect(await shared.get('x')).toBe(2);
  state = 3;
  const failing = [shared.get('x'), shared.get('x'), shared.get('y')];
  for (const { status } of await Promise.allSettled(failing)) expect(status).toBe('rejected');
  state = 4;
  expect(await shared.get('x')).toBe(4);
});
