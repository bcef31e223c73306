import { constants, inflateRawSync } from 'node:zlib';
import * as zlib from 'node:zlib';
import { AppError, errorMessage } from '#shared/errors/app-error.ts';
import { parseJson } from '#shared/util/json.ts';
import { AvroCursor, AvroDecodeError } from './cursor.ts';
import { compileDecoder, type Projection } from './decoder.ts';

const MAGIC = [0x4f, 0x62, 0x6a, 0x01];
const SYNC_SIZE = 16;
/** One block's most when decompressed; stops a compression bomb. */
const MAX_BLOCK_BYTES = 256 * 1024 * 1024;

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
    const cursor = new AvroCursor(bytes);
    const header = readHeader(cursor);
    const sync = cursor.span(SYNC_SIZE);
    const decode = compileDecoder(header.schema, projection);
    const records: Readonly<Record<string, unknown>>[] = [];
    while (cursor.remaining > 0) {
      const count = cursor.small();
      const data = decompress(header.codec, cursor.span(cursor.length()));
      if (count < 0 || count > data.length)
        throw new AvroDecodeError(`a block of ${count} records has ${data.length} bytes`);
      const block = new AvroCursor(data);
      for (let i = 0; i < count; i += 1) records.push(decode(block) as Readonly<Record<string, unknown>>);
      if (block.remaining > 0) throw new AvroDecodeError(`a block has ${block.remaining} bytes too many`);
      if (Buffer.compare(cursor.span(SYNC_SIZE), sync) !== 0) {
        throw new AvroDecodeError('a block does not end with the mark that the header gives');
      }
    }
    return { header, records };
  } catch (error) {
    if (error instanceof AppError && error.code === 'UNSUPPORTED') {
      throw new AppError('UNSUPPORTED', `${file} ${error.message}`, {
        context: { source: file },
        cause: error,
      });
    }
    throw new AppError('CORRUPT_FILE', `${file} is damaged or no Avro file: ${errorMessage(error)}.`, {
      context: { source: file },
      cause: error,
    });
  }
}

function readHeader(cursor: AvroCursor): AvroHeader {
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

type Decompress = (data: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;

function decompress(codec: string, data: Uint8Array): Uint8Array {
  const limit = { maxOutputLength: MAX_BLOCK_BYTES };
  switch (codec) {
    case 'null':
      return data;
    case 'deflate':
      // Ends with Z_SYNC_FLUSH in some writers, which leave the final block out.
      return inflateRawSync(data, { ...limit, finishFlush: constants.Z_SYNC_FLUSH });
    case 'zstandard': {
      // In Node.js 22.15 and later.
      const zstd = (zlib as { zstdDecompressSync?: Decompress }).zstdDecompressSync;
      if (zstd !== undefined) return zstd(data, limit);
      throw new AppError('UNSUPPORTED', 'is compressed with zstandard, which needs Node.js 22.15 or later.');
    }
    default:
      throw new AppError(
        'UNSUPPORTED',
        `is compressed with '${codec}'; rewrite the table's manifests with deflate ('write.avro.compression-codec' = 'gzip').`,
      );
  }
}
