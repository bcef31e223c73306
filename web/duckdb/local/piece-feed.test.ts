// @vitest-environment node
import { expect, it } from 'vitest';
import { PieceFeed } from './piece-feed.ts';

const piece = (value: number) => Uint8Array.of(value);

it('hands over every piece and gives what reading came to', async () => {
  const feed = new PieceFeed(async (pieces) => {
    let sum = 0;
    for await (const [value = 0] of pieces) sum += value;
    return sum;
  });
  for (const value of [1, 2, 3]) await feed.put(piece(value));
  expect(await feed.end()).toBe(6);
});

it('takes a reader for done that has seen the end before it is told of it', async () => {
  let over = () => undefined as void;
  const left = new Promise<void>((resolve) => (over = resolve));
  const feed = new PieceFeed(async (pieces) => {
    for await (const [value] of pieces) if (value === 0) break;
    over();
    return 'whole';
  });
  await feed.put(piece(1));
  await feed.put(piece(0));
  await left;
  expect(await feed.end()).toBe('whole');
});

it('fails as its reader does, with the next piece and at the end', async () => {
  const feed = new PieceFeed(async (pieces) => {
    for await (const _ of pieces) throw new RangeError('no room');
  });
  await feed.put(piece(1));
  await expect(
    (async () => {
      for (;;) await feed.put(piece(2));
    })(),
  ).rejects.toThrow('no room');
  await expect(feed.end()).rejects.toThrow('no room');
  await feed.abort();
});

it('is read no more once it is aborted', async () => {
  const feed = new PieceFeed(async (pieces) => {
    for await (const _ of pieces);
  });
  await feed.put(piece(1));
  await feed.abort();
  await expect(feed.end()).rejects.toBeUndefined();
});
