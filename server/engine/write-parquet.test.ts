import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import { walkFields, type Schema } from '#shared/iceberg/schema.ts';
import type { IcebergType } from '#shared/iceberg/types.ts';
import { dataFileFromDuckDbStats } from '../iceberg/transaction/data-file-stats.ts';
import { createParquetWriter, type ParquetWriter } from './write-parquet.ts';

let directory: string;
let writer: ParquetWriter;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'write-parquet-'));
  writer = await createParquetWriter({
    memoryLimit: '512MB',
    threads: 1,
    tempDirectory: join(directory, 'spill'),
  });
});
afterAll(async () => {
  writer.close();
  await rm(directory, { recursive: true, force: true });
});

const rowsOf = async (sql: string): Promise<unknown[][]> => {
  const instance = await DuckDBInstance.create(':memory:');
  try {
    return await (await (await instance.connect()).run(sql)).getRowsJson();
  } finally {
    instance.closeSync();
  }
};

const schemaOf = async (query: string): Promise<Schema> => schemaFromColumns(await writer.describe(query));

describe('writing Parquet', () => {
  it('gives every column its field id, nested ones too', async () => {
    const query = `SELECT 1 AS a, [{'x': 1, 'y': [1.5::DOUBLE]}] AS l, MAP {'k': {'v': DATE '2020-01-01'}} AS m FROM range(3)`;
    const schema = await schemaOf(query);
    const [file] = await writer.write({ query, schema, directory });
    const found = await rowsOf(
      `SELECT name, field_id FROM parquet_schema('${file?.path}') WHERE field_id IS NOT NULL ORDER BY field_id`,
    );
    const expected = [...walkFields(schema)].map(({ field }) => [field.name, String(field.id)]);
    expect(found).toEqual(expected.sort((a, b) => Number(a[1]) - Number(b[1])));
    expect(file?.stats.rowCount).toBe(3n);
    expect(file?.stats.columns.get('"a"')).toMatchObject({ min: '1', max: '1', nullCount: 0n });
  });

  it('casts to the table, fills what is not given, and keeps the order', async () => {
    const schema = schemaFromColumns([
      { name: 'Id', sqlType: 'BIGINT' },
      { name: 'sum', sqlType: 'HUGEINT' },
      { name: 'later', sqlType: 'VARCHAR' },
    ]);
    const query = 'SELECT 5::HUGEINT AS sum, (9 - i)::INTEGER AS id FROM range(3) t(i) -- a comment';
    const [file] = await writer.write({
      query,
      schema,
      directory,
      rowGroupSize: 2048,
      compression: 'snappy',
    });
    expect(await rowsOf(`SELECT * FROM '${file?.path}'`)).toEqual([
      ['9', '5', null],
      ['8', '5', null],
      ['7', '5', null],
    ]);
    expect(await rowsOf(`SELECT column_name, column_type FROM (DESCRIBE FROM '${file?.path}')`)).toEqual([
      ['Id', 'BIGINT'],
      ['sum', 'DECIMAL(38,0)'],
      ['later', 'VARCHAR'],
    ]);
  });

  it('tells where the row groups begin', async () => {
    const query = "SELECT i, 'x' || i % 3 AS s FROM range(5000) t(i)";
    const schema = await schemaOf(query);
    const [file] = await writer.write({ query, schema, directory, rowGroupSize: 2048 });
    const groups = await rowsOf(
      `SELECT row_group_id, sum(total_compressed_size) FROM parquet_metadata('${file?.path}') GROUP BY 1 ORDER BY 1`,
    );
    // The first one comes right after the magic bytes, and each after the one before it.
    const sizes = groups.map(([, size]) => BigInt(String(size)));
    let end = 4n;
    const starts = sizes.map((size) => (end += size) - size);
    expect(file?.splitOffsets).toEqual(starts);
    expect(starts).toHaveLength(3);
  });

  const column = (id: number, name: string, type: IcebergType) => ({ id, name, required: false, type });

  it('leaves out what is of type unknown, in structs too', async () => {
    const member = (id: number) => ({
      type: 'struct' as const,
      fields: [column(id, 'x', 'int'), column(id + 1, 'u', 'unknown')],
    });
    const only = { type: 'struct' as const, fields: [column(9, 'u', 'unknown')] };
    const fields = [
      column(1, 'a', 'int'),
      column(2, 'u', 'unknown'),
      column(3, 's', member(4)),
      column(6, 'l', { type: 'list', elementId: 7, elementRequired: false, element: member(10) }),
      column(8, 'o', only),
    ];
    const schema = { schemaId: 0, fields, identifierFieldIds: [] };
    const query = "SELECT 1 AS a, NULL AS u, {'x': 2, 'u': NULL} AS s, [{'x': 3, 'u': NULL}, NULL] AS l";
    const [file] = await writer.write({ query, schema, directory });
    expect(await rowsOf(`SELECT column_name, column_type FROM (DESCRIBE FROM '${file?.path}')`)).toEqual([
      ['a', 'INTEGER'],
      ['s', 'STRUCT(x INTEGER)'],
      ['l', 'STRUCT(x INTEGER)[]'],
      // A struct in Parquet has to have a member.
      ['o', 'STRUCT(u INTEGER)'],
    ]);
    expect(await rowsOf(`FROM '${file?.path}'`)).toEqual([[1, { x: 2 }, [{ x: 3 }, null], null]]);
    const nothingElse = { schemaId: 0, fields: [column(2, 'u', 'unknown')], identifierFieldIds: [] };
    const [all] = await writer.write({
      query: 'SELECT NULL AS u FROM range(3)',
      schema: nothingElse,
      directory,
    });
    expect(all?.stats.rowCount).toBe(3n);
  });

  it('counts NaNs', async () => {
    const query = `SELECT if(i % 4 = 0, 'nan'::FLOAT, i::FLOAT) AS f, i::DOUBLE AS d, {'Y': if(i < 3, 'nan'::DOUBLE, NULL)} AS st, ['nan'::DOUBLE] AS l FROM range(20) t(i)`;
    const schema = await schemaOf(query);
    const [file] = await writer.write({ query, schema, directory });
    if (file === undefined) throw new TypeError('no file');
    const { nanValueCounts } = dataFileFromDuckDbStats({ filePath: 'x', schema, stats: file.stats });
    const ids = new Map([...walkFields(schema)].map(({ path, field }) => [path.join('.'), field.id]));
    expect(nanValueCounts).toEqual(
      new Map([
        [ids.get('f'), 5n],
        [ids.get('d'), 0n],
        [ids.get('st.Y'), 3n],
      ]),
    );
  });

  it('marks nanoseconds in UTC as that', async () => {
    const fields = [
      column(1, 'z', 'timestamptz_ns'),
      column(2, 'n', 'timestamp_ns'),
      column(3, 'l', { type: 'list', elementId: 4, elementRequired: false, element: 'timestamptz_ns' }),
    ];
    const schema = { schemaId: 0, fields, identifierFieldIds: [] };
    const value = "TIMESTAMP_NS '1969-12-31 23:59:59.999999999'";
    const query = `SELECT ${value} AS z, ${value} AS n, [${value}] AS l`;
    const [file] = await writer.write({ query, schema, directory });
    const marked = await rowsOf(
      `SELECT field_id, logical_type LIKE '%isAdjustedToUTC=1%NANOS=NanoSeconds%' FROM parquet_schema('${file?.path}') WHERE logical_type LIKE 'Timestamp%' ORDER BY 1`,
    );
    expect(marked).toEqual([
      ['1', true],
      ['2', false],
      ['4', true],
    ]);
    expect(file?.stats.columns.get('"z"')).toMatchObject({ min: '1969-12-31 23:59:59.999999999' });
  });

  it('writes no file for no rows', async () => {
    const query = 'SELECT 1 AS a WHERE false';
    expect(await writer.write({ query, schema: await schemaOf(query), directory })).toEqual([]);
  });

  it('refuses columns that the table has not, and NULL where a value is required', async () => {
    const schema = schemaFromColumns([{ name: 'a', sqlType: 'INTEGER', required: true }]);
    await expect(writer.write({ query: 'SELECT 1 AS a, 2 AS b', schema, directory })).rejects.toMatchObject({
      code: 'SCHEMA_MISMATCH',
      context: { columns: ['b'] },
    });
    await expect(writer.write({ query: 'SELECT NULL AS a', schema, directory })).rejects.toMatchObject({
      code: 'SCHEMA_MISMATCH',
      context: { column: 'a' },
    });
  });

  it('tells of values that do not fit and of files that are not there', async () => {
    const schema = schemaFromColumns([{ name: 'a', sqlType: 'INTEGER' }]);
    await expect(writer.write({ query: "SELECT 'x' AS a", schema, directory })).rejects.toMatchObject({
      code: 'SQL_RUNTIME',
    });
    await expect(writer.describe("FROM '/nowhere/x.parquet'")).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });
});
