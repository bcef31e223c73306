import fc from 'fast-check';
import avro from 'avsc';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import type { Projection } from './decoder.ts';
import { readAvroData, readAvroFile } from './read-container.ts';
import { decompressSnappy } from './snappy.ts';
import { mapById, optional, required, type AvroRecord } from './schema.ts';
import { writeAvroFile } from './write-container.ts';

const SCHEMA: AvroRecord = {
  type: 'record',
  name: 'test',
  fields: [
    required(1, 'id', 'long'),
    optional(2, 'text', 'string'),
    optional(3, 'bytes', 'bytes'),
    optional(4, 'counts', mapById(40, 41, 'long')),
    optional(5, 'list', { type: 'array', items: 'int', 'element-id': 50 }),
    required(6, 'flag', 'boolean'),
    required(7, 'inner', {
      type: 'record',
      name: 'inner',
      fields: [optional(8, 'd', 'double'), optional(9, 'f', 'float')],
    }),
    optional(10, 'amount', {
      type: 'fixed',
      name: 'dec',
      size: 4,
      logicalType: 'decimal',
      precision: 9,
      scale: 2,
    }),
  ],
};
const PROJECTION: Projection = {
  1: 'id',
  2: 'text',
  3: 'bytes',
  4: 'counts',
  5: 'list',
  6: 'flag',
  7: { as: 'inner', fields: { 8: 'd', 9: 'f' } },
  10: 'amount',
};

const nullable = <T>(values: fc.Arbitrary<T>) => fc.option(values);
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const record = fc.record({
  id: fc.oneof(int64, fc.bigInt({ min: -300n, max: 300n })),
  text: nullable(fc.string({ unit: 'grapheme' })),
  bytes: nullable(fc.uint8Array({ maxLength: 30 })),
  counts: nullable(
    fc.array(fc.tuple(fc.integer(), int64), { maxLength: 5 }).map((entries) => new Map(entries)),
  ),
  list: nullable(fc.array(fc.integer(), { maxLength: 5 })),
  flag: fc.boolean(),
  inner: fc.record({ d: nullable(fc.double()), f: nullable(fc.float()) }),
  amount: nullable(fc.bigInt({ min: -999_999_999n, max: 999_999_999n })),
});
type Row = typeof record extends fc.Arbitrary<infer T> ? T : never;

function toAvro(row: Row): Record<string, unknown> {
  const amount = Buffer.alloc(4);
  if (row.amount !== null) amount.writeInt32BE(Number(row.amount));
  return {
    ...row,
    bytes: row.bytes === null ? null : Buffer.from(row.bytes),
    counts: row.counts === null ? null : [...row.counts].map(([key, value]) => ({ key, value })),
    amount: row.amount === null ? null : amount,
  };
}

const write = (rows: readonly Row[], codec: 'null' | 'deflate' = 'deflate') =>
  writeAvroFile({ schema: SCHEMA, records: rows.map(toAvro), metadata: { 'format-version': '2' }, codec });

describe('Avro containers', () => {
  it('give back what was written', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), fc.constantFrom('null', 'deflate'), (rows, codec) => {
        const { header, records } = readAvroFile(write(rows, codec), PROJECTION, 'x.avro');
        expect(records).toEqual(rows);
        expect(header.metadata).toEqual(new Map([['format-version', '2']]));
      }),
    );
  });

  it('are read by avsc as they are by us', async () => {
    const rows = fc
      .sample(record, { numRuns: 50, seed: 7 })
      .map((row) => ({ ...row, id: row.id % 1000n, counts: null }));
    const decoder = new avro.streams.BlockDecoder();
    const read: { id: number; text: string | null }[] = [];
    for await (const item of Readable.from([Buffer.from(write(rows))]).pipe(decoder))
      read.push(item as (typeof read)[0]);
    expect(read.map(({ id, text }) => [BigInt(id), text])).toEqual(rows.map(({ id, text }) => [id, text]));
  });

  it('resolve fields by id, skip the others, and take names as they come', () => {
    const rows = fc.sample(record, { numRuns: 10, seed: 3 });
    const { records } = readAvroFile(write(rows), { 6: 'yes', 1: 'key' }, 'x.avro');
    expect(records).toEqual(rows.map(({ id, flag }) => ({ key: id, yes: flag })));
  });

  it('split large files into blocks', () => {
    const row = { ...fc.sample(record, { numRuns: 1, seed: 1 })[0], bytes: new Uint8Array(100_000) } as Row;
    const rows = Array.from({ length: 20 }, (_, i) => ({ ...row, id: BigInt(i) }));
    expect(readAvroFile(write(rows), { 1: 'id' }, 'x').records.map(({ id }) => id)).toEqual(
      rows.map(({ id }) => id),
    );
  });
});

describe('Snappy blocks', () => {
  /** Made by Google's library: literals, copies near and far, copies that reach into what they make. */
  const PACKED =
    '6AIAYXYBAARiY0YDAGAsIHRoZSBxdWljayBicm93biBmb3ggYW5kQhgACGRvZ1IYAAhmb3h2dwBGdQAEYWL+eAD+eAD2eAA=';
  const TEXT =
    `${'a'.repeat(31)}bcabcabcabcabcabcabc, the quick brown fox and the quick brown dog and the quick brown fox`.repeat(
      3,
    );
  const block = (packed: Uint8Array, checksum = crc32(TEXT)) => {
    const tail = Buffer.alloc(4);
    tail.writeUInt32BE(checksum);
    return Buffer.concat([packed, tail]);
  };

  it('decompress, and are refused where the checksum does not fit', () => {
    const packed = Buffer.from(PACKED, 'base64');
    expect(Buffer.from(decompressSnappy(block(packed))).toString()).toBe(TEXT);
    expect(() => decompressSnappy(block(packed, 1))).toThrow(/checksum/);
  });

  it('damaged anywhere are an error', () => {
    const packed = Buffer.from(PACKED, 'base64');
    fc.assert(
      fc.property(
        fc.nat(packed.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        (at, flip, cut) => {
          const damaged = Buffer.from(cut ? packed.subarray(0, at) : packed);
          if (!cut) damaged[at] = (damaged[at] ?? 0) ^ flip;
          // A copy from elsewhere may make the same bytes.
          try {
            expect(Buffer.from(decompressSnappy(block(damaged))).toString()).toBe(TEXT);
          } catch (error) {
            if (!isAppError(error, 'CORRUPT_FILE')) throw error;
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('that claim gigabytes are refused before any is made', () => {
    expect(() => decompressSnappy(block(Buffer.from('ffffffff0f00', 'hex')))).toThrow(
      /says that it has 4294967295/,
    );
  });
});

describe('hostile Avro', () => {
  const whole = write(fc.sample(record, { numRuns: 30, seed: 42 }), 'null');
  const readable = (bytes: Uint8Array) => {
    try {
      readAvroFile(bytes, PROJECTION, 'warehouse/t/m0.avro');
      return true;
    } catch (error) {
      if (!isAppError(error, 'CORRUPT_FILE') && !isAppError(error, 'UNSUPPORTED')) throw error;
      expect(error.message).toContain('warehouse/t/m0.avro');
      expect(error.context['source']).toBe('warehouse/t/m0.avro');
      return false;
    }
  };

  it('cut short anywhere is an error, except between blocks', () => {
    const { length } = whole;
    for (let end = 0; end < length; end += 7) {
      const header = end < length && readable(whole.subarray(0, end));
      if (header) expect(readAvroFile(whole.subarray(0, end), PROJECTION, 'x').records).toEqual([]);
    }
    expect(readable(whole)).toBe(true);
  });

  it('changed anywhere ends, with what it says or an error that names the file', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Uint8Array.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        readable(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  const file = (schema: unknown, block: number[], count = 1, codec = 'null') => {
    const header = avro.Type.forSchema({ type: 'map', values: 'bytes' }).toBuffer({
      'avro.schema': Buffer.from(JSON.stringify(schema)),
      'avro.codec': Buffer.from(codec),
    });
    const long = (value: number) => avro.Type.forSchema('long').toBuffer(value);
    const sync = Buffer.alloc(16);
    return Buffer.concat([
      Buffer.from('Obj\u0001', 'latin1'),
      header,
      sync,
      long(count),
      long(block.length),
      Buffer.from(block),
      sync,
    ]);
  };
  const recordOf = (type: unknown) => ({
    type: 'record',
    name: 'r',
    fields: [{ name: 'a', type, 'field-id': 1 }],
  });
  // Zigzag varint of 2^53 - 2.
  const huge = [0xfc, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f];

  it.each([
    ['an absurd length of text', recordOf('string'), huge],
    ['an absurd number of items', recordOf({ type: 'array', items: 'long' }), huge],
    ['an absurd number of items that take no bytes', recordOf({ type: 'array', items: 'null' }), huge],
    ['a negative length', recordOf('bytes'), [0x01]],
    ['a varint without end', recordOf('long'), Array.from({ length: 30 }, () => 0xff)],
    ['a union branch that is not there', recordOf(['null', 'int']), [0x08]],
    ['bytes left over', recordOf('int'), [0x02, 0x02]],
    ['a type that is not defined', recordOf('decimal'), [0x02]],
    [
      'a record that contains itself',
      { type: 'record', name: 'r', fields: [{ name: 'a', type: 'r', 'field-id': 1 }] },
      [0x02],
    ],
    ['a schema that is none', 17, [0x02]],
    ['an unknown codec', recordOf('int'), [0x02], 1, 'lzma'],
    ['zstd that is none', recordOf('int'), [0x28, 0xb5, 0x2f, 0xfd], 1, 'zstandard'],
    ['deflate that is none', recordOf('int'), [0xff, 0xff], 1, 'deflate'],
    ['more records than bytes', recordOf('null'), [0x02], 2 ** 40],
  ] as const)('%s is an error', (_, schema, block, count = 1, codec: string = 'null') => {
    expect(readable(file(schema, [...block], count, codec))).toBe(false);
  });

  it('blocks in zstd are read, those in bzip2 and xz are refused as unsupported', async () => {
    // One raw block of one byte, of a frame that says how many it has.
    const zstd = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 1, 0x09, 0, 0, 0x0e];
    const bytes = file(recordOf('int'), zstd, 1, 'zstandard');
    expect(readAvroFile(bytes, { 1: 'a' }, 'x.avro').records).toEqual([{ a: 7 }]);
    expect((await readAvroData(bytes, 'x.avro')).data).toEqual(Uint8Array.of(0x0e));
    for (const codec of ['bzip2', 'xz'])
      await expect(readAvroData(file(recordOf('int'), zstd, 1, codec), 'x.avro')).rejects.toMatchObject({
        code: 'UNSUPPORTED',
        message: expect.stringMatching(`^x.avro is compressed with '${codec}'`) as string,
      });
  });

  it('a schema that doubles itself at every level is an error', () => {
    const level = (n: number): unknown => {
      const inner = n === 0 ? 'int' : level(n - 1);
      const name = `L${n}`;
      const reuse = n === 0 ? 'int' : `L${n - 1}`;
      return {
        type: 'record',
        name,
        fields: [
          { name: 'a', type: inner, 'field-id': 1 },
          { name: 'b', type: reuse, 'field-id': 2 },
        ],
      };
    };
    expect(readable(file(level(40), [0x02]))).toBe(false);
  });
});
