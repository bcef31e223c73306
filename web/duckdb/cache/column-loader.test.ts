// @vitest-environment node
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppError, isAbortError } from '#shared/errors/app-error.ts';
import type { Engine } from '../engine/engine.ts';
import type { DecodePool, DecodePriority, DecodeSink } from '../parquet/decode-pool.ts';
import type { DecodeRequest } from '../parquet/decode-protocol.ts';
import { openNodeEngine, type NodeEngine } from '../testing/node-engine.ts';
import { ColumnCache } from './column-cache.ts';
import { ColumnLoader, type LoadProgress } from './column-loader.ts';
import type { FileNeed } from './needs.ts';

/** A decode that the test drives. */
interface Job {
  readonly request: DecodeRequest;
  readonly sink: DecodeSink;
  readonly signal: AbortSignal;
  readonly priority: () => DecodePriority;
  /** @param lacking columns that the file turns out not to have */
  finish(rows: number, lacking?: readonly number[]): void;
  fail(error: unknown): void;
}

const ROWS = 4;
const need = (url: string, fields: readonly number[], bytes = 100): FileNeed => ({
  file: url,
  url,
  bytes: 1000,
  rows: ROWS,
  nameMapping: null,
  columns: new Map(
    fields.map((field) => [field, { name: `n${field}`, sqlType: 'BIGINT', type: 'long', bytes }]),
  ),
});

describe('ColumnLoader', () => {
  let engine: NodeEngine;
  let jobs: Job[] = [];

  beforeAll(async () => {
    engine = await openNodeEngine();
  });
  afterEach(() => {
    for (const table of tables()) engine.run(`DROP TABLE cache.main.${table}`);
  });

  const tables = () =>
    engine
      .rows("SELECT table_name AS t FROM duckdb_tables() WHERE database_name = 'cache'")
      .map((row) => String(row['t']));

  async function open(budget = 1_000_000) {
    jobs = [];
    const pool: Pick<DecodePool, 'decode' | 'size'> = {
      size: 1,
      decode: (request, sink, signal, priority) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
          const finish = (rows: number, lacking: readonly number[] = []) => {
            // In the file's order, which is not the order asked for.
            const ids = request.columns.map(({ id }) => id).sort((a, b) => b - a);
            const columns = ids.filter((id) => !lacking.includes(id));
            const type = { kind: 'leaf', sqlType: 'BIGINT' } as const;
            sink.opened({
              columns: columns.map((id) => ({ id, field: { id, name: `in file ${id}`, type } })),
              rows,
              groups: [rows],
            });
            if (columns.length === 0) return resolve();
            const values = columns.map(
              (id) =>
                [`c${id}`, BigInt64Array.from({ length: rows }, (_, at) => BigInt(id * 100 + at))] as const,
            );
            sink.chunk(tableToIPC(tableFromArrays(Object.fromEntries(values)), 'stream').slice(), rows);
            resolve();
          };
          jobs.push({ request, sink, signal, priority, finish, fail: reject });
        }),
    };
    const connection = {
      run: async (sql: string) => engine.run(sql),
      rows: async (sql: string) => engine.rows(sql),
      insert: async (table: string, ipc: Uint8Array) => engine.insert(table, ipc),
    };
    const cache = new ColumnCache(budget);
    const loader = await ColumnLoader.open(
      { connect: async () => connection } as unknown as Engine,
      pool as DecodePool,
      cache,
      'http://host/',
      () => undefined,
    );
    const acquire = (needs: readonly FileNeed[], priority: DecodePriority = 0) => {
      const stop = new AbortController();
      const progress: LoadProgress[] = [];
      const pin = loader.acquire(needs, {
        signal: stop.signal,
        priority,
        onProgress: (each) => progress.push(each),
      });
      pin.catch(() => undefined);
      return { pin, stop, progress };
    };
    return { cache, loader, acquire };
  }

  const started = async (count: number) => {
    await vi.waitFor(() => expect(jobs).toHaveLength(count));
    return jobs;
  };

  it('puts each column where it belongs, whatever the file’s order', async () => {
    const { cache, acquire } = await open();
    const { pin, progress } = acquire([need('/f', [1, 2, 3])]);
    const [job] = await started(1);
    expect(job?.request.url).toBe('http://host/f');
    job?.finish(ROWS);
    await pin;
    const segment = cache.find('/f', 2);
    expect(engine.rows(`SELECT c1, c2, c3 FROM cache.main.${segment?.table} LIMIT 2`)).toEqual([
      { c1: 100n, c2: 200n, c3: 300n },
      { c1: 101n, c2: 201n, c3: 301n },
    ]);
    expect(progress[0]).toEqual({ files: { done: 0, total: 1 }, bytes: { done: 0, total: 300 } });
    expect(progress.at(-1)).toEqual({ files: { done: 1, total: 1 }, bytes: { done: 300, total: 300 } });
  });

  it('loads a column once for all who need it, and only what is missing', async () => {
    const { acquire } = await open();
    const first = acquire([need('/f', [1, 2])]);
    await started(1);
    const second = acquire([need('/f', [2, 3])]);
    const [one, two] = await started(2);
    expect(two?.request.columns).toEqual([{ id: 3, type: 'long' }]);
    one?.finish(ROWS);
    two?.finish(ROWS);
    const pins = await Promise.all([first.pin, second.pin]);
    expect(pins.map(({ segments }) => new Set(segments).size)).toEqual([1, 2]);
    const third = acquire([need('/f', [1, 2, 3])]);
    await third.pin;
    expect(jobs).toHaveLength(2);
    expect(third.progress).toEqual([{ files: { done: 0, total: 0 }, bytes: { done: 0, total: 0 } }]);
  });

  it('gets more urgent when a run joins what was warming up', async () => {
    const { acquire } = await open();
    acquire([need('/f', [1])], 1);
    const [job] = await started(1);
    expect(job?.priority()).toBe(1);
    const run = acquire([need('/f', [1])], 0);
    await vi.waitFor(() => expect(job?.priority()).toBe(0));
    run.stop.abort();
    await expect(run.pin).rejects.toSatisfy(isAbortError);
    expect(job?.priority()).toBe(1);
    expect(job?.signal.aborted).toBe(false);
  });

  it('ends a load when the last who waits has left, and leaves nothing behind', async () => {
    const { cache, acquire } = await open();
    const first = acquire([need('/f', [1])]);
    const second = acquire([need('/f', [1])]);
    const [job] = await started(1);
    first.stop.abort();
    await expect(first.pin).rejects.toSatisfy(isAbortError);
    expect(job?.signal.aborted).toBe(false);
    second.stop.abort();
    await expect(second.pin).rejects.toSatisfy(isAbortError);
    expect(job?.signal.aborted).toBe(true);
    expect([cache.columns, cache.bytes]).toEqual([0, 0]);
    // The next one starts anew and does not join what was given up.
    const third = acquire([need('/f', [1])]);
    (await started(2))[1]?.finish(ROWS);
    await third.pin;
    expect(cache.columns).toBe(1);
    expect(tables()).toHaveLength(1);
  });

  it('lets go of everything when one file fails, and says why', async () => {
    const { cache, acquire } = await open(0);
    const { pin } = acquire([need('/good', [1]), need('/bad', [1])]);
    const [good, bad] = await started(2);
    good?.finish(ROWS);
    await vi.waitFor(() => expect(cache.columns).toBe(1));
    bad?.fail(new AppError('CORRUPT_FILE', 'no Parquet'));
    await expect(pin).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    // Not pinned any more.
    expect(cache.evict(0)).toHaveLength(1);
  });

  it('refuses a file that has other rows than the table says', async () => {
    const { cache, acquire } = await open();
    const { pin } = acquire([need('/f', [1])]);
    (await started(1))[0]?.finish(ROWS - 1);
    await expect(pin).rejects.toMatchObject({ code: 'CORRUPT_FILE', context: { path: '/f' } });
    expect(cache.columns).toBe(0);
    expect(tables()).toEqual([]);
  });

  it('refuses a file whose values do not fit the table', async () => {
    const { acquire } = await open();
    const narrow: FileNeed = {
      ...need('/f', [9]),
      columns: new Map([[9, { name: 'n9', sqlType: 'TINYINT', type: 'long', bytes: 1 }]]),
    };
    const { pin } = acquire([narrow]);
    (await started(1))[0]?.finish(ROWS);
    await expect(pin).rejects.toMatchObject({ code: 'CORRUPT_FILE', context: { path: '/f' } });
    expect(tables()).toEqual([]);
  });

  it('refuses a file whose columns are of other types than the table’s', async () => {
    const { acquire } = await open();
    const text: FileNeed = {
      ...need('/f', [9]),
      columns: new Map([[9, { name: 'n9', sqlType: 'VARCHAR', type: 'string', bytes: 1 }]]),
    };
    const { pin } = acquire([text]);
    (await started(1))[0]?.finish(ROWS);
    await expect(pin).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      message: expect.stringContaining('"in file 9" is BIGINT where n9 is string') as string,
    });
    expect(tables()).toEqual([]);
  });

  it('remembers which columns a file turned out not to have', async () => {
    const { cache, acquire } = await open();
    const { pin } = acquire([need('/f', [1, 2]), need('/g', [1])]);
    for (const [index, job] of (await started(2)).entries()) job.finish(ROWS, index === 0 ? [2] : [1]);
    const pinned = await pin;
    expect(cache.find('/f', 1)?.columns.get(1)).toMatchObject({ sqlType: 'BIGINT' });
    expect(cache.find('/f', 2)?.columns.get(2)).toBeNull();
    expect(cache.find('/g', 1)?.columns.get(1)).toBeNull();
    expect(tables()).toHaveLength(1);
    pinned.release();
  });

  it('makes room for what comes, but never of what a run holds', async () => {
    const { cache, acquire } = await open(450);
    const load = async (url: string) => {
      const { pin } = acquire([need(url, [1])]);
      (await started(jobs.length + 1)).at(-1)?.finish(ROWS);
      return pin;
    };
    const held = await load('/held');
    const idle = await load('/idle');
    idle.release();
    for (const table of ['s1', 's2']) cache.resize(table, 200);
    (await load('/new')).release();
    expect(cache.find('/held', 1)).toBeDefined();
    expect(cache.find('/idle', 1)).toBeUndefined();
    expect(tables().sort()).toEqual(['s1', 's3']);
    held.release();
  });

  it('measures what compressed columns take once nothing runs', async () => {
    const { cache, loader, acquire } = await open();
    const endRun = loader.beginRun();
    const { pin } = acquire([need('/f', [1])]);
    (await started(1))[0]?.finish(ROWS);
    (await pin).release();
    const estimate = cache.bytes;
    endRun();
    await vi.waitFor(() => expect(cache.bytes).not.toBe(estimate));
    loader.stop();
  });

  it('clears what no run holds, and the rest when it is released', async () => {
    const { cache, loader, acquire } = await open();
    const { pin } = acquire([need('/f', [1])]);
    (await started(1))[0]?.finish(ROWS);
    const held = await pin;
    await loader.clear();
    expect(tables()).toHaveLength(1);
    expect(cache.find('/f', 1)).toBeUndefined();
    held.release();
    await vi.waitFor(() => expect(tables()).toEqual([]));
  });
});
