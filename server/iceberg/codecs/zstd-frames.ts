import { AppError } from '#shared/errors/app-error.ts';

/** A frame's place in compressed data, and what its header says of its content. */
export interface ZstdFrame {
  readonly start: number;
  readonly end: number;
  /** In bytes; absent where the header does not say. */
  readonly contentSize?: number;
  /** The lower half of the content's XXH64. */
  readonly checksum?: number;
}

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
/** No block has more (RFC 8878, 3.1.1.2.4). */
const MAX_BLOCK = 128 * 1024;
/** What zstd itself accepts unless told otherwise. */
const MAX_WINDOW = 128 * 1024 * 1024;

/**
 * The frames of zstd data, found by their headers and those of their blocks, without decompressing anything: so it
 * is known before that neither the content nor the memory that decoding takes is more than it may be.
 *
 * @param limit bytes of all content at most
 * @throws CORRUPT_FILE
 */
export function zstdFrames(data: Uint8Array, limit: number): readonly ZstdFrame[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const frames: ZstdFrame[] = [];
  let left = limit;
  let at = 0;
  try {
    while (at < data.length) {
      const magic = view.getUint32(at, true);
      if (Math.trunc(magic / 16) === SKIPPABLE / 16) {
        at += 8 + view.getUint32(at + 4, true);
        if (at > data.length) throw new RangeError();
        continue;
      }
      if (magic !== MAGIC) throw broken('it does not begin as a frame');
      const { most, ...frame } = readFrame(view, at, left);
      frames.push(frame);
      left -= most;
      at = frame.end;
    }
  } catch (error) {
    throw error instanceof RangeError ? broken('it ends in the middle') : error;
  }
  if (frames.length === 0) throw broken('it has no frame');
  return frames;
}

/** `most` is what the frame's content can have, in bytes. */
function readFrame(view: DataView, start: number, left: number): ZstdFrame & { readonly most: number } {
  const descriptor = view.getUint8(start + 4);
  const single = (descriptor & 0x20) !== 0;
  if ((descriptor & 0x08) !== 0) throw broken('a bit of a frame that has no meaning is set');
  let at = start + 5;
  let window = single ? 0 : windowOf(view.getUint8(at));
  if (!single) at += 1;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number;
  for (let i = 0; i < dictionaryBytes; i += 1)
    if (view.getUint8(at + i) !== 0) throw broken('a frame needs a dictionary, which it does not have');
  at += dictionaryBytes;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
  const contentSize = sizeBytes === 0 ? undefined : contentSizeOf(view, at, sizeBytes);
  at += sizeBytes;
  if (contentSize !== undefined && contentSize > left) throw tooMuch();
  if (single) window = contentSize ?? 0;
  if (window > MAX_WINDOW && !single) throw broken(`a frame has a window of ${window} bytes`);

  let most = 0;
  for (let last = false; !last;) {
    const head = view.getUint16(at, true) + view.getUint8(at + 2) * 2 ** 16;
    const size = Math.trunc(head / 8);
    const kind = (head >> 1) & 3;
    last = (head & 1) === 1;
    if (kind === 3 || size > MAX_BLOCK) throw broken('a block is of no known kind or too large');
    at += 3 + (kind === 1 ? 1 : size);
    most += kind === 2 ? Math.min(MAX_BLOCK, Math.max(window, 1024)) : size;
    if (contentSize === undefined && most > left) throw tooMuch();
  }
  const hasChecksum = (descriptor & 0x04) !== 0;
  const checksum = hasChecksum ? view.getUint32(at, true) : undefined;
  if (hasChecksum) at += 4;
  if (at > view.byteLength) throw new RangeError();
  return {
    start,
    end: at,
    most: contentSize ?? most,
    ...(contentSize === undefined ? {} : { contentSize }),
    ...(checksum === undefined ? {} : { checksum }),
  };
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function contentSizeOf(view: DataView, at: number, bytes: number): number {
  switch (bytes) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true) + 256;
    case 4:
      return view.getUint32(at, true);
    default:
      return Number(view.getBigUint64(at, true));
  }
}

function tooMuch(): AppError {
  return broken('it has more bytes when decompressed than are read at once');
}

function broken(what: string): AppError {
  return new AppError('CORRUPT_FILE', `its zstd is damaged: ${what}`);
}
