import { mkdir, readFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import { readSheet } from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportFormat } from '#shared/contract/exports.ts';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { ExportFiles } from './index.ts';

const SQL = `SELECT id, name, amount, "when", "day", big, [1, 2] AS list, id AS id, flag FROM f.t ORDER BY id -- all of it
;`;
let db: DmlFixture;
let files: ExportFiles;
let reader: Awaited<ReturnType<DuckDBInstance['connect']>>;

beforeAll(async () => {
  db = await DmlFixture.open();
  await mkdir(db.ctx.stagingDirectory, { recursive: true });
  files = new ExportFiles(db.ctx);
  // A DuckDB of its own, without the sandbox: another reader than the one that wrote.
  reader = await (await DuckDBInstance.create(':memory:')).connect();
  await db.run(`CREATE TABLE f.t AS SELECT * FROM (VALUES
    (1, 'plain', 1.50::DECIMAL(9,2), TIMESTAMP '2001-02-03 04:05:06.789', DATE '2001-02-03', 12, true),
    (2, 'a "quote", a comma
and a line', NULL, TIMESTAMP '1899-01-01 00:00:00', DATE '1850-06-07', 9007199254740993, false),
    (3, '', -0.25::DECIMAL(9,2), NULL, NULL, NULL, NULL),
    (4, NULL, 12345.67::DECIMAL(9,2), TIMESTAMP '1999-12-31 23:59:59.999', DATE '9999-12-31', -1, true),
    (5, '<&> _x0041_ 🚀' || chr(7), 0::DECIMAL(9,2), TIMESTAMP '2024-02-29 12:00:00', DATE '1900-03-01', 0, true)
  ) AS v(id, name, amount, "when", "day", big, flag)`);
});
afterAll(async () => {
  reader.closeSync();
  await db.close();
});

async function exported(format: ExportFormat, sql = SQL) {
  const result = await files.create({ sql, format, name: 'a/b: c' });
  const file = files.open(result.url.split('/').at(-1) ?? '');
  return { result, path: file.path };
}

async function read(sql: string): Promise<unknown[][]> {
  const rows = await reader.runAndReadAll(sql);
  return rows.getRowsJson();
}

describe('another reader finds in the file what the query answers', () => {
  it('CSV, with quotes, line ends, and texts told from NULL', async () => {
    const { result, path } = await exported('csv');
    expect(result).toMatchObject({ fileName: 'a b c.csv', rows: 5, contentType: 'text/csv; charset=utf-8' });
    expect(result.notes).toEqual(['Columns of one name were told apart by a number: 1 of them.']);
    const rows = await read(`SELECT id, name, amount, "when", big, id_1 FROM read_csv('${path}')`);
    expect(rows[1]).toEqual([
      '2',
      'a "quote", a comma\nand a line',
      null,
      '1899-01-01 00:00:00',
      '9007199254740993',
      '2',
    ]);
    expect(rows).toHaveLength(5);
  });

  it('Arrow, with columns of one name and several types', async () => {
    const { path, result } = await exported('arrow', "SELECT 1 AS id, 'a' AS id FROM range(3)");
    const [batch] = tableFromIPC(await readFile(path)).batches;
    expect([result.rows, batch?.numRows, batch?.data.children.length]).toEqual([3, 3, 2]);
  });

  it('says that a query gives other rows each time it runs', async () => {
    const { result } = await exported('csv', 'SELECT uuid() AS id');
    expect(result.notes.join('')).toContain('other rows each time');
  });

  it('Parquet, where sums keep every digit', async () => {
    const { path, result } = await exported(
      'parquet',
      `SELECT sum(9007199254740993::BIGINT) AS total, {'HUGEINT x': 1::HUGEINT} AS s FROM range(3)`,
    );
    expect(result.notes.join('')).toContain('DECIMAL(38,0)');
    expect(await read(`SELECT typeof(total), total, typeof(s) FROM read_parquet('${path}')`)).toEqual([
      ['DECIMAL(38,0)', '27021597764222979', 'STRUCT("HUGEINT x" DECIMAL(38,0))'],
    ]);
  });

  it('Parquet, with its types', async () => {
    const { path, result } = await exported('parquet');
    expect(result.bytes).toBe((await readFile(path)).length);
    const described = await read(`DESCRIBE FROM read_parquet('${path}')`);
    expect(described.map(([name, type]) => `${String(name)} ${String(type)}`)).toEqual([
      'id INTEGER',
      'name VARCHAR',
      'amount DECIMAL(9,2)',
      'when TIMESTAMP',
      'day DATE',
      'big BIGINT',
      'list INTEGER[]',
      'id_1 INTEGER',
      'flag BOOLEAN',
    ]);
    expect(await read(`SELECT sum(amount), count(name), max(big) FROM read_parquet('${path}')`)).toEqual([
      ['12346.92', '4', '9007199254740993'],
    ]);
  });

  it('JSON as one array, and a value a line', async () => {
    const array = JSON.parse(await readFile((await exported('json')).path, 'utf8')) as Record<
      string,
      unknown
    >[];
    expect(array).toHaveLength(5);
    expect(array[0]).toMatchObject({ id: 1, name: 'plain', amount: 1.5, list: [1, 2], flag: true });
    const lines = (await readFile((await exported('ndjson')).path, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toContain('"big":9007199254740993');
  });

  it('JSON that is strict, with what it has no number for', async () => {
    const sql = `SELECT 'NaN'::DOUBLE AS d, ['-inf'::FLOAT, 1] AS l, {'NaN': 'inf'::DOUBLE} AS s, 'a "NaN" -Infinity' || chr(8232) AS t
      FROM range(1001)`;
    const wanted = { d: 'NaN', l: ['-Infinity', 1], s: { NaN: 'Infinity' }, t: 'a "NaN" -Infinity\u2028' };
    const array = JSON.parse(await readFile((await exported('json', sql)).path, 'utf8')) as unknown[];
    expect(array).toHaveLength(1001);
    expect(array.at(-1)).toEqual(wanted);
    const lines = (await readFile((await exported('ndjson', sql)).path, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(array);
  });

  it('an Arrow file, in batches', async () => {
    const { path, result } = await exported('arrow', 'SELECT i AS n, i::VARCHAR AS t FROM range(10000) r(i)');
    expect(result.rows).toBe(10_000);
    const bytes = await readFile(path);
    expect(bytes.subarray(0, 6).toString()).toBe('ARROW1');
    expect(bytes.subarray(-6).toString()).toBe('ARROW1');
    const table = tableFromIPC(bytes);
    expect(table.numRows).toBe(10_000);
    expect(table.batches.length).toBeGreaterThan(1);
    expect(table.get(9_999)?.toJSON()).toEqual({ n: 9999n, t: '9999' });
  });

  it('an Excel workbook: numbers, days and times as such, and no digit lost', async () => {
    const { path } = await exported('xlsx');
    const [header, ...read] = await readSheet(await readFile(path));
    // A day's fraction is a binary one, of which this reader cuts the rest below a millisecond off.
    const rows = read.map((row) =>
      row.map((value) => (value instanceof Date ? new Date(Math.round(value.getTime() / 10) * 10) : value)),
    );
    expect(header).toEqual(['id', 'name', 'amount', 'when', 'day', 'big', 'list', 'id', 'flag']);
    const utc = (text: string) => new Date(text);
    expect(rows[0]).toEqual([
      1,
      'plain',
      1.5,
      utc('2001-02-03T04:05:06.790Z'),
      utc('2001-02-03'),
      12,
      '[1, 2]',
      1,
      true,
    ]);
    // What Excel has no day for, and what its numbers would round, is text.
    expect(rows[1]).toEqual([
      2,
      'a "quote", a comma\nand a line',
      null,
      '1899-01-01 00:00:00',
      '1850-06-07',
      '9007199254740993',
      '[1, 2]',
      2,
      false,
    ]);
    expect(rows[3]?.slice(2, 5)).toEqual([12345.67, utc('2000-01-01'), utc('9999-12-31')]);
    expect(rows[4]?.[4]).toEqual(utc('1900-03-01'));
    expect(String(rows[4]?.[1])).toContain('🚀');
  });
});

it('writes no file where the query fails, and says what is wrong', async () => {
  await expect(
    files.create({ sql: "SELECT CAST('x' AS INTEGER) FROM f.t", format: 'csv' }),
  ).rejects.toMatchObject({
    code: 'SQL_RUNTIME',
  });
  const wide = 'SELECT 1 AS n, 170141183460469231731687303715884105727::HUGEINT AS huge FROM f.t';
  await expect(files.create({ sql: wide, format: 'parquet' })).rejects.toMatchObject({
    code: 'SQL_RUNTIME',
    message: expect.stringMatching(/^The column huge has a value of more than 38 digits/) as string,
  });
  await expect(files.create({ sql: 'SELECT nothing FROM f.t', format: 'xlsx' })).rejects.toMatchObject({
    code: 'COLUMN_NOT_FOUND',
  });
  expect(() => files.open('none')).toThrow('This export is gone');
});
