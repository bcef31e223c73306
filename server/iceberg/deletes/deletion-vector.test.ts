import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import { createMemoryFileIO } from '../../storage/memory-file-io.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { readPuffinFooter } from '../puffin/read-puffin.ts';
import { writePuffin } from '../puffin/write-puffin.ts';
import { deletionVectorBlob, encodeDeletionVector, readDeletionVector } from './deletion-vector.ts';
import { PositionSet } from './position-set.ts';
import { decodeRoaring, encodeRoaring } from './roaring.ts';

const golden = (name: string) =>
  new Uint8Array(readFileSync(join(import.meta.dirname, '..', 'testdata', 'deletes', `${name}.bin`)));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const at = (bitmap: number, container: number, from: number, to = from + 1) =>
  range(from, to).map((value) => bitmap * 2 ** 32 + container * 0x10000 + value);

const location = 'memory://warehouse/t/data/deletes.puffin';
const deleteFile = (size: number, records: number, offset = 0): DataFile => ({
  content: 'position-deletes',
  filePath: location,
  fileFormat: 'PUFFIN',
  specId: 0,
  partition: new Map(),
  recordCount: BigInt(records),
  fileSizeInBytes: BigInt(size),
  referencedDataFile: 'memory://warehouse/t/data/a.parquet',
  contentOffset: BigInt(offset),
  contentSizeInBytes: BigInt(size),
});

async function read(bytes: Uint8Array, file: DataFile): Promise<PositionSet> {
  const io = createMemoryFileIO();
  await io.putIfAbsent(location, bytes);
  return readDeletionVector({ io, file });
}

/** Positions that the Java library wrote, by the test that wrote them. */
const VECTORS: Record<string, readonly number[]> = {
  'empty-position-index': [],
  'small-alternating-values-position-index': [1, 3, 5, 7, 9],
  'small-and-large-values-position-index': [100, 101, 2 ** 31 + 99, 2 ** 31 + 100],
  'all-container-types-position-index': [
    ...at(0, 0, 5),
    ...at(0, 0, 7),
    ...at(0, 1, 1, 1000),
    ...at(0, 2, 1, 65_535),
    ...at(1, 0, 10),
    ...at(1, 0, 20),
    ...at(1, 1, 10, 500),
    ...at(1, 2, 1, 65_535),
  ],
};

describe('deletion vectors', () => {
  it.each(Object.entries(VECTORS))('of Java are read and written alike: %s', async (name, positions) => {
    const bytes = golden(name);
    const set = await read(bytes, deleteFile(bytes.length, positions.length));
    expect([...set]).toEqual(positions);
    expect(encodeDeletionVector(PositionSet.of(positions))).toEqual(bytes);
  });

  it.each([
    ['64map32bitvals', at(0, 0, 0, 10)],
    ['64mapempty', []],
    ['64mapspreadvals', range(0, 10).flatMap((bitmap) => at(bitmap, 0, 0, 10))],
  ])('of the Roaring format are read: %s', (name, positions) => {
    const bytes = golden(name);
    expect([...decodeRoaring(bytes)]).toEqual(positions);
    expect(decodeRoaring(encodeRoaring(decodeRoaring(bytes))).size).toBe(positions.length);
  });

  it('lie in Puffin files where the footer says, with what the spec wants said', async () => {
    const sets = [PositionSet.of([1, 2, 3]), PositionSet.of(range(0, 9000))];
    const { bytes, blobs } = writePuffin({
      blobs: sets.map((set, index) => deletionVectorBlob(`memory://t/${index}.parquet`, set)),
      properties: { 'created-by': 'test' },
    });
    const io = createMemoryFileIO();
    await io.putIfAbsent(location, bytes);
    expect((await readPuffinFooter(io, location)).blobs).toEqual(blobs);
    expect(blobs[1]).toMatchObject({
      type: 'deletion-vector-v1',
      fields: [2147483645],
      snapshotId: -1n,
      properties: { 'referenced-data-file': 'memory://t/1.parquet', cardinality: '9000' },
    });
    for (const [index, blob] of blobs.entries()) {
      const file = deleteFile(blob.length, sets[index]?.size ?? -1, blob.offset);
      expect([...(await readDeletionVector({ io, file }))]).toEqual([...(sets[index] ?? [])]);
    }
  });

  it('that are not what they say are refused, naming file and fault', async () => {
    const bytes = encodeDeletionVector(PositionSet.of([1, 5, 9]));
    const file = deleteFile(bytes.length, 3);
    const changed = (where: number) => bytes.map((byte, index) => (index === where ? byte ^ 1 : byte));
    const refused = async (read: Promise<PositionSet>, fault: RegExp) => {
      const error: unknown = await read.catch((thrown: unknown) => thrown);
      expect(isAppError(error) && error.message).toMatch(fault);
      expect(isAppError(error) && error.message).toContain(location);
    };
    await refused(read(changed(3), file), /says that it has/);
    await refused(read(changed(4), file), /does not begin as one/);
    await refused(read(changed(20), file), /checksum/);
    await refused(read(bytes, { ...file, recordCount: 4n }), /has 3 positions, where its manifest says 4/);
    await refused(read(bytes.subarray(0, -1), file), /has \d+ bytes from 0 on/);
    await refused(read(bytes, { ...file, contentSizeInBytes: 2n ** 62n }), /says that its vector has/);
    await refused(read(bytes, { ...file, contentOffset: -1n }), /bytes from -1 on/);
    await refused(readDeletionVector({ io: createMemoryFileIO(), file }), /is gone/);
    const { contentOffset: _, ...nowhere } = file;
    await refused(read(bytes, nowhere), /has no 'content_offset'/);
  });

  it('with any checksum that fits give positions or CORRUPT_FILE', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(100_000), { maxLength: 50 }),
        fc.nat(),
        fc.nat(255),
        async (list, where, byte) => {
          const bitmap = encodeRoaring(PositionSet.of(list));
          bitmap[where % bitmap.length] = byte;
          const bytes = encodeDeletionVector(PositionSet.of(list));
          bytes.set(bitmap, 8);
          const io = createMemoryFileIO();
          await io.putIfAbsent(location, bytes);
          const read = readDeletionVector({ io, file: deleteFile(bytes.length, list.length) });
          const error: unknown = await read.then(
            () => null,
            (thrown: unknown) => thrown,
          );
          expect(error === null || isAppError(error, 'CORRUPT_FILE')).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});
