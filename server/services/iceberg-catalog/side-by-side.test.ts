import { expect, it } from 'vitest';
import { sideBySide } from './side-by-side.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('keeps the order, and no more than its width at once', async () => {
  let running = 0;
  let most = 0;
  const doubled = await sideBySide([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, ++running);
    for (let turns = item % 3; turns >= 0; turns -= 1) await turn();
    running -= 1;
    return item * 2;
  });
  expect(doubled).toEqual([2, 4, 6, 8, 10, 12, 14]);
  expect(most).toBe(3);
});

it('tells a failure once what had begun has ended, and begins nothing more', async () => {
  const ended: number[] = [];
  const work = async (item: number) => {
    await turn();
    if (item === 1) throw new RangeError('one');
    await turn();
    ended.push(item);
  };
  await expect(sideBySide([0, 1, 2, 3, 4, 5], 3, work)).rejects.toThrow('one');
  expect(new Set(ended)).toEqual(new Set([0, 2]));
});
