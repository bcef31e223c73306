import { open, type FileHandle } from 'node:fs/promises';
import { AppError, errorMessage } from '#shared/errors/app-error.ts';
import { runtimeError } from '../duckdb/runtime-error.ts';

const MAGIC = 'PAR1';
/** The footer's length and the magic. */
const TAIL = 8;
/** Read at once: footers of most files are smaller. */
const GUESS = 64 * 1024;
/** Far beyond real footers; stops a length that lies. */
const MAX_FOOTER = 512 * 1024 * 1024;

export interface FooterBytes {
  /** FileMetaData of parquet.thrift. */
  readonly bytes: Uint8Array;
  /** Where it begins in the file. */
  readonly start: number;
}

/**
 * What `read` makes of the footer of a local Parquet file.
 *
 * @returns null where the file does not end as one: what is wrong with it is for its reader to say
 * @throws CORRUPT_FILE, FILE_NOT_FOUND, naming the file
 */
export async function readFooterBytes<T>(path: string, read: (footer: FooterBytes) => T): Promise<T | null> {
  const file = await open(path).catch((error: unknown) => {
    throw runtimeError(error);
  });
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - GUESS);
    const end = await readAt(file, from, size - from);
    if (end.length < TAIL || end.toString('latin1', end.length - 4) !== MAGIC) return null;
    const length = end.readUInt32LE(end.length - TAIL);
    if (length > Math.min(MAX_FOOTER, size - TAIL)) return null;
    const start = size - TAIL - length;
    const bytes =
      start >= from ? end.subarray(start - from, end.length - TAIL) : await readAt(file, start, length);
    return read({ bytes, start });
  } catch (error) {
    throw new AppError(
      'CORRUPT_FILE',
      `The file ${path} can't be read: ${errorMessage(error)}. Restore it.`,
      { context: { path }, cause: error },
    );
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, start);
  return bytes.subarray(0, bytesRead);
}
