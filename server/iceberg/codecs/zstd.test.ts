import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decompressInScript, decompressZstd, decompressZstdAside } from './zstd.ts';
import { zstdFrames } from './zstd-frames.ts';
import { xxHash64 } from './xx-hash-64.ts';

const LIMIT = 2 ** 26;
let folder: string;
let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-zstd-'));
  instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  connection = await instance.connect();
});
afterAll(async () => {
  connection.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true });
});

/** What a query gives as text, and the same compressed by DuckDB's zstd. */
async function compressed(query: string): Promise<{ plain: Uint8Array; zstd: Uint8Array }> {
  const path = join(folder, 'text.csv');
  await connection.run(`COPY (${query}) TO '${path}' (FORMAT csv, COMPRESSION none)`);
  await connection.run(`COPY (${query}) TO '${path}.zst' (FORMAT csv, COMPRESSION zstd)`);
  return { plain: await readFile(path), zstd: await readFile(`${path}.zst`) };
}

const QUERIES = [
  'SELECT 1 AS a WHERE false',
  "SELECT 'x' AS a",
  'SELECT range AS n, hash(range) AS h FROM range(50000)',
  "SELECT repeat('abc', 1000000) AS a",
  "SELECT md5(range::VARCHAR) || repeat('ü', (range % 40)::INTEGER) AS a FROM range(20000)",
];

describe('zstd', () => {
  it.each(QUERIES)('decompresses what another library compressed: %s', async (query) => {
    const { plain, zstd } = await compressed(query);
    const inScript = decompressInScript(zstd, zstdFrames(zstd, LIMIT));
    expect(Buffer.compare(inScript, plain)).toBe(0);
    expect(Buffer.compare(decompressZstd(zstd, LIMIT), plain)).toBe(0);
    expect(Buffer.compare(await decompressZstdAside(zstd, LIMIT), plain)).toBe(0);
  });

  it('puts frames together and leaves out what is to be skipped', async () => {
    const { plain, zstd } = await compressed(QUERIES[2] as string);
    const skipped = Uint8Array.of(0x57, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);
    const all = new Uint8Array(Buffer.concat([skipped, zstd, skipped, zstd]));
    expect(
      Buffer.compare(decompressInScript(all, zstdFrames(all, LIMIT)), Buffer.concat([plain, plain])),
    ).toBe(0);
  });

  it('is refused before it takes memory where it has more than it may', async () => {
    const { plain, zstd } = await compressed(QUERIES[3] as string);
    expect(zstd.length).toBeLessThan(plain.length / 100);
    expect(() => zstdFrames(zstd, plain.length / 2)).toThrow(/more bytes when decompressed/);
    // Blocks of one byte repeated, 128 kB each, with neither size nor end.
    const head = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58];
    const bomb = Uint8Array.from([
      ...head,
      ...Array.from({ length: 4000 }, () => [0x02, 0x00, 0x10, 0x41]).flat(),
    ]);
    expect(() => decompressZstd(bomb, LIMIT)).toThrow(/more bytes when decompressed/);
    const window = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 0x01, 0, 0);
    expect(() => decompressZstd(window, LIMIT)).toThrow(/window/);
    const said = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0);
    expect(() => decompressZstd(said, LIMIT)).toThrow(/more bytes/);
  });

  it('is refused where it is cut short, and fails as damaged wherever a byte is another', async () => {
    const { zstd } = await compressed(QUERIES[4] as string);
    for (const length of [0, 3, 5, 9, 100, zstd.length - 1])
      expect(() => decompressZstd(zstd.subarray(0, length), LIMIT)).toThrow(/damaged/);
    fc.assert(
      fc.property(fc.nat(zstd.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const broken = Uint8Array.from(zstd);
        broken[at] = (broken[at] as number) ^ flip;
        try {
          decompressInScript(broken, zstdFrames(broken, LIMIT));
        } catch (error) {
          expect(error).toMatchObject({ code: 'CORRUPT_FILE' });
        }
      }),
      { numRuns: 100 },
    );
  });

  it('finds a checksum that does not fit', () => {
    // One raw block 'abc' with its checksum.
    const hash = Number(xxHash64(Buffer.from('abc')) & 0xffff_ffffn);
    const tail = new Uint8Array(Uint32Array.of(hash).buffer);
    const frame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x24, 3, 0x19, 0, 0, 0x61, 0x62, 0x63, ...tail);
    expect(Buffer.from(decompressZstd(frame, 10)).toString()).toBe('abc');
    frame[10] = 0x78;
    expect(() => decompressInScript(frame, zstdFrames(frame, 10))).toThrow(/checksum/);
  });

  it.each([
    ['', 0xef46db3751d8e999n],
    ['abc', 0x44bc2cf5ad770999n],
    ['Nobody inspects the spammish repetition', 0xfbcea83c8a378bf1n],
  ])('hashes %j as XXH64 does', (text, hash) => {
    expect(xxHash64(Buffer.from(text))).toBe(hash);
  });
});
