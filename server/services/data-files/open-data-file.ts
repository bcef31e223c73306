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
 * @param path relative to the warehouse; only data files of tables can be asked for
 * @throws FILE_NOT_FOUND, PATH_OUTSIDE_ROOT
 */
export async function openDataFile(ctx: ServiceContext, path: string): Promise<DataFileReader> {
  if (!/\/data\/.+\.parquet$/.test(path)) {
    throw new AppError('FILE_NOT_FOUND', `There is no data file ${path}.`, { context: { path } });
  }
  const location = `${ctx.io.root}/${path}`;
  const { size } = await ctx.io.stat(location);
  return { size, stream: (start, end) => streamRange(ctx.io, location, start, end) };
}

function streamRange(
  io: FileIO,
  location: string,
  start: number,
  end: number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = start;
  return new ReadableStream({
    async pull(controller) {
      if (at >= end) return controller.close();
      const bytes = await io.read(location, { start: at, end: Math.min(end, at + CHUNK_BYTES) });
      at += bytes.length;
      controller.enqueue(Uint8Array.from(bytes));
      if (at >= end) controller.close();
    },
  });
}
