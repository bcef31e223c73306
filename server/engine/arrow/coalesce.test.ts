import { expect, it, vi } from 'vitest';
import { coalesce, type Gathering } from './coalesce.ts';

const FOREVER = new Promise<never>(() => undefined);

const LAST = 99;

/** Bytes 0, 1, 2…, one a step, and the last. */
function numbers(count: number, then: () => Promise<void> = () => Promise.resolve()) {
  let waiting: number[] = [];
  const ended = vi.fn();
  const steps = async function* steps() {
    try {
      for (let number = 0; number < count; number++) {
        waiting.push(number);
        yield;
      }
      await then();
    } finally {
      ended();
    }
  };
  const take = (isLast: boolean) => {
    const taken = Uint8Array.from(isLast ? [...waiting, LAST] : waiting);
    waiting = [];
    return taken;
  };
  const stop = vi.fn();
  return { steps: steps(), size: () => waiting.length, take, stop, ended } satisfies Gathering & {
    ended: unknown;
  };
}

async function taken(pieces: AsyncGenerator<Uint8Array>): Promise<number[][]> {
  const all: number[][] = [];
  for await (const piece of pieces) all.push([...piece]);
  return all;
}

it('gathers bytes up to a size, and gives all of them in order', async () => {
  const gathering = numbers(10);
  const pieces = await taken(coalesce(gathering, { bytes: 4, milliseconds: 60_000 }));
  expect(pieces).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [8, 9, LAST],
  ]);
  expect(gathering.stop).not.toHaveBeenCalled();
});

it('gives what is there while more is still being made', async () => {
  const pieces = coalesce(
    numbers(2, async () => FOREVER),
    { bytes: 100, milliseconds: 1 },
  );
  expect((await pieces.next()).value).toEqual(Uint8Array.of(0, 1));
});

it('ends what it reads from when nobody takes more, also in the middle of making it', async () => {
  let fail: (error: Error) => void = () => undefined;
  const wait = new Promise<void>((_, reject) => (fail = reject));
  const gathering = numbers(1, () => wait);
  gathering.stop.mockImplementation(() => fail(new Error('stopped')));
  const pieces = coalesce(gathering, { bytes: 1, milliseconds: 1 });
  await pieces.next();
  await pieces.return(undefined);
  expect(gathering.ended).toHaveBeenCalledOnce();
});

it('fails as what it reads from does', async () => {
  const failing = numbers(3, () => Promise.reject(new Error('broken')));
  await expect(taken(coalesce(failing, { bytes: 2, milliseconds: 60_000 }))).rejects.toThrow('broken');
});
