import { crcOf } from './crc32.ts';

export interface ZipEntry {
  /** Path inside the archive, ASCII. */
  readonly name: string;
  readonly content: AsyncIterable<string> | Iterable<string>;
}

/** Where an archive goes: a file that is written from its beginning on, and of which headers are written once more. */
export interface ZipSink {
  write(bytes: Uint8Array<ArrayBuffer>, at: number): Promise<void>;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const ZIP64 = 0x0001;
/** Room kept in a header, as Office keeps it (ECMA-376 part 2, growth hint): here, for sizes of 64 bits. */
const GROWTH_HINT = 0xa220;
const GROWTH_SIGNATURE = 0xa028;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const DEFLATE = 8;
const PLAIN = 20;
const LARGE = 45;
/** 1980-01-01: equal contents make equal archives. */
const DOS_DATE = 0x21;
const MAX_16 = 0xffff;
const MAX_32 = 0xffff_ffff;
const UTF8 = new TextEncoder();
const TEXT_AT_ONCE = 64 * 1024;

interface Written {
  readonly name: Uint8Array<ArrayBuffer>;
  readonly start: number;
  crc: number;
  size: number;
  packed: number;
}

/**
 * Writes a ZIP archive (APPNOTE 6.3.10) as its entries' texts come; none is held. Sizes are put into an entry's header
 * once they are known, since many readers do not take them from behind the content; from 4 GiB on they have 64 bits.
 *
 * @returns the archive's bytes
 * @throws what the entries or the sink throw
 */
export async function writeZip(
  sink: ZipSink,
  entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>,
): Promise<number> {
  const directory: Written[] = [];
  let offset = 0;
  const append = async (bytes: Uint8Array<ArrayBuffer>) => {
    await sink.write(bytes, offset);
    offset += bytes.length;
  };
  for await (const { name, content } of entries) {
    const entry: Written = { name: UTF8.encode(name), start: offset, crc: 0, size: 0, packed: 0 };
    await append(localHeader(entry));
    await deflate(content, entry, append);
    await sink.write(localHeader(entry), entry.start);
    directory.push(entry);
  }
  const start = offset;
  for (const entry of directory) await append(centralHeader(entry));
  await append(endOf(directory.length, offset - start, start));
  return offset;
}

async function deflate(
  content: ZipEntry['content'],
  entry: Written,
  append: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>,
): Promise<void> {
  const { readable, writable } = new CompressionStream('deflate-raw');
  // A failure on one side ends the other.
  const both = [feed(content, writable, entry), drain(readable, entry, append)];
  try {
    await Promise.all(both);
  } finally {
    await Promise.allSettled(both);
  }
}

async function feed(
  content: ZipEntry['content'],
  packer: WritableStream<BufferSource>,
  entry: Written,
): Promise<void> {
  const writer = packer.getWriter();
  let waiting = '';
  const push = async () => {
    const bytes = UTF8.encode(waiting);
    waiting = '';
    entry.crc = crcOf(bytes, entry.crc);
    entry.size += bytes.length;
    await writer.write(bytes);
  };
  try {
    for await (const text of content) {
      waiting += text;
      if (waiting.length >= TEXT_AT_ONCE) await push();
    }
    if (waiting !== '') await push();
    await writer.close();
  } catch (error) {
    writer.abort(error).catch(() => undefined);
    throw error;
  }
}

async function drain(
  packed: ReadableStream<Uint8Array<ArrayBuffer>>,
  entry: Written,
  append: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>,
): Promise<void> {
  const reader = packed.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      entry.packed += value.length;
      await append(value);
    }
  } catch (error) {
    reader.cancel(error).catch(() => undefined);
    throw error;
  }
}

/** Numbers of a header one after the other, each of 16, 32 or 64 bits. */
function header(
  ...fields: readonly (readonly [bits: 16 | 32 | 64, value: number])[]
): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [bits]) => sum + bits / 8, 0)));
  let at = 0;
  for (const [bits, value] of fields) {
    if (bits === 16) view.setUint16(at, value, true);
    else if (bits === 32) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += bits / 8;
  }
  return new Uint8Array(view.buffer);
}

function joined(...parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function localHeader({ name, crc, size, packed }: Written): Uint8Array<ArrayBuffer> {
  const large = size >= MAX_32 || packed >= MAX_32;
  const extra = large
    ? header([16, ZIP64], [16, 16], [64, size], [64, packed])
    : header([16, GROWTH_HINT], [16, 16], [16, GROWTH_SIGNATURE], [16, 0], [32, 0], [64, 0]);
  const head = header(
    [32, LOCAL],
    [16, large ? LARGE : PLAIN],
    [16, FLAGS],
    [16, DEFLATE],
    [16, 0],
    [16, DOS_DATE],
    [32, crc],
    [32, large ? MAX_32 : packed],
    [32, large ? MAX_32 : size],
    [16, name.length],
    [16, extra.length],
  );
  return joined(head, name, extra);
}

function centralHeader({ name, crc, size, packed, start }: Written): Uint8Array<ArrayBuffer> {
  // Those that do not fit, in the order that the format gives them.
  const wide = [size, packed, start].filter((value) => value >= MAX_32);
  const extra =
    wide.length === 0
      ? new Uint8Array()
      : header([16, ZIP64], [16, 8 * wide.length], ...wide.map((value) => [64, value] as const));
  const head = header(
    [32, CENTRAL],
    [16, LARGE],
    [16, wide.length > 0 ? LARGE : PLAIN],
    [16, FLAGS],
    [16, DEFLATE],
    [16, 0],
    [16, DOS_DATE],
    [32, crc],
    [32, Math.min(packed, MAX_32)],
    [32, Math.min(size, MAX_32)],
    [16, name.length],
    [16, extra.length],
    // No comment; the first disk; no attributes.
    [16, 0],
    [16, 0],
    [16, 0],
    [32, 0],
    [32, Math.min(start, MAX_32)],
  );
  return joined(head, name, extra);
}

function endOf(entries: number, size: number, offset: number): Uint8Array<ArrayBuffer> {
  const end = header(
    [32, END],
    [16, 0],
    [16, 0],
    [16, Math.min(entries, MAX_16)],
    [16, Math.min(entries, MAX_16)],
    [32, Math.min(size, MAX_32)],
    [32, Math.min(offset, MAX_32)],
    [16, 0],
  );
  if (entries < MAX_16 && size < MAX_32 && offset < MAX_32) return end;
  const wide = header(
    [32, END_64],
    [64, 44],
    [16, LARGE],
    [16, LARGE],
    [32, 0],
    [32, 0],
    [64, entries],
    [64, entries],
    [64, size],
    [64, offset],
  );
  const locator = header([32, LOCATOR_64], [32, 0], [64, offset + size], [32, 1]);
  return joined(wide, locator, end);
}
