import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import { parseTransform } from '#shared/iceberg/partition.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { parseJson, stringifyJson } from '#shared/util/json.ts';
import { applyUpdates } from './apply-updates.ts';
import { createTableMetadata } from './create.ts';
import { parseTableMetadata } from './parse.ts';
import { serializeTableMetadata, tableMetadataToJson } from './serialize.ts';

const FOLDER = join(import.meta.dirname, '..', 'testdata', 'metadata');
const golden = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

describe('metadata of other writers', () => {
  it.each([
    'TableMetadataV1Valid.json',
    'TableMetadataV1Compat.json',
    'TableMetadataV2Valid.json',
    'TableMetadataV2ValidMinimal.json',
    'TableMetadataV3ValidMinimal.json',
    'TableMetadataV3ValidEncryption.json',
    'example_table_metadata_v2_partition_evolution.json',
  ])('%s reads, and reads the same after it was written', (name) => {
    const metadata = parseTableMetadata(golden(name), name);
    expect(parseTableMetadata(serializeTableMetadata(metadata), 'again')).toEqual(metadata);
  });

  it('keeps every member of a v2 file that the spec has', () => {
    const original = parseJson(golden('TableMetadataV2Valid.json')) as Record<string, unknown>;
    const written = parseJson(
      stringifyJson(tableMetadataToJson(parseTableMetadata(golden('TableMetadataV2Valid.json'), 'x'))),
    );
    // Unsorted is an order of every table, whether it is written or not.
    const orders = [...(original['sort-orders'] as unknown[]), { 'order-id': 0, fields: [] }];
    expect(written).toMatchObject({ ...original, 'sort-orders': orders });
  });

  it('reads ids beyond 2^53 exactly', () => {
    const metadata = parseTableMetadata(golden('TableMetadataV2Valid.json'), 'x');
    expect(metadata.snapshots.map((snapshot) => snapshot.snapshotId)).toEqual([
      3_051_729_675_574_597_004n,
      3_055_729_675_574_597_004n,
    ]);
  });

  it('gives no id of a partition field twice, whatever the file says was the last', () => {
    const json = parseJson(golden('TableMetadataV2Valid.json')) as Record<string, unknown>;
    const lying = stringifyJson({ ...json, 'last-partition-id': 999 });
    const metadata = parseTableMetadata(lying, 'x');
    expect(metadata.lastPartitionId).toBe(1000);
  });

  it('reads the one schema and spec of old v1 files', () => {
    const metadata = parseTableMetadata(golden('TableMetadataV1Valid.json'), 'x');
    expect(metadata.schemas).toHaveLength(1);
    expect(metadata.partitionSpecs[0]?.fields[0]).toEqual({
      sourceId: 1,
      fieldId: 1000,
      name: 'x',
      transform: 'identity',
    });
    expect(metadata.lastSequenceNumber).toBe(0n);
  });

  it('reads gzipped files', () => {
    const text = golden('TableMetadataV2Valid.json');
    expect(parseTableMetadata(gzipSync(text), 'x.gz.metadata.json')).toEqual(parseTableMetadata(text, 'x'));
  });
});

describe('metadata that is wrong', () => {
  const valid = () => parseJson(golden('TableMetadataV2Valid.json')) as Record<string, never>;
  const parse = (json: unknown) => parseTableMetadata(stringifyJson(json), 'w/t/00001.metadata.json');
  const change = (path: readonly (string | number)[], value: unknown) => {
    const json: Record<string | number, unknown> = valid();
    let at = json;
    for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
    at[path.at(-1) ?? ''] = value;
    return json;
  };

  it.each([
    [['format-version'], 9, 'UNSUPPORTED', "'format-version' 9"],
    [['format-version'], 'two', 'CORRUPT_METADATA', "field 'format-version' must be an integer"],
    [['table-uuid'], undefined, 'CORRUPT_METADATA', "field 'table-uuid' is missing"],
    [['location'], 5, 'CORRUPT_METADATA', "field 'location' must be text, but is 5"],
    [['current-schema-id'], 7, 'CORRUPT_METADATA', "field 'current-schema-id' is 7"],
    [['default-spec-id'], 7, 'CORRUPT_METADATA', "field 'default-spec-id' is 7"],
    [['default-sort-order-id'], 8, 'CORRUPT_METADATA', "field 'default-sort-order-id' is 8"],
    [['current-snapshot-id'], 1, 'CORRUPT_METADATA', "field 'current-snapshot-id' is 1"],
    [
      ['snapshots', 1, 'snapshot-id'],
      1.5,
      'CORRUPT_METADATA',
      "field 'snapshots[1].snapshot-id' must be a 64-bit integer",
    ],
    [
      ['snapshots', 0, 'manifest-list'],
      null,
      'CORRUPT_METADATA',
      "field 'snapshots[0].manifest-list' is missing",
    ],
    [
      ['schemas', 0, 'fields', 0, 'type'],
      'money',
      'CORRUPT_METADATA',
      "field 'schemas[0].fields[0].type' is wrong: 'money'",
    ],
    [['schemas', 1, 'fields', 1, 'id'], 1, 'CORRUPT_METADATA', "gives the id 1 to both 'x' and 'y'"],
    [['sort-orders', 0, 'fields', 0, 'direction'], 'up', 'CORRUPT_METADATA', 'must be one of asc, desc'],
    [['properties'], [], 'CORRUPT_METADATA', "field 'properties' must be an object"],
    [
      ['snapshots', 1, 'sequence-number'],
      35,
      'CORRUPT_METADATA',
      "field 'snapshots[1].sequence-number' is 35, where 'last-sequence-number' is 34",
    ],
    [
      ['refs'],
      { test: { 'snapshot-id': 4, type: 'tag' } },
      'CORRUPT_METADATA',
      "field 'refs.test.snapshot-id' is 4, which is not among 'snapshots'",
    ],
    [
      ['schemas', 0, 'fields', 0, 'id'],
      2 ** 31,
      'CORRUPT_METADATA',
      "field 'schemas[0].fields[0].id' is 2147483648, which is no 32-bit integer",
    ],
    [
      ['schemas', 1, 'fields', 0, 'type'],
      { type: 'list', 'element-id': 2 ** 40, element: 'int', 'element-required': true },
      'CORRUPT_METADATA',
      "field 'schemas[1].fields[0].type.element-id' is 1099511627776, which is no 32-bit integer",
    ],
    [
      ['schemas', 1, 'fields', 1, 'name'],
      'x',
      'CORRUPT_METADATA',
      "field 'schemas[1].fields[1].name' is 'x', as another field's beside it is",
    ],
    ...['bucket[0]', 'truncate[0]', 'bucket[2147483648]', 'truncate[]'].map(
      (transform): [(string | number)[], unknown, string, string] => [
        ['partition-specs', 0, 'fields', 0, 'transform'],
        transform,
        'CORRUPT_METADATA',
        `field 'partition-specs[0].fields[0].transform' is '${transform}'; its parameter is from 1 to 2147483647`,
      ],
    ),
    [
      ['sort-orders', 0, 'fields', 1, 'transform'],
      'bucket[0]',
      'CORRUPT_METADATA',
      "field 'sort-orders[0].fields[1].transform' is 'bucket[0]'",
    ],
    [
      ['partition-specs', 0, 'fields'],
      [1, 2].map((id) => ({ 'source-id': id, 'field-id': 1000, name: `p${id}`, transform: 'identity' })),
      'CORRUPT_METADATA',
      "gives the id 1000 to both 'p1' and 'p2'",
    ],
  ])('%j = %j is %s', (path, value, code, message) => {
    expect(() => parse(change(path, value))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
    expect(() => parse(change(path, value))).toThrow('w/t/00001.metadata.json');
  });

  it('keeps a transform of a newer writer as it is', () => {
    const json = change(['partition-specs', 0, 'fields', 0, 'transform'], 'zorder[4]');
    expect(parse(json).partitionSpecs[0]?.fields[0]?.transform).toBe('zorder[4]');
  });

  it('refuses two snapshots of one id', () => {
    const json = change(['snapshots', 0, 'snapshot-id'], 3_055_729_675_574_597_004n);
    expect(() => parse(json)).toThrow(
      "field 'snapshots[1].snapshot-id' is 3055729675574597004, as another snapshot's is",
    );
  });

  it('keeps a transform of several columns, by which nothing is pruned', () => {
    const field = { 'source-ids': [1, 2], 'field-id': 1000, name: 'p', transform: 'bucket[16]' };
    const metadata = parse(change(['partition-specs', 0, 'fields'], [field]));
    const [kept] = metadata.partitionSpecs[0]?.fields ?? [];
    expect(parseTransform(kept?.transform ?? '').kind).toBe('unknown');
    const written = tableMetadataToJson(metadata)['partition-specs'] as { fields: unknown[] }[];
    expect(written[0]?.fields).toEqual([field]);
  });

  it.each(['', 'null', '[]', '{', '{"format-version": 2', '\u0000', '"text"'])(
    '%j is no metadata',
    (text) => {
      expect(() => parseTableMetadata(text, 'x')).toThrow(
        expect.objectContaining({ code: 'CORRUPT_METADATA' }),
      );
    },
  );

  it('nested without end is an error', () => {
    const deep = (n: number): unknown =>
      n === 0
        ? 'int'
        : { type: 'list', 'element-id': n + 10, 'element-required': false, element: deep(n - 1) };
    expect(() => parse(change(['schemas', 0, 'fields', 0, 'type'], deep(500)))).toThrow(
      'nested more than 100 deep',
    );
  });

  it('that inflates without end is refused before it fills memory', () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
    expect(bomb.length).toBeLessThan(100_000);
    expect(() => parseTableMetadata(bomb, 'w/t/1.gz.metadata.json')).toThrow(
      expect.objectContaining({
        code: 'CORRUPT_METADATA',
        message: expect.stringMatching(/1\.gz\.metadata\.json.*inflate to more than 33554432/) as string,
      }),
    );
  });

  it('with anything in the place of any member is read or refused, never anything else', () => {
    const names = [
      'TableMetadataV1Valid.json',
      'TableMetadataV2Valid.json',
      'TableMetadataV3ValidMinimal.json',
    ];
    const odd = fc.oneof(
      fc.constantFrom<unknown>(null, true, -1, 0.5, 1e300, '', 'int', [], {}, [[]], [null], { id: 1 }),
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
      fc.string(),
      fc.jsonValue({ maxDepth: 2 }),
    );
    let read = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), odd, fc.boolean(), (name, pick, value, remove) => {
        const json = parseJson(golden(name));
        const places = placesOf(json);
        const place = places[pick % places.length];
        if (place === undefined) return;
        if (remove) Reflect.deleteProperty(place.parent, place.key);
        else Reflect.set(place.parent, place.key, value);
        try {
          const metadata = parse(json);
          // What is read can be written, and is then the same.
          expect(parseTableMetadata(serializeTableMetadata(metadata), 'again')).toEqual(metadata);
          read += 1;
        } catch (error) {
          if (!isAppError(error, 'CORRUPT_METADATA') && !isAppError(error, 'UNSUPPORTED')) throw error;
          expect(error.message).toMatch(/00001\.metadata\.json/);
          refused += 1;
        }
      }),
      { numRuns: 1500 },
    );
    expect(Math.min(read, refused)).toBeGreaterThan(100);
  });

  it('cut short or changed anywhere is read or refused, never anything else', () => {
    const text = golden('TableMetadataV2Valid.json');
    fc.assert(
      fc.property(fc.nat(text.length), fc.constantFrom('', '0', '"', '-', 'null', '{'), (at, insert) => {
        try {
          parseTableMetadata(`${text.slice(0, at)}${insert}${text.slice(at + 1)}`, 'x');
        } catch (error) {
          expect(isAppError(error, 'CORRUPT_METADATA') || isAppError(error, 'UNSUPPORTED')).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** Every member of every object and list. */
function placesOf(value: unknown): { readonly parent: object; readonly key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [{ parent: value, key }, ...placesOf(child)]);
}

it('metadata of any table reads back as it was', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
  const table = fc.record({
    columns: fc.uniqueArray(name, { minLength: 1, maxLength: 6, selector: (text) => text.toLowerCase() }),
    type: fc.constantFrom('BIGINT', 'DECIMAL(9,2)', 'STRUCT(a INT, b VARCHAR[])', 'MAP(VARCHAR, DATE)'),
    properties: fc.dictionary(name, fc.string()),
    snapshots: fc.uniqueArray(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), { maxLength: 5 }),
    now: fc.nat(2 ** 41),
  });
  fc.assert(
    fc.property(table, ({ columns, type, properties, snapshots, now }) => {
      const schema = schemaFromColumns(columns.map((column) => ({ name: column, sqlType: type })));
      let metadata = createTableMetadata({ location: 'file:///w/t', schema, properties, now });
      for (const [index, snapshotId] of snapshots.entries()) {
        const snapshot = {
          snapshotId,
          ...(metadata.currentSnapshotId === undefined
            ? {}
            : { parentSnapshotId: metadata.currentSnapshotId }),
          sequenceNumber: BigInt(index + 1),
          timestampMs: now + index,
          summary: { operation: 'append' as const, 'total-records': '5' },
          manifestList: `file:///w/t/metadata/snap-${snapshotId}.avro`,
          schemaId: 0,
        };
        metadata = applyUpdates(
          metadata,
          [
            { action: 'add-snapshot', snapshot },
            { action: 'set-snapshot-ref', refName: 'main', ref: { snapshotId, type: 'branch' } },
          ],
          { metadataLocation: `file:///w/t/metadata/${index}.metadata.json`, now: now + index },
        );
      }
      expect(parseTableMetadata(serializeTableMetadata(metadata), 'x')).toEqual(metadata);
    }),
  );
});
