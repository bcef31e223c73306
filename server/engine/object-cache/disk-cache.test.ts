import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fileIOContract } from '../../storage/file-io.contract.ts';
import type { ByteRange, FileIO } from '../../storage/file-io.ts';
import { createMemoryFileIO } from '../../storage/memory-file-io.ts';
import { cachedFileIO } from './cached-file-io.ts';
import { DiskCache, type DiskCacheOptions } from './disk-cache.ts';

const MIB = 1024 * 1024;
let top: string;
let next = 0;
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'disk-cache-'));
});
afterAll(() => rm(top, { recursive: true, force: true }));

async function openCache(options: Partial<DiskCacheOptions> = {}): Promise<DiskCache> {
  const directory = join(top, String(next++));
  return DiskCache.open({
    directory,
    maxBytes: 64 * MIB,
    origin: 'here',
    inUseMs: 0,
    reserveBytes: 0,
    ...options,
  });
}

/** Counts what is asked of a store in memory, and can hold its answers back. */
class Watched {
  readonly io: FileIO;
  readonly reads: (ByteRange | undefined)[] = [];
  gate: Promise<void> = Promise.resolve();
  shorten = 0;

  constructor() {
    const memory = createMemoryFileIO();
    this.io = {
      ...memory,
      read: async (location, range, signal) => {
        this.reads.push(range);
        await this.gate;
        const bytes = await memory.read(location, range, signal);
        return bytes.subarray(0, bytes.length - this.shorten);
      },
    };
  }

  async put(name: string, size: number): Promise<string> {
    const location = `${this.io.root}/${name}`;
    await this.io.putIfAbsent(location, contentOf(name, size));
    return location;
  }
}

function contentOf(name: string, size: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 4096) bytes.writeUInt8((at / 4096 + name.length) % 256, at);
  return new Uint8Array(bytes);
}

fileIOContract('objects in memory with a disk cache', async () =>
  cachedFileIO(createMemoryFileIO(), await openCache()),
);

describe('the disk cache', () => {
  let store: Watched;
  beforeEach(() => {
    store = new Watched();
  });

  it('fetches an object whole, in pieces, once for all who want it, and then never again', async () => {
    const cache = await openCache();
    const location = await store.put('t/data/large.parquet', 20 * MIB + 5);
    const paths = await Promise.all(Array.from({ length: 10 }, () => cache.fetch(store.io, location)));
    expect(new Set(paths).size).toBe(1);
    expect(
      Buffer.compare(await readFile(paths[0] ?? ''), contentOf('t/data/large.parquet', 20 * MIB + 5)),
    ).toBe(0);
    expect(store.reads).toHaveLength(3);
    expect(await cache.fetch(store.io, location)).toBe(paths[0]);
    expect(store.reads).toHaveLength(3);
  });

  it('keeps what it has in its bounds, the least recently used going first', async () => {
    const directory = join(top, 'bounds');
    const cache = await openCache({ directory, maxBytes: 3000 });
    const [a = '', b = '', c = '', d = ''] = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => store.put(name, 1000)),
    );
    for (const location of [a, b, c]) await cache.fetch(store.io, location);
    await cache.find(a);
    await cache.fetch(store.io, d);
    expect(
      await Promise.all([a, b, c, d].map(async (location) => (await cache.find(location)) !== null)),
    ).toEqual([true, false, true, true]);
    expect(await readdir(directory)).toHaveLength(3);
  });

  it('deletes nothing that has just been given out', async () => {
    const cache = await openCache({ maxBytes: 1500, inUseMs: 60_000 });
    const paths = [];
    for (const name of ['a', 'b', 'c']) paths.push(await cache.fetch(store.io, await store.put(name, 1000)));
    for (const path of paths) expect((await stat(path)).size).toBe(1000);
  });

  it('finds its files again after a restart, in the order of their use, and sweeps what is not whole', async () => {
    const directory = join(top, 'restart');
    const names = ['a', 'b', 'c'];
    const locations = await Promise.all(names.map((name) => store.put(name, 1000)));
    const before = await openCache({ directory });
    for (const [at, location] of locations.entries()) {
      const path = await before.fetch(store.io, location);
      const used = new Date(Date.now() - (at === 0 ? 0 : 1000 + at) * 1000);
      await utimes(path, used, used);
    }
    const damaged = await before.fetch(store.io, await store.put('damaged', 1000));
    await truncate(damaged, 999);
    await writeFile(join(directory, '0f.unfinished'), 'half');
    await mkdir(join(directory, 'folder'));
    store.reads.length = 0;

    const after = await openCache({ directory, maxBytes: 2000 });
    const found = await Promise.all(locations.map(async (location) => (await after.find(location)) !== null));
    expect(found).toEqual([true, true, false]);
    expect(await readdir(directory)).toHaveLength(2);
    expect(store.reads).toEqual([]);
    // The same names in another store are other objects.
    const other = await openCache({ directory, origin: 'elsewhere' });
    expect(await other.find(locations[0] ?? '')).toBeNull();
  });

  it('gives out no file that became shorter or went away', async () => {
    const cache = await openCache();
    const location = await store.put('a', 1000);
    await truncate(await cache.fetch(store.io, location), 10);
    expect((await stat(await cache.fetch(store.io, location))).size).toBe(1000);
    await rm(await cache.fetch(store.io, location));
    expect((await stat(await cache.fetch(store.io, location))).size).toBe(1000);
  });

  it('keeps nothing of what was not fetched whole', async () => {
    const directory = join(top, 'broken');
    const cache = await openCache({ directory });
    const location = await store.put('a', 17 * MIB);
    store.shorten = 1;
    await expect(cache.fetch(store.io, location)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      context: { location },
    });
    expect(await readdir(directory)).toEqual([]);
    store.shorten = 0;
    expect((await stat(await cache.fetch(store.io, location))).size).toBe(17 * MIB);
    await expect(cache.fetch(store.io, `${store.io.root}/none`)).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });

  it('stops fetching when nobody waits any more, and goes on while somebody does', async () => {
    const directory = join(top, 'stopped');
    const cache = await openCache({ directory });
    const location = await store.put('a', 40 * MIB);
    let open: () => void = () => undefined;
    store.gate = new Promise((resolve) => (open = resolve));
    const [first, second] = [new AbortController(), new AbortController()];
    const one = cache.fetch(store.io, location, first.signal);
    const two = cache.fetch(store.io, location, second.signal);
    const failed = expect(one).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => store.reads.length).toBeGreaterThan(0);
    first.abort();
    await failed;
    open();
    expect((await stat(await two)).size).toBe(40 * MIB);
    await cache.forget(location);

    store.gate = new Promise((resolve) => (open = resolve));
    const again = new AbortController();
    const three = expect(cache.fetch(store.io, location, again.signal)).rejects.toMatchObject({
      name: 'AbortError',
    });
    again.abort();
    await three;
    open();
    await expect.poll(() => readdir(directory)).toEqual([]);
  });

  it('says that the disk is too full, and asks for nothing then', async () => {
    const cache = await openCache({ reserveBytes: Number.MAX_SAFE_INTEGER });
    const location = await store.put('a', 1000);
    await expect(cache.fetch(store.io, location)).rejects.toMatchObject({
      code: 'STORAGE_FULL',
      context: { location },
    });
    expect(store.reads).toEqual([]);
  });

  it('has names that no engine takes for patterns', async () => {
    const cache = await openCache();
    const path = await cache.fetch(store.io, await store.put(`d=[1]/{a*}'é${'x'.repeat(200)}.parquet`, 10));
    expect(path).toMatch(/^[\w./=-]+x\.parquet$/);
  });
});

describe('a FileIO with a disk cache', () => {
  it('reads here what is here, and asks for the range alone of what is not', async () => {
    const store = new Watched();
    const io = cachedFileIO(store.io, await openCache());
    const location = await store.put('a', 10_000);
    await io.read(location, { start: 100, end: 200 });
    expect(store.reads).toEqual([{ start: 100, end: 200 }]);
    const path = await io.fetch?.(location);
    store.reads.length = 0;
    const content = contentOf('a', 10_000);
    expect(await io.read(location, { suffix: 100 })).toEqual(content.slice(-100));
    expect(await io.read(location, { start: 9_000, end: 20_000 })).toEqual(content.slice(9_000));
    expect(store.reads).toEqual([]);
    await truncate(path ?? '', 5);
    expect(await io.read(location)).toEqual(content);
  });

  it('has what it wrote without fetching it, unless the name was taken, and forgets what it deletes', async () => {
    const store = new Watched();
    const cache = await openCache();
    const io = cachedFileIO(store.io, cache);
    const local = join(top, 'written');
    await writeFile(local, 'rows');
    await io.adopt(local, `${io.root}/t/1`);
    expect(await readFile((await io.fetch?.(`${io.root}/t/1`)) ?? '', 'utf8')).toBe('rows');
    expect(store.reads).toEqual([]);
    await writeFile(local, 'other');
    await expect(io.adopt(local, `${io.root}/t/1`)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    expect(await io.read(`${io.root}/t/1`)).toEqual(new Uint8Array(Buffer.from('rows')));
    await io.delete(`${io.root}/t/1`);
    await expect(io.read(`${io.root}/t/1`)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(io.fetch?.(`${io.root}/../x`)).rejects.toMatchObject({ code: 'PATH_OUTSIDE_ROOT' });
  });
});
