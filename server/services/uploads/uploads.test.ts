import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MOST_PART_BYTES } from '#shared/contract/uploads.ts';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { Uploads, type UploadContext } from './index.ts';

let db: DmlFixture;
let ctx: UploadContext;
let uploads: Uploads;
beforeAll(async () => {
  db = await DmlFixture.open();
  ctx = { ...db.ctx, writer: db.tables.writer };
  uploads = new Uploads(db.ctx.stagingDirectory);
});
afterAll(async () => db.close());

async function parquet(sql: string): Promise<Uint8Array> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const path = join(db.tables.folder, 'part.parquet');
  await connection.run(`COPY (${sql}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return readFile(path);
}

async function sent(...parts: readonly Uint8Array[]): Promise<string> {
  const id = await uploads.begin();
  for (const [number, bytes] of parts.entries()) await uploads.put(id, number, bytes);
  return id;
}

const columns = [
  { name: 'id', type: 'INTEGER' },
  { name: 'Full name', type: 'VARCHAR' },
];

it('makes a table of all parts in one commit, with the types that were chosen, and keeps no file', async () => {
  const id = await sent(
    await parquet("SELECT range AS c0, 'n' || range AS c1 FROM range(3)"),
    await parquet("SELECT 10 AS c0, 'last' AS c1"),
  );
  const saved = await uploads.save(ctx, id, { table: 'up.people', mode: 'create', columns, parts: 2 });
  expect(saved).toMatchObject({
    table: 'up.people',
    branch: 'main',
    rows: 4,
    commit: { message: 'Create up.people with 4 rows' },
  });
  expect((await db.rows('DESCRIBE up.people')).map((row) => row.slice(0, 2))).toEqual([
    ['id', 'INTEGER'],
    ['Full name', 'VARCHAR'],
  ]);
  expect(await db.rows('SELECT id, "Full name" FROM up.people')).toEqual([
    [0, 'n0'],
    [1, 'n1'],
    [2, 'n2'],
    [10, 'last'],
  ]);
  await expect(uploads.put(id, 2, new Uint8Array(1))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect
    .poll(async () => (await readdir(db.ctx.stagingDirectory)).filter((name) => name.startsWith('upload-')))
    .toEqual([]);
});

it('appends what fits; what does not is said for every column, and nothing is written', async () => {
  await db.run('CREATE TABLE up.target (id INTEGER, "Full name" VARCHAR, more DATE)');
  const id = await sent(await parquet("SELECT 1 AS c0, 'a' AS c1"));
  const wrong = [
    { name: 'id', type: 'VARCHAR' },
    { name: 'other', type: 'VARCHAR' },
  ];
  await expect(
    uploads.save(ctx, id, { table: 'up.target', mode: 'append', columns: wrong, parts: 1 }),
  ).rejects.toMatchObject({
    code: 'SCHEMA_MISMATCH',
    context: { misfits: [{ column: 'id' }, { column: 'other' }] },
  });
  expect(await db.rows('SELECT count(*) FROM up.target')).toEqual([['0']]);
  // Another try needs no other upload.
  const saved = await uploads.save(ctx, id, {
    table: 'up.target',
    mode: 'append',
    columns,
    parts: 1,
    message: 'Mine',
  });
  expect(saved.commit?.message).toBe('Mine');
  expect(await db.rows('FROM up.target')).toEqual([[1, 'a', null]]);
});

it('refuses what it can’t make a table of', async () => {
  const save = async (id: string, more: object = {}) =>
    uploads.save(ctx, id, { table: 'up.bad', mode: 'create', columns, parts: 1, ...more });
  await expect(sent(new Uint8Array(MOST_PART_BYTES + 1))).rejects.toMatchObject({
    code: 'PAYLOAD_TOO_LARGE',
  });
  const good = await parquet("SELECT 1 AS c0, 'x' AS c1");
  await expect(save(await sent(new TextEncoder().encode('no Parquet')))).rejects.toMatchObject({
    code: 'CORRUPT_FILE',
  });
  await expect(save(await sent(await parquet('SELECT 1 AS c0')))).rejects.toMatchObject({
    code: 'SCHEMA_MISMATCH',
  });
  await expect(save(await sent(good), { parts: 2 })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    context: { number: 1 },
  });
  await expect(save(await sent(good), { table: 'up.people' })).rejects.toMatchObject({
    code: 'TABLE_ALREADY_EXISTS',
  });
  await expect(save(await sent(good), { table: 'up.none', mode: 'append' })).rejects.toMatchObject({
    code: 'TABLE_NOT_FOUND',
  });
  await expect(save(await sent(good), { table: 'bare' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  const twice = columns.map(({ type }, at) => ({ name: at === 0 ? 'a' : 'A', type }));
  await expect(save(await sent(good), { columns: twice })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  const number = columns.map(({ name }) => ({ name, type: 'BIGINT' }));
  await expect(save(await sent(good), { columns: number })).rejects.toMatchObject({ code: 'SQL_RUNTIME' });
});
