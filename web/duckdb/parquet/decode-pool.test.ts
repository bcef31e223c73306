// @vitest-environment node
import { describe, expect, it, vi } from 'vitest';
import { isAbortError } from '#shared/errors/app-error.ts';
import { DecodePool, type DecodePriority } from './decode-pool.ts';
import type { DecodeWorker } from './decode-workers.ts';
import type { DecodeReply, DecodeRequest } from './decode-protocol.ts';

/** Stands in for a worker: the test says what it answers, and when. */
class FakeWorker extends EventTarget {
  readonly requests: DecodeRequest[] = [];
  terminated = false;

  postMessage(request: DecodeRequest): void {
    this.requests.push(request);
  }

  reply(reply: DecodeReply): void {
    this.dispatchEvent(new MessageEvent('message', { data: reply }));
  }

  terminate(): void {
    this.terminated = true;
  }
}

function openPool(size: number) {
  const workers: FakeWorker[] = [];
  const spawn = () => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker as unknown as DecodeWorker;
  };
  const pool = new DecodePool(size, { spawn, serverIsAway: () => undefined, close: () => undefined });
  const order: string[] = [];
  const decode = (
    name: string,
    signal = new AbortController().signal,
    priority: () => DecodePriority = () => 0,
  ) => {
    const chunks: number[] = [];
    const done = pool
      .decode(
        { url: `http://host/${name}`, bytes: 1000, columns: [{ id: 1, type: 'long' }], nameMapping: null },
        { opened: () => order.push(name), chunk: (_content, rows) => chunks.push(rows) },
        signal,
        priority,
      )
      .then(() => chunks);
    done.catch(() => undefined);
    return done;
  };
  const busy = () => workers.filter((worker) => !worker.terminated && worker.requests.length > 0);
  const working = () =>
    busy().flatMap((worker) => worker.requests.at(-1)?.url.slice('http://host/'.length) ?? []);
  return { pool, workers, decode, working };
}

const chunk = (rows: number): DecodeReply => ({ kind: 'chunk', content: new Uint8Array(8), rows });

describe('DecodePool', () => {
  it('passes chunks on in order and takes the next job when one is done', async () => {
    const { workers, decode } = openPool(1);
    const first = decode('first');
    const second = decode('second');
    const [worker] = workers;
    expect(worker?.requests).toHaveLength(1);
    worker?.reply({ kind: 'opened', columns: [], rows: 7, groups: [7] });
    worker?.reply(chunk(3));
    worker?.reply(chunk(4));
    worker?.reply({ kind: 'done' });
    expect(await first).toEqual([3, 4]);
    expect(worker?.requests.map(({ url }) => url)).toEqual(['http://host/first', 'http://host/second']);
    worker?.reply({ kind: 'done' });
    expect(await second).toEqual([]);
    expect(workers).toHaveLength(1);
  });

  it('works on as many jobs at a time as it has workers', () => {
    const { decode, working } = openPool(2);
    for (const name of ['a', 'b', 'c']) void decode(name);
    expect(working()).toEqual(['a', 'b']);
  });

  it('prefers what a run waits for, also when it began to wait later', () => {
    const { workers, decode, working } = openPool(1);
    let warmed: DecodePriority = 1;
    void decode('now');
    void decode('idle', undefined, () => 1);
    void decode('warmed', undefined, () => warmed);
    void decode('urgent');
    warmed = 0;
    for (const expected of ['warmed', 'urgent', 'idle']) {
      workers[0]?.reply({ kind: 'done' });
      expect(working()).toEqual([expected]);
    }
  });

  it('ends the worker of an aborted job, and with it the requests; the next job gets a new one', async () => {
    const { workers, decode, working } = openPool(1);
    const stop = new AbortController();
    const first = decode('first', stop.signal);
    const second = decode('second');
    stop.abort();
    await expect(first).rejects.toSatisfy(isAbortError);
    expect(workers[0]?.terminated).toBe(true);
    expect(working()).toEqual(['second']);
    workers[0]?.reply(chunk(99));
    workers[1]?.reply(chunk(1));
    workers[1]?.reply({ kind: 'done' });
    expect(await second).toEqual([1]);
  });

  it('forgets a job that is aborted while it waits, and starts none that was aborted before', async () => {
    const { workers, decode } = openPool(1);
    void decode('first');
    const stop = new AbortController();
    const waiting = decode('waiting', stop.signal);
    stop.abort();
    await expect(waiting).rejects.toSatisfy(isAbortError);
    await expect(decode('late', stop.signal)).rejects.toSatisfy(isAbortError);
    workers[0]?.reply({ kind: 'done' });
    expect(workers.flatMap((worker) => worker.requests)).toHaveLength(1);
  });

  it.each([
    [401, 'UNAUTHENTICATED'],
    [404, 'FILE_NOT_FOUND'],
    [503, 'UNAVAILABLE'],
    [0, 'UNAVAILABLE'],
    [416, 'CORRUPT_FILE'],
    [null, 'CORRUPT_FILE'],
  ])('says what status %s means', async (status, code) => {
    const { workers, decode } = openPool(1);
    const failed = decode('f');
    workers[0]?.reply({ kind: 'failed', message: 'that was it', status });
    await expect(failed).rejects.toMatchObject({ code, context: { path: '/f' } });
    expect(workers[0]?.terminated).toBe(true);
  });

  it('passes on what the server says is wrong', async () => {
    const { decode, workers } = openPool(1);
    const failed = decode('f');
    const said = { code: 'CORRUPT_METADATA', message: 'The delete file is gone.' };
    workers[0]?.reply({ kind: 'failed', message: 'status 422', status: 422, said });
    await expect(failed).rejects.toMatchObject(said);
  });

  it.each([
    ['RuntimeError: unreachable', 'CORRUPT_FILE'],
    ['RangeError: Array buffer allocation failed', 'OUT_OF_MEMORY'],
  ])('survives a worker that breaks down: %s', async (message, code) => {
    const { workers, decode, working } = openPool(1);
    const first = decode('first');
    void decode('second');
    workers[0]?.dispatchEvent(Object.assign(new Event('error'), { message }));
    await expect(first).rejects.toMatchObject({ code });
    expect(working()).toEqual(['second']);
  });

  it('blames no file for a server that does not answer', async () => {
    const { workers, decode } = openPool(1);
    const unfetched = decode('f');
    workers[0]?.reply({ kind: 'failed', message: 'TypeError: Failed to fetch', status: 0 });
    const message = 'The server does not answer: the file /f can’t be fetched.';
    await expect(unfetched).rejects.toMatchObject({ code: 'UNAVAILABLE', message });
    // A worker whose script can't be fetched: the event has no words.
    const unread = decode('f');
    workers[1]?.dispatchEvent(new Event('error'));
    await expect(unread).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/^The server does not answer: /) as string,
    });
  });

  it('starts another in the place of one that did not load before there was work', () => {
    const { pool, workers, decode, working } = openPool(1);
    pool.warmUp();
    workers[0]?.dispatchEvent(new Event('error'));
    expect(workers).toHaveLength(1);
    void decode('first');
    expect([workers.length, workers[0]?.terminated, working()]).toEqual([2, true, ['first']]);
  });

  it('puts another in the place of a worker that ended without a word, and says so to who waits for it', async () => {
    const ends = new Map<string, () => void>();
    const request = async (name: string, granted: () => void) => void ends.set(name, granted);
    vi.stubGlobal('navigator', { locks: { request } });
    try {
      const { pool, workers, decode, working } = openPool(1);
      const first = decode('first');
      const second = decode('second');
      workers[0]?.reply({ kind: 'alive', life: 'a' });
      workers[0]?.reply(chunk(3));
      ends.get('a')?.();
      await expect(first).rejects.toMatchObject({ code: 'UNAVAILABLE', context: { path: '/first' } });
      expect([workers.length, working()]).toEqual([2, ['second']]);
      workers[1]?.reply({ kind: 'alive', life: 'b' });
      workers[1]?.reply(chunk(4));
      workers[1]?.reply({ kind: 'done' });
      expect(await second).toEqual([4]);
      // The one that was replaced, and those of a pool that is closed, are not missed.
      ends.get('a')?.();
      pool.close();
      ends.get('b')?.();
      expect(workers).toHaveLength(2);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
