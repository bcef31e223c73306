import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import { walkFields, type Schema } from '#shared/iceberg/schema.ts';
import type { IcebergType } from '#shared/iceberg/types.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { partitionSpecOf } from '#shared/iceberg/partition.ts';
import { sortOrderOf } from '../iceberg/evolution/replace-sort-order.ts';
import type { DataFile } from '../iceberg/manifest/data-file.ts';
import { createTableMetadata } from '../iceberg/metadata/create.ts';
import type { FileIO } from '../storage/file-io.ts';
import { createLocalFileIO } from '../storage/local-file-io.ts';
import { createParquetWriter, type ParquetWriter } from './write-parquet.ts';

let directory: string;
let writer: ParquetWriter;
let io: FileIO;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'write-parquet-'));
  io = await createLocalFileIO({ rootDirectory: join(directory, 'warehouse') });
  writer = await createParquetWriter({
    memoryLimit: '512MB',
    // Several, because they might mix up the rows.
    threads: 4,
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

const staging = () => join(directory, 'staging');

const tableOf = (schema: Schema): TableMetadata => ({
  ...createTableMetadata({ location: `${io.root}/t`, schema, formatVersion: 3 }),
  // With the ids that the test says.
  schemas: [schema],
});

const writeTo = async (
  metadata: TableMetadata,
  query: string,
): Promise<readonly (DataFile & { readonly path: string })[]> => {
  const { dataFiles, landed } = await writer.write({ query, metadata, io, directory: staging() });
  await landed;
  return dataFiles.map((file) => ({ ...file, path: io.localPath(file.filePath) ?? '' }));
};

const write = async ({ query, schema }: { readonly query: string; readonly schema: Schema }) =>
  writeTo(tableOf(schema), query);

const schemaOf = async (query: string): Promise<Schema> => schemaFromColumns(await writer.describe(query));

describe('writing Parquet', () => {
  it('gives every column its field id, nested ones too', async () => {
    const query = `SELECT 1 AS a, [{'x': 1, 'y': [1.5::DOUBLE]}] AS l, MAP {'k': {'v': DATE '2020-01-01'}} AS m FROM range(3)`;
    const schema = await schemaOf(query);
    const [file] = await write({ query, schema });
    const found = await rowsOf(
      `SELECT name, field_id FROM parquet_schema('${file?.path}') WHERE field_id IS NOT NULL ORDER BY field_id`,
    );
    const expected = [...walkFields(schema)].map(({ field }) => [field.name, String(field.id)]);
    expect(found).toEqual(expected.sort((a, b) => Number(a[1]) - Number(b[1])));
    expect(file?.recordCount).toBe(3n);
    const { id = 0 } = schema.fields[0] ?? {};
    expect(file?.nullValueCounts?.get(id)).toBe(0n);
    expect(file?.lowerBounds?.get(id)).toEqual(Uint8Array.of(1, 0, 0, 0));
  });

  it('casts to the table, fills what is not given, and keeps the order', async () => {
    const schema = schemaFromColumns([
      { name: 'Id', sqlType: 'BIGINT' },
      { name: 'sum', sqlType: 'HUGEINT' },
      { name: 'later', sqlType: 'VARCHAR' },
    ]);
    const query = 'SELECT 5::HUGEINT AS sum, (9 - i)::INTEGER AS id FROM range(3) t(i) -- a comment';
    const [file] = await write({
      query,
      schema,
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
    const query = "SELECT i, 'x' || i % 3 AS s FROM range(300000) t(i)";
    const schema = await schemaOf(query);
    const [file] = await write({ query, schema });
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
    const [file] = await write({ query, schema });
    expect(await rowsOf(`SELECT column_name, column_type FROM (DESCRIBE FROM '${file?.path}')`)).toEqual([
      ['a', 'INTEGER'],
      ['s', 'STRUCT(x INTEGER)'],
      ['l', 'STRUCT(x INTEGER)[]'],
      // A struct in Parquet has to have a member.
      ['o', 'STRUCT(u INTEGER)'],
    ]);
    expect(await rowsOf(`FROM '${file?.path}'`)).toEqual([[1, { x: 2 }, [{ x: 3 }, null], null]]);
    const nothingElse = { schemaId: 0, fields: [column(2, 'u', 'unknown')], identifierFieldIds: [] };
    const [all] = await write({
      query: 'SELECT NULL AS u FROM range(3)',
      schema: nothingElse,
    });
    expect(all?.recordCount).toBe(3n);
  });

  it('counts NaNs', async () => {
    const query = `SELECT if(i % 4 = 0, 'nan'::FLOAT, i::FLOAT) AS f, i::DOUBLE AS d, {'Y': if(i < 3, 'nan'::DOUBLE, NULL)} AS st, ['nan'::DOUBLE] AS l FROM range(20) t(i)`;
    const schema = await schemaOf(query);
    const [file] = await write({ query, schema });
    const ids = new Map([...walkFields(schema)].map(({ path, field }) => [path.join('.'), field.id]));
    expect(file?.nanValueCounts).toEqual(
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
    const [file] = await write({ query, schema });
    const marked = await rowsOf(
      `SELECT field_id, logical_type LIKE '%isAdjustedToUTC=1%NANOS=NanoSeconds%' FROM parquet_schema('${file?.path}') WHERE logical_type LIKE 'Timestamp%' ORDER BY 1`,
    );
    expect(marked).toEqual([
      ['1', true],
      ['2', false],
      ['4', true],
    ]);
    expect(file?.lowerBounds?.get(1)).toEqual(new Uint8Array(8).fill(0xff));
  });

  it('writes a file a partition, sorted as the table is, and leaves nothing behind', async () => {
    const query = "SELECT i AS id, ['north', 'south', NULL][1 + i % 3] AS region FROM range(300) t(i)";
    const described = await schemaOf(query);
    const fields = described.fields.map((field) => ({ ...field, required: field.name === 'id' }));
    const schema = { ...described, fields };
    const metadata = createTableMetadata({
      location: `${io.root}/p`,
      schema,
      partitionSpec: partitionSpecOf(schema, [
        { source: 'region', transform: 'identity' },
        { source: 'id', transform: 'bucket[2]' },
      ]),
      sortOrder: sortOrderOf(schema, [{ source: 'id', direction: 'desc' }]),
    });
    // One that fails in the middle is not in the way of the next.
    await expect(writeTo(metadata, "SELECT NULL AS id, 'a' AS region")).rejects.toMatchObject({
      code: 'SCHEMA_MISMATCH',
    });
    const files = await writeTo(metadata, query);
    expect(files.map(({ partition }) => JSON.stringify([...partition.values()])).sort()).toEqual(
      ['north', 'south', null]
        .flatMap((region) => [0, 1].map((bucket) => JSON.stringify([region, bucket])))
        .sort(),
    );
    for (const { path, partition, recordCount, sortOrderId } of files) {
      expect(sortOrderId).toBe(metadata.defaultSortOrderId);
      const found = await rowsOf(`SELECT id, region FROM '${path}'`);
      expect(BigInt(found.length)).toBe(recordCount);
      const ids = found.map(([id]) => Number(id));
      expect(ids).toEqual([...ids].sort((a, b) => b - a));
      expect(new Set(found.map(([, region]) => region))).toEqual(new Set([[...partition.values()][0]]));
    }
    expect(files.reduce((sum, { recordCount }) => sum + recordCount, 0n)).toBe(300n);
    expect(await readdir(staging())).toEqual([]);
  });

  it('ends a file at about the size that the table asks for, and keeps the rows in order', async () => {
    const query =
      "SELECT i AS id, uuid() AS u, TIMESTAMP_NS '2024-01-01 00:00:00.000000001' AS ns FROM range(500000) t(i)";
    const metadata = tableOf(await schemaOf(query));
    const properties = { ...metadata.properties, 'write.target-file-size-bytes': '4000000' };
    const files = await writeTo({ ...metadata, properties }, query);
    expect(files.length).toBeGreaterThan(1);
    let next = 0;
    for (const { path, recordCount, fileSizeInBytes } of files) {
      expect(fileSizeInBytes).toBeLessThan(5_000_000n);
      const disorder = `count(*) FILTER (WHERE id != ${next} + file_row_number OR epoch_ns(ns) % 1000 != 1)`;
      const [row] = await rowsOf(`SELECT ${disorder} FROM read_parquet('${path}', file_row_number = true)`);
      expect(row).toEqual(['0']);
      next += Number(recordCount);
    }
    expect(next).toBe(500_000);
  });

  it('writes no file for no rows', async () => {
    const query = 'SELECT 1 AS a WHERE false';
    expect(await write({ query, schema: await schemaOf(query) })).toEqual([]);
  });

  it('refuses columns that the table has not, and NULL where a value is required', async () => {
    const schema = schemaFromColumns([{ name: 'a', sqlType: 'INTEGER', required: true }]);
    await expect(write({ query: 'SELECT 1 AS a, 2 AS b', schema })).rejects.toMatchObject({
      code: 'SCHEMA_MISMATCH',
      context: { columns: ['b'] },
    });
    await expect(write({ query: 'SELECT NULL AS a', schema })).rejects.toMatchObject({
      code: 'SCHEMA_MISMATCH',
      context: { column: 'a' },
    });
  });

  it('tells of values that do not fit and of files that are not there', async () => {
    const schema = schemaFromColumns([{ name: 'a', sqlType: 'INTEGER' }]);
    await expect(write({ query: "SELECT 'x' AS a", schema })).rejects.toMatchObject({
      code: 'SQL_RUNTIME',
    });
    await expect(writer.describe("FROM '/nowhere/x.parquet'")).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });
});
