import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import type { FileIO } from '../../storage/file-io.ts';
import { createMemoryFileIO } from '../../storage/memory-file-io.ts';
import { readPuffinBlob, readPuffinFooter } from './read-puffin.ts';
import { writePuffin, type NewPuffinBlob } from './write-puffin.ts';

const location = 'memory://warehouse/t/metadata/stats.puffin';

async function holding(bytes: Uint8Array): Promise<FileIO> {
  const io = createMemoryFileIO();
  await io.putIfAbsent(location, bytes);
  return io;
}

const golden = (name: string) =>
  new Uint8Array(readFileSync(join(import.meta.dirname, '..', 'testdata', 'puffin', `${name}.bin`)));

const blob: fc.Arbitrary<NewPuffinBlob> = fc.record({
  type: fc.string(),
  fields: fc.array(fc.nat(), { maxLength: 3 }),
  snapshotId: fc.bigInt({ min: -1n, max: 2n ** 62n }),
  sequenceNumber: fc.bigInt({ min: -1n, max: 2n ** 62n }),
  properties: fc.dictionary(fc.string(), fc.string(), { maxKeys: 3, noNullPrototype: true }),
  bytes: fc.uint8Array({ maxLength: 300 }),
});

describe('Puffin files', () => {
  it('of Java are read', async () => {
    const io = await holding(golden('sample-metric-data-uncompressed'));
    const footer = await readPuffinFooter(io, location);
    expect(footer).toEqual({
      properties: { 'created-by': 'Test 1234' },
      blobs: [
        {
          type: 'some-blob',
          fields: [1],
          snapshotId: 2n,
          sequenceNumber: 1n,
          offset: 4,
          length: 9,
          properties: {},
        },
        {
          type: 'some-other-blob',
          fields: [2],
          snapshotId: 2n,
          sequenceNumber: 1n,
          offset: 13,
          length: 83,
          properties: {},
        },
      ],
    });
    const texts = await Promise.all(
      footer.blobs.map(async (each) =>
        Buffer.from(await readPuffinBlob(io, location, each)).toString('utf8'),
      ),
    );
    expect(texts[0]).toBe('abcdefghi');
    expect(texts[1]).toContain('some blob \0 binary data 🤯');
    const empty = await holding(golden('empty-puffin-uncompressed'));
    expect(await readPuffinFooter(empty, location)).toEqual({ blobs: [], properties: {} });
  });

  it('have blobs in zstd, too', async () => {
    const io = await holding(golden('sample-metric-data-compressed-zstd'));
    const { blobs } = await readPuffinFooter(io, location);
    const texts = await Promise.all(
      blobs.map(async (each) => Buffer.from(await readPuffinBlob(io, location, each)).toString('utf8')),
    );
    expect(texts).toEqual(['abcdefghi', expect.stringContaining('some blob \0 binary data 🤯')]);
  });

  it('read back as they were written, footers longer than the first request too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(blob, { maxLength: 4 }), fc.boolean(), async (blobs, long) => {
        const properties = long ? { note: 'x'.repeat(100_000) } : {};
        const written = writePuffin({ blobs, properties });
        const io = await holding(written.bytes);
        const footer = await readPuffinFooter(io, location);
        expect(footer).toEqual({ blobs: written.blobs, properties });
        for (const [index, each] of footer.blobs.entries())
          expect(await readPuffinBlob(io, location, each)).toEqual(blobs[index]?.bytes);
      }),
      { numRuns: 100 },
    );
  });

  it('cut short or changed anywhere are read or refused, never anything else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(blob, { maxLength: 2 }),
        fc.nat(),
        fc.nat(255),
        fc.nat(),
        async (blobs, where, byte, cut) => {
          const { bytes } = writePuffin({ blobs, properties: {} });
          bytes[where % bytes.length] = byte;
          const io = await holding(cut % 3 === 0 ? bytes.subarray(cut % bytes.length) : bytes);
          try {
            for (const each of (await readPuffinFooter(io, location)).blobs)
              await readPuffinBlob(io, location, each);
          } catch (error) {
            if (!isAppError(error, 'CORRUPT_FILE') && !isAppError(error, 'UNSUPPORTED')) throw error;
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('whose footers are compressed, or longer than they can be, are refused', async () => {
    const withTail = (payload: number, flags: number) => {
      const { bytes } = writePuffin({ blobs: [], properties: {} });
      const view = new DataView(bytes.buffer);
      view.setInt32(bytes.length - 12, payload, true);
      view.setUint32(bytes.length - 8, flags, true);
      return holding(bytes);
    };
    await expect(readPuffinFooter(await withTail(10, 1), location)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    });
    await expect(readPuffinFooter(await withTail(10, 2), location)).rejects.toThrow(/flags are 0x2/);
    await expect(readPuffinFooter(await withTail(2 ** 31 - 1, 0), location)).rejects.toThrow(
      /2147483647 bytes/,
    );
    await expect(readPuffinFooter(await withTail(500, 0), location)).rejects.toThrow(/footer has 516 bytes/);
  });
});
