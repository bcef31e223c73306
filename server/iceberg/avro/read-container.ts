import { promisify } from 'node:util';
import { constants, inflateRaw, inflateRawSync } from 'node:zlib';
import { AppError, errorMessage } from '#shared/errors/app-error.ts';
import { parseJson } from '#shared/util/json.ts';
import { decompressZstd, decompressZstdAside } from '../codecs/zstd.ts';
import { AvroCursor, AvroDecodeError } from './cursor.ts';
import { decompressSnappy } from './snappy.ts';
import { compileDecoder, type Projection } from './decoder.ts';

const MAGIC = [0x4f, 0x62, 0x6a, 0x01];
export const SYNC_SIZE = 16;
/** One block's most when decompressed; stops a compression bomb. */
const MAX_BLOCK_BYTES = 256 * 1024 * 1024;

/** All blocks' most. */
const MAX_FILE_BYTES = 2 ** 30;
/** How many blocks are decompressed beside one another. */
const BESIDE = 8;

/** What a container file says about itself. */
export interface AvroHeader {
  readonly schema: unknown;
  readonly codec: string;
  /** Without the schema and the codec; for a manifest: 'schema', 'partition-spec', 'content', … */
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads an Avro object container file, resolving its fields by id.
 *
 * @param projection which fields, or a function of the header that says so
 * @param file its location, for messages
 * @throws CORRUPT_FILE naming the file when it is truncated, foreign or damaged; UNSUPPORTED for a codec that
 *   cannot be read here.
 */
export function readAvroFile(
  bytes: Uint8Array,
  projection: Projection,
  file: string,
): { readonly header: AvroHeader; readonly records: readonly Readonly<Record<string, unknown>>[] } {
  try {
    const { header, blocks } = readBlocks(bytes);
    const decode = compileDecoder(header.schema, projection);
    const records: Readonly<Record<string, unknown>>[] = [];
    let size = 0;
    for (const { count, stored } of blocks) {
      const data = decompress(header.codec, stored);
      size = grown(size, data);
      assertCount(count, data);
      const block = new AvroCursor(data);
      for (let i = 0; i < count; i += 1) records.push(decode(block) as Readonly<Record<string, unknown>>);
      if (block.remaining > 0) throw new AvroDecodeError(`a block has ${block.remaining} bytes too many`);
    }
    return { header, records };
  } catch (error) {
    throw asCorrupt(error, file);
  }
}

/** The records of a container file, decompressed and not decoded. */
export interface AvroData {
  readonly header: AvroHeader;
  readonly data: Uint8Array;
  /** How many records there are up to which byte of `data`. */
  readonly blocks: readonly { readonly count: number; readonly end: number }[];
}

/** As readAvroFile, without decoding; blocks are decompressed beside one another, off this thread. */
export async function readAvroData(bytes: Uint8Array, file: string): Promise<AvroData> {
  try {
    const { header, blocks } = readBlocks(bytes);
    const parts: Uint8Array[] = [];
    const ends: { count: number; end: number }[] = [];
    let end = 0;
    for (let start = 0; start < blocks.length; start += BESIDE) {
      const some = blocks.slice(start, start + BESIDE);
      const inflated = await Promise.all(some.map(({ stored }) => decompressAside(header.codec, stored)));
      for (const [index, data] of inflated.entries()) {
        const count = some[index]?.count ?? 0;
        assertCount(count, data);
        parts.push(data);
        ends.push({ count, end: (end = grown(end, data)) });
      }
    }
    const [only] = parts;
    return {
      header,
      data: parts.length === 1 && only !== undefined ? only : Buffer.concat(parts),
      blocks: ends,
    };
  } catch (error) {
    throw asCorrupt(error, file);
  }
}

/** Whatever goes wrong in reading a file, as the error that names it. */
export function asCorrupt(error: unknown, file: string): AppError {
  if (error instanceof AppError && error.code === 'UNSUPPORTED') {
    return new AppError('UNSUPPORTED', `${file} ${error.message}`, {
      context: { source: file },
      cause: error,
    });
  }
  return new AppError('CORRUPT_FILE', `${file} is damaged or no Avro file: ${errorMessage(error)}.`, {
    context: { source: file },
    cause: error,
  });
}

/** Stops what only decompresses and decompresses. */
function grown(size: number, data: Uint8Array): number {
  if (size + data.length > MAX_FILE_BYTES)
    throw new AvroDecodeError(`it has more than ${MAX_FILE_BYTES} bytes when decompressed`);
  return size + data.length;
}

function assertCount(count: number, data: Uint8Array): void {
  if (count < 0 || count > data.length)
    throw new AvroDecodeError(`a block of ${count} records has ${data.length} bytes`);
}

interface StoredBlock {
  readonly count: number;
  readonly stored: Uint8Array;
}

function readBlocks(bytes: Uint8Array): { header: AvroHeader; blocks: readonly StoredBlock[] } {
  const cursor = new AvroCursor(bytes);
  const header = readHeader(cursor);
  const sync = cursor.span(SYNC_SIZE);
  const blocks: StoredBlock[] = [];
  while (cursor.remaining > 0) {
    const count = cursor.small();
    blocks.push({ count, stored: cursor.span(cursor.length()) });
    if (Buffer.compare(cursor.span(SYNC_SIZE), sync) !== 0) {
      throw new AvroDecodeError('a block does not end with the mark that the header gives');
    }
  }
  return { header, blocks };
}

export function readHeader(cursor: AvroCursor): AvroHeader {
  const magic = cursor.span(MAGIC.length);
  if (MAGIC.some((byte, index) => magic[index] !== byte))
    throw new AvroDecodeError('it does not begin as one');
  const metadata = new Map<string, string>();
  cursor.items(2, () => {
    const key = cursor.text();
    metadata.set(key, Buffer.from(cursor.bytesValue()).toString('utf8'));
  });
  const schema = metadata.get('avro.schema');
  if (schema === undefined) throw new AvroDecodeError('its header has no schema');
  const codec = metadata.get('avro.codec') ?? 'null';
  metadata.delete('avro.schema');
  metadata.delete('avro.codec');
  return { schema: parseJson(schema), codec, metadata };
}

const inflateAside = promisify(inflateRaw) as (
  data: Uint8Array,
  options: ReturnType<typeof inflation>,
) => Promise<Uint8Array>;
/** Smaller blocks are done sooner than they are handed over. */
const WORTH_HANDING_OVER = 16 * 1024;

export async function decompressAside(codec: string, data: Uint8Array): Promise<Uint8Array> {
  if (data.length < WORTH_HANDING_OVER) return decompress(codec, data);
  if (codec === 'zstandard') return decompressZstdAside(data, MAX_BLOCK_BYTES);
  return codec === 'deflate' ? inflateAside(data, inflation(data)) : decompress(codec, data);
}

/** Output comes in pieces of `chunkSize`: one of about what is to come saves putting many together. */
function inflation(data: Uint8Array) {
  const chunkSize = Math.min(Math.max(data.length * 8, 16 * 1024), 1024 * 1024);
  // Z_SYNC_FLUSH: some writers leave the final block out.
  return { maxOutputLength: MAX_BLOCK_BYTES, finishFlush: constants.Z_SYNC_FLUSH, chunkSize };
}

function decompress(codec: string, data: Uint8Array): Uint8Array {
  switch (codec) {
    case 'null':
      return data;
    case 'deflate':
      return inflateRawSync(data, inflation(data));
    case 'snappy':
      return decompressSnappy(data);
    case 'zstandard':
      return decompressZstd(data, MAX_BLOCK_BYTES);
    default:
      throw new AppError(
        'UNSUPPORTED',
        `is compressed with '${codec}', which can't be read; let it be written with deflate ('write.avro.compression-codec' = 'gzip').`,
      );
  }
}
