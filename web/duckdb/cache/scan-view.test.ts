// @vitest-environment node
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Scan } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { shapeOfCast, type FileType } from '#shared/iceberg/files/file-shape.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { IcebergType } from '#shared/iceberg/types.ts';
import { openNodeEngine, type NodeEngine } from '../testing/node-engine.ts';
import { ColumnCache } from './column-cache.ts';
import { fileNeeds, missingOf, totalOf } from './needs.ts';
import { scanViewSql } from './scan-view.ts';

type File = Scan['files'][number];

const column = (name: string, bytes = 100) => ({ name, bytes });
const file = (url: string, rows: number, columns: File['columns']): File => ({
  url,
  bytes: 1000,
  rows,
  columns,
});
const held = (sqlType: string) => ({ sqlType, shape: { kind: 'leaf' as const, sqlType } });
const scan = (columns: Scan['columns'], files: Scan['files'], view = 'scan 0'): Scan => ({
  view,
  table: 'bronze.t',
  columns,
  files,
  filesKnown: files.length,
  pruning: [],
});

const id = { fieldId: 1, name: 'id', sqlType: 'BIGINT', type: 'long' };
const price = { fieldId: 2, name: 'the "price"', sqlType: 'DOUBLE', type: 'double' };
const added = {
  fieldId: 9,
  name: 'added',
  sqlType: 'STRUCT(a INTEGER)',
  type: { type: 'struct' as const, fields: [{ id: 10, name: 'a', required: false, type: 'int' }] },
};

describe('scanViewSql', () => {
  const cache = new ColumnCache(1000);
  let engine: NodeEngine;
  const find = (url: string, fieldId: number) => cache.find(url, fieldId);
  const read = (each: Scan, sql: string) => {
    engine.run(scanViewSql(each, find));
    return engine.rows(sql);
  };

  beforeAll(async () => {
    engine = await openNodeEngine();
    // File /a came in two fragments, /b in one and with a narrower type.
    engine.run('CREATE TABLE cache.main.s1 (c1 BIGINT)');
    engine.insert('s1', tableToIPC(tableFromArrays({ x: BigInt64Array.from([1n, 2n, 3n]) }), 'stream'));
    engine.run('CREATE TABLE cache.main.s2 (c2 DOUBLE)');
    engine.insert('s2', tableToIPC(tableFromArrays({ x: Float64Array.from([1.5, 2.5, 3.5]) }), 'stream'));
    engine.run('CREATE TABLE cache.main.s3 (c2 FLOAT, c1 INTEGER)');
    engine.insert(
      's3',
      tableToIPC(tableFromArrays({ x: Float32Array.from([4.5, 5.5]), y: Int32Array.from([4, 5]) }), 'stream'),
    );
    cache.add({ table: 's1', file: '/a', rows: 3, fileBytes: 1, columns: new Map([[1, held('BIGINT')]]) }, 1);
    cache.add({ table: 's2', file: '/a', rows: 3, fileBytes: 1, columns: new Map([[2, held('DOUBLE')]]) }, 1);
    cache.add(
      {
        table: 's3',
        file: '/b',
        rows: 2,
        fileBytes: 1,
        columns: new Map([
          [2, held('FLOAT')],
          [1, held('INTEGER')],
        ]),
      },
      1,
    );
  });

  it('joins fragments by position, files by order, and gives the plan’s names and types', () => {
    const both = scan(
      [price, id, added],
      [file('/a', 3, [column('p'), column('i'), null]), file('/b', 2, [column('p'), column('i'), null])],
    );
    expect(read(both, 'SELECT id, "the ""price""" AS p, added IS NULL AS empty FROM "scan 0"')).toEqual(
      [1, 2, 3, 4, 5].map((n) => ({ id: BigInt(n), p: n + 0.5, empty: true })),
    );
    expect(
      read(
        both,
        'SELECT DISTINCT typeof(id) AS i, typeof("the ""price""") AS p, typeof(added) AS a FROM "scan 0"',
      ),
    ).toEqual([{ i: 'BIGINT', p: 'DOUBLE', a: 'STRUCT(a INTEGER)' }]);
  });

  it('gives the first rows of a column that was widened', () => {
    engine.run('CREATE TABLE cache.main.s4 AS SELECT 9000000000000000 + i AS c1 FROM range(3) r(i)');
    cache.add({ table: 's4', file: '/d', rows: 3, fileBytes: 1, columns: new Map([[1, held('BIGINT')]]) }, 1);
    const newestFirst = scan([id], [file('/d', 3, [column('i')]), file('/b', 2, [column('i')])]);
    const sql = 'SELECT id FROM "scan 0" ORDER BY id LIMIT 2';
    engine.run(scanViewSql(newestFirst, find, { query: sql }));
    expect(engine.rows(sql)).toEqual([{ id: 4n }, { id: 5n }]);
    expect(scanViewSql(newestFirst, find, { query: 'SELECT id FROM "scan 0"' })).not.toContain('CASE');
  });

  it('counts rows without any column', () => {
    const none = scan([], [file('/a', 3, []), file('/unheard-of', 1_000_000, [])]);
    expect(read(none, 'SELECT count(*) AS n FROM "scan 0"')).toEqual([{ n: 1_000_003n }]);
  });

  it('is an empty relation of the right types without files, and with files of no rows', () => {
    for (const files of [[], [file('/empty', 0, [column('i')])]]) {
      expect(read(scan([id], files), 'SELECT count(*) AS n, max(id) AS m FROM "scan 0"')).toEqual([
        { n: 0n, m: null },
      ]);
    }
    expect(engine.rows('SELECT column_type AS t FROM (DESCRIBE "scan 0")')).toEqual([{ t: 'BIGINT' }]);
  });

  it('has as many NULLs as a file has rows, where the file is older than every column', () => {
    const old = scan([added], [file('/old', 4, [null])]);
    expect(read(old, 'SELECT count(*) AS n, count(added) AS a FROM "scan 0"')).toEqual([{ n: 4n, a: 0n }]);
  });

  it('refuses to read what is not held', () => {
    expect(() => scanViewSql(scan([id], [file('/c', 1, [column('i')])]), find)).toThrow(AppError);
  });
});

describe('a column that is held as a wider type than a version of its table has', () => {
  const NUMBERS = [1, 2, 3];
  const leaf = (sqlType: string): FileType => ({ kind: 'leaf', sqlType });
  const list = (type: FileType): FileType => ({ kind: 'list', element: { id: 11, name: 'element', type } });
  const listOf = (element: IcebergType) =>
    ({ type: 'list', elementId: 11, elementRequired: false, element }) as const;
  const struct = (type: FileType): FileType => ({ kind: 'struct', fields: [{ id: 12, name: 'a', type }] });
  const structOf = (type: IcebergType, name = 'a') =>
    ({ type: 'struct', fields: [{ id: 12, name, required: false, type }] }) as const;
  let engine: NodeEngine;
  beforeAll(async () => {
    engine = await openNodeEngine();
  });

  /** Values of a file, held as a table's wide type, read as its narrow one. */
  function readNarrow(file: FileType, wide: IcebergType, narrow: IcebergType, values: string) {
    const sqlType = duckDbTypeOf(wide);
    engine.run(
      `CREATE OR REPLACE TABLE cache.main.w AS SELECT CAST(x AS ${sqlType}) AS c1 FROM (${values}) t(x)`,
    );
    const cache = new ColumnCache(1000);
    const shape = shapeOfCast(file, wide);
    const columns = new Map([[1, { sqlType, shape }]]);
    cache.add({ table: 'w', file: '/w', rows: NUMBERS.length, fileBytes: 1, columns }, 1);
    const asked = { fieldId: 1, name: 'v', sqlType: duckDbTypeOf(narrow), type: narrow };
    const then = scan(
      [asked],
      [{ url: '/w', bytes: 1, rows: NUMBERS.length, columns: [column('v')] }],
      'then',
    );
    engine.run(scanViewSql(then, (url, fieldId) => cache.find(url, fieldId)));
    return engine.rows('SELECT v::VARCHAR AS v, typeof(v) AS t FROM "then" WHERE v IS NOT NULL');
  }

  it.each<[string, FileType, IcebergType, IcebergType, string[]]>([
    ['int', leaf('INTEGER'), 'long', 'int', ['-2147483648', '2147483647', '0']],
    ['a smaller int', leaf('SMALLINT'), 'long', 'int', ['-32768', '32767', '0']],
    ['float', leaf('FLOAT'), 'double', 'float', ['0.1', '-3.4028235e+38', 'nan']],
    ['decimal', leaf('DECIMAL(9,2)'), 'decimal(38, 2)', 'decimal(9, 2)', ['1234567.89', '-0.01', '0.00']],
    ['date', leaf('DATE'), 'timestamp', 'date', ['1969-12-31', '2020-02-29', 'infinity']],
    ['date to nanoseconds', leaf('DATE'), 'timestamp_ns', 'date', ['1969-12-31', '2020-02-29', '2262-04-11']],
    ['a list', list(leaf('INTEGER')), listOf('long'), listOf('int'), ['[1, NULL]', '[]', '[2147483647]']],
    ['a member', struct(leaf('FLOAT')), structOf('double'), structOf('float'), ["{'a': 0.1}", "{'a': NULL}"]],
  ])('is the very value that the file has: %s', (_, file, wide, narrow, values) => {
    const own = duckDbTypeOf(narrow);
    const rows = values.map((value) => `SELECT '${value.replaceAll("'", "''")}'::${own}`).join(' UNION ALL ');
    const t = own.replaceAll('"', '');
    expect(readNarrow(file, wide, narrow, rows)).toEqual(values.map((v) => ({ v, t })));
  });

  it('may have been renamed inside meanwhile', () => {
    const given = "SELECT {'a': 7::INTEGER} AS x";
    expect(readNarrow(struct(leaf('INTEGER')), structOf('long'), structOf('int', 'b'), given)).toEqual([
      { v: "{'b': 7}", t: 'STRUCT(b INTEGER)' },
    ]);
  });

  it('is refused where the file itself has the wider type', () => {
    const corrupt = (found: string) =>
      expect.objectContaining({
        code: 'CORRUPT_FILE',
        message: expect.stringContaining(`"v" is ${found} in a file`) as string,
      }) as Error;
    const one = 'SELECT 1::INTEGER AS x';
    expect(() => readNarrow(leaf('BIGINT'), 'long', 'int', one)).toThrow(corrupt('BIGINT'));
    expect(() => readNarrow(leaf('UINTEGER'), 'long', 'int', one)).toThrow(corrupt('UINTEGER'));
    expect(() => readNarrow(leaf('DOUBLE'), 'double', 'float', one)).toThrow(corrupt('DOUBLE'));
    expect(() => readNarrow(leaf('TIMESTAMP'), 'timestamp', 'date', "SELECT DATE '2020-01-01'")).toThrow(
      corrupt('TIMESTAMP'),
    );
    expect(() => readNarrow(leaf('INTEGER'), 'long', 'string', one)).toThrow(corrupt('INTEGER'));
    const lists = 'SELECT [1::BIGINT] AS x';
    expect(() => readNarrow(list(leaf('BIGINT')), listOf('long'), listOf('int'), lists)).toThrow(
      corrupt('BIGINT'),
    );
  });
});

describe('fileNeeds', () => {
  const cache = new ColumnCache(1000);
  cache.add({ table: 's1', file: '/a', rows: 3, fileBytes: 1, columns: new Map([[1, held('BIGINT')]]) }, 1);
  const find = (url: string, fieldId: number) => cache.find(url, fieldId);

  it('asks once for a column that two scans of a file read, and for nothing that the file lacks', () => {
    const needs = fileNeeds([
      scan([id, added], [file('/a', 3, [column('i', 10), null])]),
      scan([price, id], [file('/a', 3, [column('p', 20), column('i', 10)]), file('/b', 2, [null, null])]),
    ]);
    expect(totalOf(needs)).toEqual({ files: 1, columns: 2, bytes: 30 });
  });

  it('asks for nothing where only rows are counted, or there are none', () => {
    expect(fileNeeds([scan([], [file('/a', 3, [])]), scan([id], [file('/z', 0, [column('i')])])])).toEqual(
      [],
    );
  });

  it('leaves out what is held', () => {
    const needs = fileNeeds([scan([id, price], [file('/a', 3, [column('i', 10), column('p', 20)])])]);
    const missing = needs.flatMap((need) => missingOf(need, find) ?? []);
    expect(totalOf(missing)).toEqual({ files: 1, columns: 1, bytes: 20 });
    expect(missing[0]?.columns.get(2)).toEqual({
      name: 'the "price"',
      bytes: 20,
      sqlType: 'DOUBLE',
      type: 'double',
    });
  });
});
