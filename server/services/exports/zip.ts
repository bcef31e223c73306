import { open, type FileHandle } from 'node:fs/promises';
import { createDeflateRaw } from 'node:zlib';
import { crcOf } from './crc32.ts';

export interface ZipEntry {
  /** Path inside the archive, ASCII. */
  readonly name: string;
  readonly content: AsyncIterable<string> | Iterable<string>;
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
const TEXT_AT_ONCE = 64 * 1024;

interface Written {
  readonly name: Buffer;
  readonly start: number;
  crc: number;
  size: number;
  packed: number;
}

/**
 * Writes a ZIP archive (APPNOTE 6.3.10) as its entries' texts come; none is held. Sizes are put into an entry's header
 * once they are known, since many readers do not take them from behind the content; from 4 GiB on they have 64 bits.
 */
export async function writeZip(
  path: string,
  entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>,
): Promise<void> {
  const file = await open(path, 'w');
  try {
    const directory: Written[] = [];
    let offset = 0;
    const append = async (bytes: Buffer) => {
      await writeAll(file, bytes, offset);
      offset += bytes.length;
    };
    for await (const { name, content } of entries) {
      const entry: Written = { name: Buffer.from(name, 'utf8'), start: offset, crc: 0, size: 0, packed: 0 };
      await append(localHeader(entry));
      for await (const piece of deflated(content, entry)) await append(piece);
      await writeAll(file, localHeader(entry), entry.start);
      directory.push(entry);
    }
    const start = offset;
    for (const entry of directory) await append(centralHeader(entry));
    await append(endOf(directory.length, offset - start, start));
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

async function* deflated(content: ZipEntry['content'], entry: Written): AsyncGenerator<Buffer> {
  const packer = createDeflateRaw({ level: 6 });
  const write = async () => {
    let waiting = '';
    const push = async () => {
      const bytes = Buffer.from(waiting, 'utf8');
      waiting = '';
      entry.crc = crcOf(bytes, entry.crc);
      entry.size += bytes.length;
      if (!packer.write(bytes)) await new Promise((resolve) => packer.once('drain', resolve));
    };
    for await (const text of content) {
      waiting += text;
      if (waiting.length >= TEXT_AT_ONCE) await push();
    }
    if (waiting !== '') await push();
    packer.end();
  };
  // A failure of what is written breaks off what is read of it.
  const writing = write().catch((error: unknown) => packer.destroy(error as Error));
  try {
    for await (const piece of packer as AsyncIterable<Buffer>) {
      entry.packed += piece.length;
      yield piece;
    }
    await writing;
  } finally {
    packer.destroy();
  }
}

function localHeader({ name, crc, size, packed }: Written): Buffer {
  const large = size >= MAX_32 || packed >= MAX_32;
  const head = Buffer.alloc(30);
  head.writeUInt32LE(LOCAL, 0);
  head.writeUInt16LE(large ? LARGE : PLAIN, 4);
  head.writeUInt16LE(FLAGS, 6);
  head.writeUInt16LE(DEFLATE, 8);
  head.writeUInt16LE(DOS_DATE, 12);
  head.writeUInt32LE(crc, 14);
  head.writeUInt32LE(large ? MAX_32 : packed, 18);
  head.writeUInt32LE(large ? MAX_32 : size, 22);
  head.writeUInt16LE(name.length, 26);
  const extra = Buffer.alloc(20);
  extra.writeUInt16LE(large ? ZIP64 : GROWTH_HINT, 0);
  extra.writeUInt16LE(16, 2);
  if (large) {
    extra.writeBigUInt64LE(BigInt(size), 4);
    extra.writeBigUInt64LE(BigInt(packed), 12);
  } else {
    extra.writeUInt16LE(GROWTH_SIGNATURE, 4);
  }
  head.writeUInt16LE(extra.length, 28);
  return Buffer.concat([head, name, extra]);
}

function centralHeader({ name, crc, size, packed, start }: Written): Buffer {
  const wide = [size, packed, start].filter((value) => value >= MAX_32);
  const head = Buffer.alloc(46);
  head.writeUInt32LE(CENTRAL, 0);
  head.writeUInt16LE(LARGE, 4);
  head.writeUInt16LE(wide.length > 0 ? LARGE : PLAIN, 6);
  head.writeUInt16LE(FLAGS, 8);
  head.writeUInt16LE(DEFLATE, 10);
  head.writeUInt16LE(DOS_DATE, 14);
  head.writeUInt32LE(crc, 16);
  head.writeUInt32LE(Math.min(packed, MAX_32), 20);
  head.writeUInt32LE(Math.min(size, MAX_32), 24);
  head.writeUInt16LE(name.length, 28);
  head.writeUInt32LE(Math.min(start, MAX_32), 42);
  if (wide.length === 0) return Buffer.concat([head, name]);
  // Those that do not fit above, in the order that the format gives them.
  const extra = Buffer.alloc(4 + 8 * wide.length);
  extra.writeUInt16LE(ZIP64, 0);
  extra.writeUInt16LE(8 * wide.length, 2);
  for (const [at, value] of wide.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * at);
  head.writeUInt16LE(extra.length, 30);
  return Buffer.concat([head, name, extra]);
}

function endOf(entries: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(Math.min(entries, MAX_16), 8);
  end.writeUInt16LE(Math.min(entries, MAX_16), 10);
  end.writeUInt32LE(Math.min(size, MAX_32), 12);
  end.writeUInt32LE(Math.min(offset, MAX_32), 16);
  if (entries < MAX_16 && size < MAX_32 && offset < MAX_32) return end;
  const wide = Buffer.alloc(56 + 20);
  wide.writeUInt32LE(END_64, 0);
  wide.writeBigUInt64LE(44n, 4);
  wide.writeUInt16LE(LARGE, 12);
  wide.writeUInt16LE(LARGE, 14);
  wide.writeBigUInt64LE(BigInt(entries), 24);
  wide.writeBigUInt64LE(BigInt(entries), 32);
  wide.writeBigUInt64LE(BigInt(size), 40);
  wide.writeBigUInt64LE(BigInt(offset), 48);
  wide.writeUInt32LE(LOCATOR_64, 56);
  wide.writeBigUInt64LE(BigInt(offset + size), 64);
  wide.writeUInt32LE(1, 72);
  return Buffer.concat([wide, end]);
}
