import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { HashSet } from './hash-set.ts';

it('knows each hash that was added, however many', () => {
  const hashes = Array.from({ length: 5000 }, (_, index) =>
    createHash('sha256').update(String(index)).digest('hex'),
  );
  const set = new HashSet();
  expect(hashes.every((hash) => set.add(hash))).toBe(true);
  expect(hashes.some((hash) => set.add(hash))).toBe(false);
  expect(set.size).toBe(5000);
  // The one value that marks a free slot is a hash too.
  expect([set.add('0'.repeat(64)), set.add('0'.repeat(64))]).toEqual([true, false]);
});
