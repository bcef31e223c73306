import { expect, it, vi } from 'vitest';
import { coalesce } from './coalesce.ts';

const FOREVER = new Promise<never>(() => undefined);

async function* numbers(count: number, then: () => Promise<void> = () => Promise.resolve()) {
  for (let number = 0; number < count; number++) yield Uint8Array.of(number);
  await then();
}

async function taken(pieces: AsyncGenerator<Uint8Array>): Promise<number[][]> {
  const all: number[][] = [];
  for await (const piece of pieces) all.push([...piece]);
  return all;
}

it('gathers pieces up to a size, and gives all bytes in order', async () => {
  const stop = vi.fn();
  const pieces = await taken(coalesce(numbers(10), { bytes: 4, milliseconds: 60_000 }, stop));
  expect(pieces).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [8, 9],
  ]);
  expect(stop).not.toHaveBeenCalled();
});

it('gives what is there while more is still being made', async () => {
  const pieces = coalesce(
    numbers(2, async () => FOREVER),
    { bytes: 100, milliseconds: 1 },
    () => undefined,
  );
  expect((await pieces.next()).value).toEqual(Buffer.of(0, 1));
});

it('ends what it reads from when nobody takes more, also in the middle of making it', async () => {
  let ended = false;
  let fail: (error: Error) => void = () => undefined;
  const wait = new Promise<void>((_, reject) => (fail = reject));
  const source = async function* source() {
    try {
      yield* numbers(1, () => wait);
    } finally {
      ended = true;
    }
  };
  const pieces = coalesce(source(), { bytes: 1, milliseconds: 1 }, () => fail(new Error('stopped')));
  await pieces.next();
  await pieces.return(undefined);
  expect(ended).toBe(true);
});

it('fails as what it reads from does', async () => {
  const failing = numbers(3, () => Promise.reject(new Error('broken')));
  await expect(taken(coalesce(failing, { bytes: 2, milliseconds: 60_000 }, () => undefined))).rejects.toThrow(
    'broken',
  );
});
