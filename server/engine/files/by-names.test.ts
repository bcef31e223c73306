import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ScanColumn } from '#shared/contract/plan.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { IcebergType } from '#shared/iceberg/types.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import { createServerEngine, type ServerEngine } from '../execute/server-engine.ts';

let folder: string;
let plain: DuckDBInstance;
let engine: ServerEngine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-by-names-'));
  plain = await DuckDBInstance.create(':memory:');
  engine = await createServerEngine({
    allowedDirectories: [folder],
    memoryLimit: '256MB',
    threads: 2,
    timeoutMs: 60_000,
    maxConcurrent: 1,
  });
});
afterAll(async () => {
  engine.close();
  plain.closeSync();
  await rm(folder, { recursive: true, force: true });
});

/** @param ids field ids by column */
async function write(path: string, query: string, ids: Readonly<Record<string, number>>) {
  const connection = await plain.connect();
  const list = Object.entries(ids).map(([name, id]) => `"${name}": ${id}`);
  await mkdir(join(folder, path, '..'), { recursive: true });
  const target = quoteLiteral(join(folder, path));
  await connection.run(
    `COPY (${query}) TO ${target} (FORMAT parquet${list.length === 0 ? '' : `, FIELD_IDS {${list.join(', ')}}`})`,
  );
  connection.closeSync();
  return join(folder, path);
}

const column = (fieldId: number, name: string, type: IcebergType): ScanColumn => ({
  fieldId,
  name,
  type,
  sqlType: duckDbTypeOf(type),
});

function input(
  files: readonly { path: string; rows: number }[],
  columns: readonly ScanColumn[],
  sql: string,
) {
  return { sql, columns: [], scans: [{ view: 'scan', columns, files }] };
}

it('the engine knows rows, bounds and row groups of files before it reads them', async () => {
  const first = await write('known-1.parquet', 'SELECT range AS id, 1 AS gone FROM range(200_000)', {
    id: 1,
    gone: 2,
  });
  const second = await write('known-2.parquet', 'SELECT 2 AS more, range AS id FROM range(5)', {
    more: 3,
    id: 1,
  });
  const columns = [column(1, 'number', 'long')];
  const plan = async (rows: { path: string; rows: number }[], where: string) => {
    const sql = `EXPLAIN SELECT number FROM scan WHERE ${where}`;
    return JSON.stringify((await engine.json(input(rows, columns, sql))).rows);
  };
  const one = { path: first, rows: 200_000 };
  expect(await plan([one], 'true')).toContain('~200,000 rows');
  // No row can be there.
  expect(await plan([one], 'number < 0')).toContain('EMPTY_RESULT');
  // Other columns may differ, and the rows of all files are counted.
  expect(await plan([one, { path: second, rows: 5 }], 'true')).toContain('~200,005 rows');
});

it('files whose names, places or types differ are read by field id', async () => {
  const before = await write('swap-1.parquet', "SELECT 1 AS a, 'one' AS b", { a: 1, b: 2 });
  const after = await write('swap-2.parquet', "SELECT 'two' AS a, 2 AS b", { a: 2, b: 1 });
  const wide = await write('swap-3.parquet', "SELECT 3_000_000_003 AS a, 'three' AS b", { a: 1, b: 2 });
  const without = await write('swap-4.parquet', 'SELECT 4 AS a', { a: 1 });
  const files = [before, after, wide, without].map((path) => ({ path, rows: 1 }));
  const columns = [column(1, 'id', 'long'), column(2, 'a', 'string')];
  const expected = [
    ['1', 'one'],
    ['2', 'two'],
    ['3000000003', 'three'],
    ['4', null],
  ];
  const sql = 'SELECT id, a FROM scan ORDER BY id % 10';
  expect((await engine.json(input(files, columns, sql))).rows).toEqual(expected);
  for (const [index, file] of files.entries())
    expect((await engine.json(input([file], columns, sql))).rows).toEqual([expected[index]]);
});

it('a folder that looks like a partition’s says nothing of a column', async () => {
  const path = await write("day=2020-01-01/id=x'y/file.parquet", 'SELECT 7 AS id, 8 AS day', {
    id: 1,
    day: 2,
  });
  const bare = await write('id=z/bare.parquet', 'SELECT 7 AS id, 8 AS day', {});
  const columns = [column(1, 'id', 'int'), column(2, 'day', 'int')];
  for (const file of [path, bare]) {
    const { rows } = await engine.json(
      input([{ path: file, rows: 1 }], columns, 'SELECT max(id), max(day) FROM scan'),
    );
    expect(rows).toEqual([[7, 8]]);
  }
});
