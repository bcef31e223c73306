import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckDbFieldIds } from '#shared/iceberg/duckdb-types.ts';
import type { IcebergType, NestedField } from '#shared/iceberg/types.ts';
import { fixColumns, fixedColumnOptions, fixedLengths } from './fixed-columns.ts';

let folder: string;
let connection: DuckDBConnection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixed-columns-'));
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(async () => {
  connection.closeSync();
  await rm(folder, { recursive: true });
});

const field = (id: number, name: string, type: IcebergType): NestedField => ({
  id,
  name,
  type,
  required: false,
});
const FIELDS = [
  field(1, 'id', 'long'),
  field(2, 'few', 'fixed[3]'),
  field(3, 'label', 'string'),
  field(4, 'many', 'fixed[16]'),
  field(5, 'st', { type: 'struct', fields: [field(6, 'x', 'fixed[2]'), field(7, 'bl', 'binary')] }),
  field(8, 'li', { type: 'list', elementId: 9, element: 'fixed[4]', elementRequired: false }),
  field(10, 'last', 'double'),
];
/** `few` goes into dictionaries and `many` does not; each kind of null there is. */
const ROWS = `SELECT range AS id,
    if(range % 7 = 0, NULL, encode(lpad((range % 5)::VARCHAR, 3, 'x'))) AS few, 'l' || range % 3 AS label,
    if(range % 11 = 0, NULL, unhex(md5(range::VARCHAR))) AS many,
    if(range % 5 = 0, NULL, {x: if(range % 3 = 0, NULL, encode('a' || range % 10)), bl: encode(repeat('z', range % 4))}) AS st,
    CASE range % 4 WHEN 0 THEN NULL WHEN 1 THEN [] WHEN 2 THEN [NULL, 'abcd'::BLOB] ELSE [unhex(md5(range::VARCHAR)[:8])] END AS li,
    range::DOUBLE * 0.5 AS last FROM range(20000)`;

async function copy(name: string, query: string, compression: string): Promise<string> {
  const path = join(folder, `${name}.parquet`);
  const codec = compression === '' ? [] : [`COMPRESSION ${compression}`];
  const options = fixedColumnOptions([...codec, 'ROW_GROUP_SIZE 4096']);
  await connection.run(
    `COPY (${query}) TO '${path}' (FORMAT parquet, FIELD_IDS ${duckDbFieldIds({ fields: FIELDS })}, ${options.join(', ')})`,
  );
  return path;
}

async function rows(sql: string): Promise<readonly unknown[]> {
  return (await connection.runAndReadAll(sql)).getRowsJson();
}

const digest = (path: string) =>
  rows(
    `SELECT count(*), sum(hash(t)) AS all, bit_xor(hash(few, id)), bit_xor(hash(li, many)) FROM '${path}' t`,
  );

describe('columns of fixed length', () => {
  it.each(['zstd', 'gzip', 'uncompressed', 'snappy', 'lz4', ''])(
    'have their length in a file of %s, and the rows that it had',
    async (compression) => {
      const path = await copy(compression, ROWS, compression);
      const before = await digest(path);
      const facts = () =>
        rows(`SELECT path_in_schema, row_group_id, num_values, stats_null_count, stats_min_value, stats_max_value
            FROM parquet_metadata('${path}') ORDER BY ALL`);
      const statistics = await facts();

      const size = await fixColumns(path, fixedLengths(FIELDS));

      expect(size).toBe((await stat(path)).size);
      expect(await digest(path)).toEqual(before);
      expect(await facts()).toEqual(statistics);
      expect(
        await rows(
          `SELECT name, type, type_length, field_id FROM parquet_schema('${path}') WHERE type LIKE '%BYTE_ARRAY' ORDER BY field_id`,
        ),
      ).toEqual([
        ['few', 'FIXED_LEN_BYTE_ARRAY', '3', '2'],
        ['label', 'BYTE_ARRAY', null, '3'],
        ['many', 'FIXED_LEN_BYTE_ARRAY', '16', '4'],
        ['x', 'FIXED_LEN_BYTE_ARRAY', '2', '6'],
        ['bl', 'BYTE_ARRAY', null, '7'],
        ['element', 'FIXED_LEN_BYTE_ARRAY', '4', '9'],
      ]);
      // By filters on what stands before and behind the columns that moved.
      const filtered = `count(*), sum(id), count(few), count(*) FILTER (many = unhex(md5(id::VARCHAR)))`;
      const where = `WHERE last > 5000 AND label = 'l1' AND few = 'xx2'::BLOB`;
      expect(await rows(`SELECT ${filtered} FROM '${path}' ${where}`)).toEqual(
        await rows(`SELECT ${filtered} FROM (${ROWS}) ${where}`),
      );
      const bloom = await rows(
        `SELECT count(*) FROM parquet_metadata('${path}') WHERE bloom_filter_offset > 0`,
      );
      expect(bloom).not.toEqual([['0']]);
      expect(
        await rows(
          `SELECT DISTINCT bloom_filter_excludes FROM parquet_bloom_probe('${path}', 'label', 'l1')`,
        ),
      ).toEqual([[false]]);
      expect(
        await rows(
          `SELECT DISTINCT bloom_filter_excludes FROM parquet_bloom_probe('${path}', 'label', 'nowhere')`,
        ),
      ).toEqual([[true]]);
    },
  );

  it('stay byte arrays in a file where a value has another length', async () => {
    const path = await copy('misfit', `${ROWS} UNION ALL BY NAME SELECT 1 AS id, 'ab'::BLOB AS few`, 'zstd');
    const before = await readFile(path);
    expect(await fixColumns(path, fixedLengths(FIELDS))).toBeUndefined();
    expect(before.equals(await readFile(path))).toBe(true);
    expect((await readdir(folder)).filter((name) => name.endsWith('.fixed'))).toEqual([]);
  });

  it('may have no values at all', async () => {
    const path = await copy(
      'nulls',
      `SELECT id, NULL::BLOB AS few, label, NULL::BLOB AS many, st, li, last FROM (${ROWS})`,
      'zstd',
    );
    const before = await digest(path);
    expect(await fixColumns(path, fixedLengths(FIELDS))).toBeGreaterThan(0);
    expect(await digest(path)).toEqual(before);
  });
});
