import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckDbTypeOf, schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import { fitColumns, assertFits, type IncomingColumn } from './fit-columns.ts';

const schema = schemaFromColumns([
  { name: 'id', sqlType: 'BIGINT', required: true },
  { name: 'price', sqlType: 'DECIMAL(9,2)' },
  { name: 'place', sqlType: 'STRUCT(lat DOUBLE, city VARCHAR)' },
  { name: 'tags', sqlType: 'VARCHAR[]' },
]);
const fit = (columns: readonly IncomingColumn[], mergeSchema = false, formatVersion: 2 | 3 = 2) =>
  fitColumns(schema, columns, { formatVersion, mergeSchema });
const id = { name: 'ID', sqlType: 'INTEGER' };

describe('rows fit a table', () => {
  it('by name in any case, with narrower types, without what may be null', () => {
    expect(fit([id]).misfits).toEqual([]);
    expect(fit([id, { name: 'price', sqlType: 'DECIMAL(5,1)' }]).misfits).toEqual([]);
    expect(fit([id, { name: 'price', sqlType: '"NULL"' }]).misfits).toEqual([]);
    expect(fit([id, { name: 'place', sqlType: 'STRUCT(city VARCHAR, lat FLOAT)' }]).misfits).toEqual([]);
  });

  it('or everything that does not is listed', () => {
    const { misfits } = fit([
      { name: 'price', sqlType: 'DECIMAL(9,3)' },
      { name: 'place', sqlType: 'STRUCT(lat VARCHAR, alt INTEGER)' },
      { name: 'tags', sqlType: 'VARCHAR' },
      { name: 'when', sqlType: 'INTERVAL' },
      { name: 'Tags', sqlType: 'VARCHAR[]' },
    ]);
    expect(misfits.map(({ column, expected, got }) => [column, expected, got])).toEqual([
      ['when', null, 'INTERVAL'],
      ['Tags', 'list<string>', 'VARCHAR[]'],
      ['id', 'long', null],
      ['price', 'decimal(9, 2)', 'decimal(9, 3)'],
      ['place.lat', 'double', 'string'],
      ['place.alt', null, 'int'],
      ['tags', 'list<string>', 'string'],
    ]);
    expect(() => assertFits(misfits, 'the table t')).toThrow(
      expect.objectContaining({
        code: 'SCHEMA_MISMATCH',
        message: expect.stringMatching(
          /^7 columns do not fit the table t\. .*'price' is decimal\(9, 3\) and not/,
        ),
        context: { table: 'the table t', misfits },
      }),
    );
  });

  it('or may change it: new columns and wider types are no misfits then', () => {
    const { misfits, fields } = fit(
      [
        { name: 'id', sqlType: 'TINYINT' },
        { name: 'price', sqlType: 'DECIMAL(12,2)' },
        { name: 'place', sqlType: 'STRUCT(alt INTEGER)' },
        { name: 'note', sqlType: 'VARCHAR' },
      ],
      true,
    );
    expect(misfits).toEqual([]);
    expect(fields).toMatchObject([
      { name: 'id', required: true, type: 'long' },
      { name: 'price', type: 'decimal(12, 2)' },
      { name: 'place', type: { fields: [{ name: 'alt' }] } },
      { name: 'note', required: false },
    ]);
  });

  it('says that a required column may be null only where that is known', () => {
    expect(fit([{ ...id, nullable: true }]).misfits).toMatchObject([
      { column: 'ID', expected: 'long not null' },
    ]);
    expect(fit([{ ...id, nullable: true }], true).fields[0]?.required).toBe(false);
    expect(fit([{ ...id, nullable: false }]).misfits).toEqual([]);
  });
});

describe('a type that another is said to hold', () => {
  let instance: DuckDBInstance;
  let duckdb: DuckDBConnection;
  beforeAll(async () => {
    instance = await DuckDBInstance.create(':memory:');
    duckdb = await instance.connect();
  });
  afterAll(() => {
    duckdb.closeSync();
    instance.closeSync();
  });

  /** Values at the ends of each type, where a cast would go wrong first. */
  const EXTREMES: Readonly<Record<string, readonly string[]>> = {
    TINYINT: ['-128', '127'],
    UTINYINT: ['255'],
    SMALLINT: ['-32768', '32767'],
    INTEGER: ['-2147483648', '2147483647'],
    UINTEGER: ['4294967295'],
    BIGINT: ['-9223372036854775808', '9223372036854775807'],
    UBIGINT: ['18446744073709551615'],
    FLOAT: ["'1.1'", "'-3.4028235e38'", "'1e-45'", "'inf'"],
    DOUBLE: ["'1.1'", "'1.7976931348623157e308'"],
    'DECIMAL(5,2)': ['-999.99', '0.01'],
    'DECIMAL(18,0)': ['999999999999999999'],
    DATE: ["'1970-01-01'", "'0001-01-01'", "'9999-12-31'"],
    TIMESTAMP: ["'2020-01-01 10:11:12.123456'"],
    TIMESTAMP_NS: ["'2020-01-01 10:11:12.123456789'"],
    'TIMESTAMP WITH TIME ZONE': ["'2020-01-01 10:11:12.123456+00'"],
    VARCHAR: ["'x'"],
    UUID: ["'fa6506c3-7681-40c8-86dc-e36561f83385'"],
  };
  const TARGETS = [
    'int',
    'long',
    'float',
    'double',
    'decimal(7, 2)',
    'decimal(10, 0)',
    'decimal(20, 1)',
    'decimal(38, 10)',
    'timestamp',
    'timestamptz',
    'timestamp_ns',
    'string',
    'date',
  ];

  it('holds each value exactly, as DuckDB casts it', async () => {
    const held: string[] = [];
    for (const [sqlType, values] of Object.entries(EXTREMES)) {
      for (const target of TARGETS) {
        const table = { fields: [{ id: 1, name: 'v', required: false, type: target }] };
        const { misfits } = fitColumns(table, [{ name: 'v', sqlType }], {
          formatVersion: 3,
          mergeSchema: false,
        });
        if (misfits.length > 0) continue;
        held.push(`${sqlType} in ${target}`);
        for (const value of values) {
          const cast = `CAST(CAST(CAST(${value} AS ${sqlType}) AS ${duckDbTypeOf(target)}) AS ${sqlType})`;
          const rows = await duckdb.runAndReadAll(`SELECT ${cast} = CAST(${value} AS ${sqlType})`);
          expect([sqlType, target, value, rows.getRows()[0]?.[0]]).toEqual([sqlType, target, value, true]);
        }
      }
    }
    expect(held).toContain('INTEGER in double');
    expect(held).toContain('BIGINT in decimal(20, 1)');
    expect(held).toContain('DATE in timestamp');
    for (const wrong of [
      'BIGINT in double',
      'BIGINT in int',
      'TIMESTAMP in timestamp_ns',
      'INTEGER in float',
      'VARCHAR in date',
    ])
      expect(held).not.toContain(wrong);
  });
});
