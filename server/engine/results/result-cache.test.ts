import { expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { EnginePlace } from '../execute/engine-place.ts';
import { ResultCache, type CachedAnswer } from './result-cache.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);
const cacheOf = () => new ResultCache({ maxBytes: 1000, maxAnswerBytes: 100 });

/** A run that gives its pieces one at a time, as it is told to. */
class Run {
  starts = 0;
  readonly signals: AbortSignal[] = [];
  readonly #gates: (() => void)[] = [];
  #open = 0;
  readonly #pieces: readonly Uint8Array[];
  readonly #error: unknown;

  constructor(pieces: readonly Uint8Array[], error: unknown = null) {
    this.#pieces = pieces;
    this.#error = error;
  }

  readonly run = (signal: AbortSignal): AsyncGenerator<Uint8Array> => {
    this.starts += 1;
    this.signals.push(signal);
    return this.#generate(signal);
  };

  go(pieces = 100): void {
    this.#open += pieces;
    for (const gate of this.#gates.splice(0)) gate();
  }

  async *#generate(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (const piece of this.#pieces) {
      while (this.#open === 0) {
        signal.throwIfAborted();
        await new Promise<void>((resolve) => {
          this.#gates.push(resolve);
          signal.addEventListener('abort', () => resolve());
        });
      }
      signal.throwIfAborted();
      this.#open -= 1;
      yield piece;
    }
    if (this.#error !== null) throw this.#error;
  }
}

async function all({ pieces }: CachedAnswer): Promise<number[]> {
  const found: number[] = [];
  for await (const piece of pieces) found.push(...piece);
  return found;
}

it('keeps an answer, and gives it again without a run', async () => {
  const cache = cacheOf();
  const run = new Run([bytes(1, 2), bytes(3)]);
  run.go();
  const first = await cache.answer('k', run.run);
  expect([first.fromCache, await all(first)]).toEqual([false, [1, 2, 3]]);
  const again = await cache.answer('k', run.run);
  expect([again.fromCache, await all(again)]).toEqual([true, [1, 2, 3]]);
  const other = await cache.answer('other', run.run);
  expect([other.fromCache, await all(other)]).toEqual([false, [1, 2, 3]]);
  expect(run.starts).toBe(2);
});

it('lets requests for one answer share one run', async () => {
  const cache = cacheOf();
  const run = new Run([bytes(1), bytes(2)]);
  const first = all(await cache.answer('k', run.run));
  const others = [1, 2, 3].map(async () => cache.answer('k', run.run));
  run.go();
  expect(await first).toEqual([1, 2]);
  for (const other of others) {
    expect((await other).fromCache).toBe(true);
    expect(await all(await other)).toEqual([1, 2]);
  }
  expect(run.starts).toBe(1);
});

it('gives the first piece before there is a second', async () => {
  const cache = cacheOf();
  const run = new Run([bytes(1), bytes(2)]);
  const { pieces } = await cache.answer('k', run.run);
  run.go(1);
  expect((await pieces.next()).value).toEqual(bytes(1));
  run.go(1);
  expect((await pieces.next()).value).toEqual(bytes(2));
  expect((await pieces.next()).done).toBe(true);
});

it('goes on for those who wait when who asked first leaves, and stops when nobody is left', async () => {
  const cache = cacheOf();
  const run = new Run([bytes(1), bytes(2)]);
  const leader = new AbortController();
  const taking = all(await cache.answer('k', run.run, leader.signal));
  const follower = new AbortController();
  const waiting = cache.answer('k', run.run, follower.signal);
  await Promise.resolve();
  leader.abort();
  await expect(taking).rejects.toMatchObject({ name: 'AbortError' });
  expect(run.signals[0]?.aborted).toBe(false);
  follower.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  expect(run.signals[0]?.aborted).toBe(true);
  run.go();
  expect(await all(await cache.answer('k', run.run))).toEqual([1, 2]);
  expect(run.starts).toBe(2);
});

it('tells all who wait of a failure of the query, and runs it anew for who comes later', async () => {
  const cache = cacheOf();
  const run = new Run([bytes(1)], new AppError('SQL_RUNTIME', 'Overflow.'));
  const taking = all(await cache.answer('k', run.run));
  const waiting = cache.answer('k', run.run);
  run.go();
  await expect(taking).rejects.toThrow('Overflow.');
  await expect(waiting).rejects.toThrow('Overflow.');
  await expect(cache.answer('k', run.run).then(all)).rejects.toThrow('Overflow.');
  expect(run.starts).toBe(2);
});

it('neither keeps nor shares what is too large, and holds no more of it than its taker leaves', async () => {
  const cache = cacheOf();
  const large = Array.from({ length: 12 }, () => new Uint8Array(30));
  const run = new Run(large);
  const { pieces } = await cache.answer('k', run.run);
  const first = pieces.next();
  const waiting = cache.answer('k', new Run([bytes(9)]).run);
  run.go();
  await first;
  const own = await waiting;
  expect(own.fromCache).toBe(false);
  let count = 1;
  for await (const piece of pieces) count += piece.length > 0 ? 1 : 0;
  expect(count).toBe(12);
  expect(cache.bytes).toBe(0);
});

it('stays below its size, and drops what was not asked for longest', async () => {
  const cache = new ResultCache({ maxBytes: 450, maxAnswerBytes: 100 });
  const ask = async (key: string) => {
    const run = new Run([new Uint8Array(70)]);
    run.go();
    const answer = await cache.answer(key, run.run);
    await all(answer);
    return answer.fromCache;
  };
  for (const key of ['a', 'b', 'a', 'c', 'd']) await ask(key);
  expect(cache.bytes).toBeLessThanOrEqual(450);
  expect(await ask('a')).toBe(true);
  expect(await ask('b')).toBe(false);
});

it('is where the run is that it waits for', async () => {
  const cache = cacheOf();
  const [first, second] = [new EnginePlace(), new EnginePlace()];
  const run = new Run([bytes(1)]);
  const led = await cache.answer('k', run.run, undefined, first);
  const followed = cache.answer('k', run.run, undefined, second);
  first.waits(() => 4);
  expect(second.state()).toEqual({ state: 'waiting', ahead: 4 });
  first.enters();
  expect(second.state()).toEqual({ state: 'running' });
  run.go();
  expect(await Promise.all([all(led), followed.then(all)])).toEqual([[1], [1]]);
});
