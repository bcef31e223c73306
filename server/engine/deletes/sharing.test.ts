import { describe, expect, it } from 'vitest';
import { isAbortError } from '#shared/errors/app-error.ts';
import { Batches } from './batches.ts';
import { SharedWork } from './shared-work.ts';

const NEVER = new AbortController().signal;

function deferred() {
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  return { done, finish };
}

describe('SharedWork', () => {
  it('does work once for all who want it at a time, and again for who comes later', async () => {
    const shared = new SharedWork<number>();
    let started = 0;
    const { done, finish } = deferred();
    const work = async () => {
      started += 1;
      await done;
      return started;
    };
    const both = [shared.run('a', work), shared.run('a', work)];
    finish();
    expect(await Promise.all(both)).toEqual([1, 1]);
    expect(await shared.run('a', work)).toBe(2);
  });

  it('goes on while anybody waits, and is given up when the last has left; who comes then starts anew', async () => {
    const shared = new SharedWork<string>();
    const signals: AbortSignal[] = [];
    const { done, finish } = deferred();
    const work = async (signal: AbortSignal) => {
      signals.push(signal);
      await done;
      return 'done';
    };
    const [first, second] = [new AbortController(), new AbortController()];
    const a = shared.run('a', work, first.signal);
    const b = shared.run('a', work, second.signal);
    first.abort();
    await expect(a).rejects.toSatisfy(isAbortError);
    expect(signals[0]?.aborted).toBe(false);
    second.abort();
    await expect(b).rejects.toSatisfy(isAbortError);
    expect(signals[0]?.aborted).toBe(true);
    const c = shared.run('a', work);
    expect(signals[1]?.aborted).toBe(false);
    finish();
    expect(await c).toBe('done');
    await expect(shared.run('a', work, first.signal)).rejects.toSatisfy(isAbortError);
  });

  it('fails for all who wait, and not for who comes later', async () => {
    const shared = new SharedWork<number>();
    const broken = async () => Promise.reject(new Error('broken'));
    const both = await Promise.allSettled([shared.run('a', broken), shared.run('a', broken)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await shared.run('a', async () => 7)).toBe(7);
  });
});

describe('Batches', () => {
  const limits = { concurrency: 1, items: 3, weight: 10, weightOf: (item: number) => item };

  async function run(items: readonly number[], fails: (item: number) => boolean = () => false) {
    const done: number[][] = [];
    const batches = new Batches<number, number>(async (batch) => {
      done.push([...batch]);
      await Promise.resolve();
      if (batch.some(fails)) throw new Error(`no ${batch.join(' ')}`);
      return batch.map((item) => item * 2);
    }, limits);
    const results = await Promise.allSettled(items.map(async (item) => batches.add(item, NEVER)));
    return { done, results: results.map((each) => (each.status === 'fulfilled' ? each.value : 'failed')) };
  }

  it('does together what was asked for together, within its limits and in order', async () => {
    const { done, results } = await run([1, 2, 3, 4, 5, 6, 20, 1]);
    expect(done).toEqual([[1, 2, 3], [4, 5], [6], [20], [1]]);
    expect(results).toEqual([2, 4, 6, 8, 10, 12, 40, 2]);
  });

  it('fails only what is at fault', async () => {
    const { done, results } = await run([1, 2, 3], (item) => item === 2);
    expect(done).toEqual([[1, 2, 3], [1], [2], [3]]);
    expect(results).toEqual([2, 'failed', 6]);
  });

  it('leaves out what nobody waits for any more, and stops when nobody waits for a whole batch', async () => {
    const seen: (readonly number[])[] = [];
    const { done, finish } = deferred();
    const signals: AbortSignal[] = [];
    const batches = new Batches<number, number>(async (batch, signal) => {
      seen.push(batch);
      signals.push(signal);
      await done;
      if (signal.aborted) throw new DOMException('stopped', 'AbortError');
      return batch;
    }, limits);
    const stops = [1, 2, 3, 4, 5].map(() => new AbortController());
    const added = [1, 2, 3, 4, 5].map(async (item, at) => batches.add(item, stops[at]?.signal ?? NEVER));
    const settled = Promise.allSettled(added);
    await Promise.resolve();
    await Promise.resolve();
    for (const at of [0, 1, 2, 3]) stops[at]?.abort();
    expect(signals[0]?.aborted).toBe(true);
    finish();
    expect((await settled).map(({ status }) => status)).toEqual([
      ...Array.from({ length: 4 }, () => 'rejected'),
      'fulfilled',
    ]);
    expect(seen).toEqual([[1, 2, 3], [5]]);
  });
});
