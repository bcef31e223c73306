import { describe, expect, it } from 'vitest';
import { createMemoryFileIO } from '#server/storage/memory-file-io.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import type { ServiceContext } from '../context.ts';
import { openDataFile } from './open-data-file.ts';

const MIB = 1024 * 1024;
const PATH = 'flights/data/f.parquet';

async function opened(size: number) {
  const io = createMemoryFileIO();
  const bytes = new Uint8Array(size).map((_, at) => at % 251);
  await io.putIfAbsent(`${io.root}/${PATH}`, bytes);
  let left = size;
  const shrinking: Pick<FileIO, 'root' | 'stat' | 'localPath' | 'read'> = {
    root: io.root,
    stat: async (location) => io.stat(location),
    localPath: () => null,
    read: async (location, range) => {
      const { start, end } = range as { start: number; end: number };
      return (await io.read(location)).subarray(0, left).subarray(start, end);
    },
  };
  const file = await openDataFile({ io: shrinking } as unknown as ServiceContext, PATH);
  return { file, bytes, cutTo: (length: number) => (left = length) };
}

async function all(body: Uint8Array | ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(body as ReadableStream).arrayBuffer());
}

describe('the bytes of a data file', () => {
  it('are there at once where they are few, and come in pieces where they are many', async () => {
    const { file, bytes } = await opened(10 * MIB);
    const few = await file.body(10, 2000);
    expect(few).toEqual(bytes.subarray(10, 2000));
    const many = await file.body(5, 10 * MIB);
    expect(many).toBeInstanceOf(ReadableStream);
    expect(Buffer.compare(await all(many), bytes.subarray(5))).toBe(0);
  });

  it('end in an error where the file is cut short meanwhile', async () => {
    const { file, cutTo } = await opened(10 * MIB);
    const body = await file.body(0, 10 * MIB);
    cutTo(9 * MIB);
    await expect(all(body)).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    await expect(file.body(9 * MIB, 10 * MIB)).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      context: { path: PATH, size: 9 * MIB },
    });
  });
});
