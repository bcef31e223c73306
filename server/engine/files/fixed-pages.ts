import { gunzipSync } from 'node:zlib';
import { AppError } from '#shared/errors/app-error.ts';
import { decompressZstd } from '../../iceberg/codecs/zstd.ts';
import { ThriftCursor } from '#shared/parquet/thrift-cursor.ts';
import { ThriftStruct } from '#shared/parquet/thrift-struct.ts';

/** What stands in a page before its values: of the levels of this column, how many kinds there are. */
export interface Levels {
  readonly definition: number;
  readonly repetition: number;
}

export interface FixedChunk {
  readonly bytes: Uint8Array;
  /** Of the first page of each kind, from the chunk's begin. */
  readonly dictionaryAt?: number;
  readonly dataAt: number;
}

export interface ByteArrayChunk {
  readonly bytes: Uint8Array;
  /** CompressionCodec of parquet.thrift. */
  readonly codec: number;
  readonly levels: Levels;
}

/** PageHeader of parquet.thrift, with what it says of data (5) and of a dictionary (7). */
const PAGE = { 5: {}, 7: {} };
const DATA = 0;
const DICTIONARY = 2;
const PLAIN = 0;
/** Encodings of pages that have places in the dictionary, old and new. */
const PLACES = new Set([2, 8]);
const PREFIX = 4;

/**
 * The pages of a column of byte arrays, as DuckDB writes them, as pages without compression of arrays that are all
 * `length` bytes long, and so don't say how long they are.
 *
 * @returns null where a value has another length
 * @throws INTERNAL for pages of a kind that DuckDB does not write
 */
export function fixedChunk({ bytes, codec, levels }: ByteArrayChunk, length: number): FixedChunk | null {
  const parts: Uint8Array[] = [];
  let size = 0;
  let dictionaryAt: number | undefined;
  let dataAt: number | undefined;
  for (let at = 0; at < bytes.length;) {
    const cursor = new ThriftCursor(bytes.subarray(at));
    const header = ThriftStruct.read(cursor, PAGE);
    const start = at + cursor.at;
    at = start + (header.int(3) ?? 0);
    const content = decompress(codec, bytes.subarray(start, at), header.int(2) ?? 0);
    const page = fixedPage(header, content, { length, levels });
    if (page === null) return null;
    if (header.int(1) === DICTIONARY) dictionaryAt ??= size;
    else dataAt ??= size;
    for (const field of [2, 3]) header.setInt(field, page.length, 5);
    // The checksum is of other bytes.
    header.drop(4);
    const head = header.bytes();
    parts.push(head, page);
    size += head.length + page.length;
  }
  return {
    bytes: new Uint8Array(Buffer.concat(parts)),
    ...(dictionaryAt === undefined ? {} : { dictionaryAt }),
    dataAt: dataAt ?? size,
  };
}

function fixedPage(
  header: ThriftStruct,
  content: Uint8Array,
  { length, levels }: { readonly length: number; readonly levels: Levels },
): Uint8Array | null {
  const kind = header.int(1);
  if (kind === DICTIONARY) return withoutPrefixes(content, 0, length);
  const encoding = header.struct(5)?.int(2);
  if (kind === DATA && encoding !== undefined && PLACES.has(encoding)) return content;
  if (kind === DATA && encoding === PLAIN)
    return withoutPrefixes(content, afterLevels(content, levels), length);
  throw new AppError(
    'INTERNAL',
    `A page of kind ${kind} in encoding ${encoding} can't be made one of fixed length.`,
  );
}

/** Levels stand before the values, each kind with its length, where the column has such levels at all. */
function afterLevels(content: Uint8Array, { definition, repetition }: Levels): number {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  let at = 0;
  for (const most of [repetition, definition]) if (most > 0) at += PREFIX + view.getUint32(at, true);
  return at;
}

function withoutPrefixes(content: Uint8Array, from: number, length: number): Uint8Array | null {
  const count = (content.length - from) / (PREFIX + length);
  if (!Number.isInteger(count)) return null;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const values = new Uint8Array(from + count * length);
  values.set(content.subarray(0, from));
  for (let index = 0, at = from; index < count; index += 1, at += PREFIX + length) {
    if (view.getUint32(at, true) !== length) return null;
    values.set(content.subarray(at + PREFIX, at + PREFIX + length), from + index * length);
  }
  return values;
}

/** Codecs that `fixedColumnOptions` lets COPY use. */
function decompress(codec: number, data: Uint8Array, size: number): Uint8Array {
  if (codec === 0) return data;
  if (codec === 2) return gunzipSync(data, { maxOutputLength: Math.max(1, size) });
  if (codec === 6) return decompressZstd(data, size);
  throw new AppError('INTERNAL', `Pages in codec ${codec} can't be made ones of fixed length.`);
}
