import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { decompress as decompressFrame } from 'fzstd';
import { AppError, errorMessage } from '#shared/errors/app-error.ts';
import { zstdFrames, type ZstdFrame } from './zstd-frames.ts';
import { xxHash64 } from './xx-hash-64.ts';

/** Node.js has zstd since 22.15; before, a decoder in JavaScript does it. */
const native = zlib as {
  readonly zstdDecompressSync?: (data: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;
  readonly zstdDecompress?: (
    data: Uint8Array,
    options: { maxOutputLength: number },
    done: (error: Error | null, result: Uint8Array) => void,
  ) => void;
};

/**
 * Decompresses zstd (RFC 8878).
 *
 * @param limit bytes of the result at most; what would have more is refused before it takes any memory
 * @throws CORRUPT_FILE for what is no zstd, is damaged, or has more
 */
export function decompressZstd(data: Uint8Array, limit: number): Uint8Array {
  const frames = zstdFrames(data, limit);
  const { zstdDecompressSync: zstd } = native;
  if (zstd === undefined) return decompressInScript(data, frames);
  try {
    return zstd(data, { maxOutputLength: limit });
  } catch (cause) {
    throw damaged(errorMessage(cause), cause);
  }
}

/** As decompressZstd, off this thread where Node.js can. */
export async function decompressZstdAside(data: Uint8Array, limit: number): Promise<Uint8Array> {
  if (native.zstdDecompress === undefined) return decompressZstd(data, limit);
  zstdFrames(data, limit);
  try {
    return await promisify(native.zstdDecompress)(data, { maxOutputLength: limit });
  } catch (cause) {
    throw damaged(errorMessage(cause), cause);
  }
}

/** Without Node.js. @param frames those of `data` */
export function decompressInScript(data: Uint8Array, frames: readonly ZstdFrame[]): Uint8Array {
  const parts = frames.map(({ start, end, contentSize, checksum }) => {
    const content = decode(data.subarray(start, end));
    if (contentSize !== undefined && content.length !== contentSize)
      throw damaged(`a frame of ${contentSize} bytes has ${content.length}`);
    if (checksum !== undefined && Number(xxHash64(content) & 0xffff_ffffn) !== checksum)
      throw damaged('the checksum of a frame does not fit');
    return content;
  });
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : new Uint8Array(Buffer.concat(parts));
}

function decode(frame: Uint8Array): Uint8Array {
  try {
    return decompressFrame(frame);
  } catch (cause) {
    throw damaged('a frame can not be decoded', cause);
  }
}

function damaged(what: string, cause?: unknown): AppError {
  return new AppError('CORRUPT_FILE', `its zstd is damaged: ${what}`, { cause });
}
