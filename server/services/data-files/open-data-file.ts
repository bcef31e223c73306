import { open, stat } from 'node:fs/promises';
import { AppError } from '#shared/errors/app-error.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import { canonicalLocation, isBelow } from '#server/storage/location.ts';
import type { ServiceContext } from '../context.ts';

const CHUNK_BYTES = 1024 * 1024;
/** Of an object store, where each piece is a request. */
const REMOTE_CHUNK_BYTES = 8 * CHUNK_BYTES;

export interface DataFileReader {
  readonly size: number;
  /**
   * The bytes of [start, end): those of one piece as they are, more as they are taken.
   * @throws FILE_NOT_FOUND; CORRUPT_FILE where the file has become shorter, which breaks a stream that has begun
   */
  body(start: number, end: number): Promise<Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>>;
}

const FILE_ROOT = 'file:///';
/** No object of the warehouse lies in a folder whose name starts with a dot. */
const ELSEWHERE = '.elsewhere/';
/** How Parquet and Avro files begin. */
const AVRO_MAGIC = 'Obj\u0001';
const MAGIC = new Set(['PAR1', AVRO_MAGIC]);

/** Where the page fetches a data file, of the warehouse or of a table that was registered where it lies. The way back is openDataFile. */
export function dataFileUrl(io: FileIO, location: string): string {
  const path = isBelow(io.root, location)
    ? canonicalLocation(location).slice(io.root.length + 1)
    : `${ELSEWHERE}${canonicalLocation(location).slice(FILE_ROOT.length)}`;
  return `/api/v1/data/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/**
 * A data file as Parquet: an Avro file's rows come as a copy of it.
 *
 * @param path relative to the warehouse, or where a registered table lies; only data files can be asked for
 * @throws FILE_NOT_FOUND, PATH_OUTSIDE_ROOT; CORRUPT_FILE, UNSUPPORTED for an Avro file that can't be copied
 */
export async function openDataFile(ctx: ServiceContext, path: string): Promise<DataFileReader> {
  const elsewhere = path.startsWith(ELSEWHERE);
  const location = elsewhere ? `${FILE_ROOT}${path.slice(ELSEWHERE.length)}` : `${ctx.io.root}/${path}`;
  // The warehouse has one name for each file, and its data files are told by it.
  if (elsewhere ? isBelow(ctx.io.root, location) : !/\/data\/[^/]/.test(path)) throw noDataFile(path);
  const { size } = await ctx.io.stat(location);
  if (elsewhere) {
    const magic = await ctx.io.read(location, { start: 0, end: 4 });
    if (!MAGIC.has(Buffer.from(magic).toString('latin1'))) throw noDataFile(path);
  }
  const local = ctx.io.localPath(location) ?? (await fetchedAvro(ctx.io, location));
  const copy = local === null ? undefined : await ctx.copies?.parquetOf(local);
  if (copy === undefined || copy === local) {
    const chunk = local === null ? REMOTE_CHUNK_BYTES : CHUNK_BYTES;
    return {
      size,
      body: async (start, end) =>
        readPieces(path, { start, end, chunk }, async (from, to) =>
          ctx.io.read(location, { start: from, end: to }),
        ),
    };
  }
  return {
    size: (await stat(copy)).size,
    body: async (start, end) =>
      readPieces(path, { start, end, chunk: CHUNK_BYTES }, async (from, to) => readLocal(copy, from, to)),
  };
}

/** Parquet in an object store is passed on in ranges; only what has to be copied is fetched whole. */
async function fetchedAvro(io: FileIO, location: string): Promise<string | null> {
  if (io.fetch === undefined || location.endsWith('.parquet')) return null;
  const magic = await io.read(location, { start: 0, end: AVRO_MAGIC.length });
  return Buffer.from(magic).toString('latin1') === AVRO_MAGIC ? io.fetch(location) : null;
}

function noDataFile(path: string): AppError {
  return new AppError('FILE_NOT_FOUND', `There is no data file ${path}.`, { context: { path } });
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

async function readPieces(
  path: string,
  { start, end, chunk }: { readonly start: number; readonly end: number; readonly chunk: number },
  read: (start: number, end: number) => Promise<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>> {
  let at = start;
  const next = async () => {
    const bytes = await read(at, Math.min(end, at + chunk));
    at += bytes.length;
    // Asked again, it would give nothing again, for ever.
    if (bytes.length === 0 && at < end) throw cutShort(path, at);
    return bytes;
  };
  let first: Uint8Array | null = await next();
  if (at >= end) return first as Uint8Array<ArrayBuffer>;
  return new ReadableStream({
    async pull(controller) {
      controller.enqueue(first ?? (await next()));
      first = null;
      if (at >= end) controller.close();
    },
  });
}

function cutShort(path: string, size: number): AppError {
  return new AppError(
    'CORRUPT_FILE',
    `The file ${path} ends after ${size} bytes: it was cut short while it was read. Restore it.`,
    { context: { path, size } },
  );
}
