import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import avro from 'avsc';
import { LRUCache } from 'lru-cache';
import type { AvroRecord } from './schema.ts';

/** What a block holds before it is closed; small enough to decompress at once, large enough to compress well. */
const BLOCK_BYTES = 256 * 1024;
const MAGIC = Buffer.from('Obj\u0001', 'latin1');

export type WriteCodec = 'null' | 'deflate';

/** avsc reads longs as numbers, which lose ids above 2^53; these are bigint. */
// oxlint-disable-next-line eslint/no-underscore-dangle -- avsc's own name for it
const INT64 = avro.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const buffer = Buffer.alloc(8);
    buffer.writeBigInt64LE(value);
    return buffer;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

const HEADER = avro.Type.forSchema({ type: 'map', values: 'bytes' });

/**
 * Writes an Avro object container file. In records, longs are bigint, bytes and fixed are Buffer.
 *
 * @param metadata goes into the header beside the schema
 */
export function writeAvroFile(input: {
  readonly schema: AvroRecord;
  readonly records: Iterable<Readonly<Record<string, unknown>>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly codec?: WriteCodec;
}): Uint8Array {
  const codec = input.codec ?? 'deflate';
  const schema = JSON.stringify(input.schema);
  const type = recordType(input.schema, schema);
  const sync = randomBytes(16);
  const header = { ...input.metadata, 'avro.schema': schema, 'avro.codec': codec };
  const parts: Buffer[] = [MAGIC, HEADER.toBuffer(asBuffers(header)), sync];

  let block: Buffer[] = [];
  let size = 0;
  const close = () => {
    if (block.length === 0) return;
    const raw = Buffer.concat(block);
    const stored = codec === 'deflate' ? deflateRawSync(raw) : raw;
    parts.push(INT64.toBuffer(BigInt(block.length)), INT64.toBuffer(BigInt(stored.length)), stored, sync);
    block = [];
    size = 0;
  };
  for (const record of input.records) {
    const encoded = type.toBuffer(record);
    block.push(encoded);
    size += encoded.length;
    if (size >= BLOCK_BYTES) close();
  }
  close();
  return new Uint8Array(Buffer.concat(parts));
}

/** avsc's view of bytes, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** avsc compiles an encoder for each schema, which takes longer than most files do. */
const types = new LRUCache<string, avro.Type>({ max: 100 });

/** @param text the schema's JSON */
function recordType(schema: AvroRecord, text: string): avro.Type {
  const known = types.get(text);
  if (known !== undefined) return known;
  const type = avro.Type.forSchema(schema as unknown as avro.Schema, {
    typeHook: (inner) =>
      inner === 'long' || (inner as { type?: unknown }).type === 'long' ? INT64 : undefined,
  });
  types.set(text, type);
  return type;
}

function asBuffers(values: Readonly<Record<string, string>>): Record<string, Buffer> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value)]));
}
