import { open, stat } from 'node:fs/promises';
import { AppError } from '#shared/errors/app-error.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import type { ServiceContext } from '../context.ts';

const CHUNK_BYTES = 1024 * 1024;

export interface DataFileReader {
  readonly size: number;
  /** The bytes of [start, end), read as they are taken. */
  stream(start: number, end: number): ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Where the page fetches a data file of the warehouse. The way back is openDataFile. */
export function dataFileUrl(io: FileIO, location: string): string {
  const path = location.slice(io.root.length + 1);
  return `/api/v1/data/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/**
 * A data file as Parquet: an Avro file's rows come as a copy of it.
 *
 * @param path relative to the warehouse; only data files of tables can be asked for
 * @throws FILE_NOT_FOUND, PATH_OUTSIDE_ROOT; CORRUPT_FILE, UNSUPPORTED for an Avro file that can't be copied
 */
export async function openDataFile(ctx: ServiceContext, path: string): Promise<DataFileReader> {
  if (!/\/data\/[^/]/.test(path)) {
    throw new AppError('FILE_NOT_FOUND', `There is no data file ${path}.`, { context: { path } });
  }
  const location = `${ctx.io.root}/${path}`;
  const { size } = await ctx.io.stat(location);
  const local = ctx.io.localPath(location);
  const copy = local === null ? undefined : await ctx.copies?.parquetOf(local);
  if (copy === undefined || copy === local) {
    return {
      size,
      stream: (start, end) =>
        streamChunks(start, end, (from, to) => ctx.io.read(location, { start: from, end: to })),
    };
  }
  return {
    size: (await stat(copy)).size,
    stream: (start, end) => streamChunks(start, end, (from, to) => readLocal(copy, from, to)),
  };
}

async function readLocal(path: string, start: number, end: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(end - start);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function streamChunks(
  start: number,
  end: number,
  read: (start: number, end: number) => Promise<Uint8Array>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = start;
  return new ReadableStream({
    async pull(controller) {
      if (at >= end) return controller.close();
      const bytes = await read(at, Math.min(end, at + CHUNK_BYTES));
      at += bytes.length;
      controller.enqueue(Uint8Array.from(bytes));
      if (at >= end) controller.close();
    },
  });
}
