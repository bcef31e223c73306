import fc from 'fast-check';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileIO, FileStat } from './file-io.ts';
import { compareLocations } from './location.ts';

const text = (value: string) => new TextEncoder().encode(value);

async function listed(io: FileIO, prefix: string): Promise<string[]> {
  const found: FileStat[] = [];
  for await (const entry of io.list(prefix)) found.push(entry);
  return found.map((entry) => entry.location.slice(io.root.length + 1));
}

/** What every FileIO has to do. `open` gives an empty one each time. */
export function fileIOContract(name: string, open: () => Promise<FileIO>): void {
  describe(`FileIO contract: ${name}`, () => {
    let scratch: string;
    beforeAll(async () => {
      scratch = await mkdtemp(join(tmpdir(), 'file-io-'));
    });
    afterAll(() => rm(scratch, { recursive: true, force: true }));

    it('gives back what was put, and its size', async () => {
      const io = await open();
      const location = `${io.root}/bronze/flights/data/0001.parquet`;
      expect(await io.exists(location)).toBe(false);
      await io.putIfAbsent(location, text('hello'));
      expect(await io.read(location)).toEqual(text('hello'));
      expect(await io.exists(location)).toBe(true);
      const info = await io.stat(location);
      expect(info).toMatchObject({ location, size: 5 });
      expect(info.modifiedAt).toBeInstanceOf(Date);
    });

    it('keeps empty objects', async () => {
      const io = await open();
      await io.putIfAbsent(`${io.root}/empty`, new Uint8Array());
      expect(await io.read(`${io.root}/empty`)).toEqual(new Uint8Array());
      expect(await io.read(`${io.root}/empty`, { suffix: 4 })).toEqual(new Uint8Array());
    });

    it('is not changed by what callers do to their bytes afterwards', async () => {
      const io = await open();
      const bytes = text('before');
      await io.putIfAbsent(`${io.root}/a`, bytes);
      bytes.fill(0);
      (await io.read(`${io.root}/a`)).fill(0);
      expect(await io.read(`${io.root}/a`)).toEqual(text('before'));
    });

    it('says which file is missing', async () => {
      const io = await open();
      const location = `${io.root}/no/such`;
      for (const attempt of [() => io.read(location), () => io.stat(location)]) {
        await expect(attempt()).rejects.toMatchObject({ code: 'FILE_NOT_FOUND', context: { location } });
      }
      await io.putIfAbsent(`${location}/file`, text('x'));
      await expect(io.read(location)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
      expect(await io.exists(location)).toBe(false);
    });

    it('gives byte ranges, cut off at the end', async () => {
      const io = await open();
      const location = `${io.root}/ranges`;
      await io.putIfAbsent(location, text('0123456789'));
      const read = async (range: Parameters<FileIO['read']>[1]) =>
        new TextDecoder().decode(await io.read(location, range));
      expect(await read({ start: 2, end: 5 })).toBe('234');
      expect(await read({ start: 8, end: 99 })).toBe('89');
      expect(await read({ start: 10, end: 12 })).toBe('');
      expect(await read({ start: 50, end: 60 })).toBe('');
      expect(await read({ start: 3, end: 3 })).toBe('');
      expect(await read({ suffix: 3 })).toBe('789');
      expect(await read({ suffix: 30 })).toBe('0123456789');
      expect(await read({ suffix: 0 })).toBe('');
      for (const range of [
        { start: 5, end: 2 },
        { start: -1, end: 2 },
        { suffix: -1 },
        { start: 0.5, end: 2 },
      ]) {
        await expect(io.read(location, range)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      }
    });

    it('never overwrites', async () => {
      const io = await open();
      const location = `${io.root}/once`;
      await io.putIfAbsent(location, text('first'));
      await expect(io.putIfAbsent(location, text('second'))).rejects.toMatchObject({
        code: 'ALREADY_EXISTS',
        context: { location },
      });
      expect(await io.read(location)).toEqual(text('first'));
      await io.delete(location);
      await io.putIfAbsent(location, text('third'));
      expect(await io.read(location)).toEqual(text('third'));
    });

    it('lets exactly one of 32 concurrent writers win, and readers see only whole content', async () => {
      const io = await open();
      const location = `${io.root}/race/metadata.json`;
      const size = 256 * 1024;
      const race = { on: true };
      const reader = (async () => {
        const seen = new Set<string>();
        while (race.on) {
          const bytes = await io.read(location).catch(() => null);
          if (bytes === null) continue;
          const [first = 0] = bytes;
          const pure = Buffer.from(bytes).equals(Buffer.alloc(bytes.length, first));
          seen.add(`${bytes.length} bytes of ${pure ? first : 'several writers'}`);
          await new Promise(setImmediate);
        }
        return seen;
      })();
      const writers = await Promise.allSettled(
        Array.from({ length: 32 }, (_, writer) =>
          io.putIfAbsent(location, new Uint8Array(size).fill(writer + 1)),
        ),
      );
      race.on = false;
      const winners = writers.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
      expect(winners).toHaveLength(1);
      for (const outcome of writers) {
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'ALREADY_EXISTS' });
      }
      const whole = `${size} bytes of ${(winners[0] ?? 0) + 1}`;
      expect([...(await reader)].filter((seen) => seen !== whole)).toEqual([]);
      expect(await io.read(location)).toEqual(new Uint8Array(size).fill((winners[0] ?? 0) + 1));
      expect(await listed(io, io.root)).toEqual(['race/metadata.json']);
    });

    it('adopts a local file, which is gone then, and does not where the name is taken', async () => {
      const io = await open();
      const local = join(scratch, `${Math.random()}.parquet`);
      await writeFile(local, 'rows');
      await io.adopt(local, `${io.root}/t/data/1.parquet`);
      expect(await io.read(`${io.root}/t/data/1.parquet`)).toEqual(text('rows'));
      await expect(stat(local)).rejects.toMatchObject({ code: 'ENOENT' });

      await writeFile(local, 'other rows');
      await expect(io.adopt(local, `${io.root}/t/data/1.parquet`)).rejects.toMatchObject({
        code: 'ALREADY_EXISTS',
      });
      expect(await io.read(`${io.root}/t/data/1.parquet`)).toEqual(text('rows'));
      expect((await stat(local)).size).toBe(10);
      await expect(io.adopt(join(scratch, 'absent'), `${io.root}/x`)).rejects.toMatchObject({
        code: 'FILE_NOT_FOUND',
      });
    });

    it('deletes, and does not mind what is absent', async () => {
      const io = await open();
      await io.putIfAbsent(`${io.root}/a/b`, text('x'));
      await io.delete(`${io.root}/a/b`);
      await io.delete(`${io.root}/a/b`);
      await io.delete(`${io.root}/never/was`);
      await io.delete(`${io.root}/a`);
      expect(await io.exists(`${io.root}/a/b`)).toBe(false);
      expect(await listed(io, io.root)).toEqual([]);
    });

    it('lists what is below a prefix, which ends at a path segment, in order', async () => {
      const io = await open();
      const names = ['a/1', 'a/2/x', 'a-b', 'a.c', 'a0/1', 'ab/1', 'a/é', 'a/\u{1F600}', 'a/\uFF5E', 'b'];
      for (const name of names) await io.putIfAbsent(`${io.root}/${name}`, text(name));
      expect(await listed(io, `${io.root}/a`)).toEqual(['a/1', 'a/2/x', 'a/é', 'a/\uFF5E', 'a/\u{1F600}']);
      expect(await listed(io, `${io.root}/a/`)).toEqual(await listed(io, `${io.root}/a`));
      expect(await listed(io, `${io.root}/a/2/x`)).toEqual([]);
      expect(await listed(io, `${io.root}/nothing`)).toEqual([]);
      expect(await listed(io, io.root)).toEqual([
        'a-b',
        'a.c',
        'a/1',
        'a/2/x',
        'a/é',
        'a/\uFF5E',
        'a/\u{1F600}',
        'a0/1',
        'ab/1',
        'b',
      ]);
    });

    it('lists any set of names in the order of their bytes', async () => {
      const segment = fc
        .stringMatching(/^[a-c.\-0é\u{1F600}\uFF5E]{1,4}$/u)
        .filter((s) => !/^\.{1,2}$/.test(s));
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(
            fc.tuple(
              segment.filter((s) => !s.startsWith('.')),
              segment,
            ),
            { maxLength: 12 },
          ),
          async (pairs) => {
            const io = await open();
            const names = [...new Set(pairs.map(([folder, file]) => `${folder}/${file}`))];
            for (const name of names) await io.putIfAbsent(`${io.root}/${name}`, text('x'));
            const bytewise = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
            expect(await listed(io, io.root)).toEqual(bytewise);
            expect([...names].sort(compareLocations)).toEqual(bytewise);
          },
        ),
        { numRuns: 15 },
      );
    });

    it('touches nothing outside its root, however the location is written', async () => {
      const io = await open();
      const hostile = [
        io.root,
        `${io.root}/`,
        `${io.root}/../secret`,
        `${io.root}/a/../../secret`,
        `${io.root}/a/..`,
        `${io.root}/./a`,
        `${io.root}//a`,
        `${io.root}/a/`,
        `${io.root}/%2e%2e/secret`,
        `${io.root}/a/%2E./%2e%2E/secret`,
        `${io.root}/a\\..\\..\\secret`,
        `${io.root}/a\0b`,
        `${io.root}/.tmp/a`,
        `${io.root}/.staging/a`,
        `${io.root}-other/a`,
        '/etc/passwd',
        'file:///etc/passwd',
        's3://elsewhere/a',
        'relative',
        '',
      ];
      for (const location of hostile) {
        const outcomes = await Promise.allSettled([
          io.read(location),
          io.stat(location),
          io.exists(location),
          io.putIfAbsent(location, text('x')),
          io.adopt(join(scratch, 'none'), location),
          io.delete(location),
          (async () => io.localPath(location))(),
        ]);
        for (const outcome of outcomes) {
          expect(outcome, location).toMatchObject({
            status: 'rejected',
            reason: { code: 'PATH_OUTSIDE_ROOT' },
          });
        }
      }
      await expect(listed(io, `${io.root}/..`)).rejects.toMatchObject({ code: 'PATH_OUTSIDE_ROOT' });
      await expect(listed(io, `${io.root}-other`)).rejects.toMatchObject({ code: 'PATH_OUTSIDE_ROOT' });
    });

    it('takes percent signs, spaces and other letters as they stand', async () => {
      const io = await open();
      const names = ['day=2020-01-01T00%3A00/1', 'a b', 'a%20b', 'a+b', 'größe/日本', "it's"];
      for (const name of names) await io.putIfAbsent(`${io.root}/${name}`, text(name));
      for (const name of names) expect(await io.read(`${io.root}/${name}`)).toEqual(text(name));
      expect((await listed(io, io.root)).sort()).toEqual([...names].sort());
      for (const name of ['a?b', 'a#b/c']) {
        await expect(io.putIfAbsent(`${io.root}/${name}`, text('x'))).rejects.toMatchObject({
          code: 'INVALID_INPUT',
        });
      }
    });

    it('stops reading when it is told to', async () => {
      const io = await open();
      await io.putIfAbsent(`${io.root}/a`, text('x'));
      await expect(io.read(`${io.root}/a`, undefined, AbortSignal.abort())).rejects.toMatchObject({
        name: 'AbortError',
      });
    });
  });
}
