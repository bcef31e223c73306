import { afterAll, beforeAll, expect, it } from 'vitest';
import { DmlFixture } from './testing/dml-fixture.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
  await db.run('CREATE TABLE shop.orders (id BIGINT NOT NULL, kind VARCHAR, price DECIMAL(4, 2))');
  await db.run("INSERT INTO shop.orders VALUES (1, 'a', 1), (2, 'b', 2)");
  const { hash } = await db.ctx.catalog.getRef('main');
  await db.ctx.catalog.createRef({ name: 'v1', type: 'TAG', hash });
});
afterAll(async () => db.close());

it.each([
  ['DELETE FROM shop.order WHERE id = 1', 'TABLE_NOT_FOUND', 'shop.order W'],
  ['DELETE FROM shop.orders WHERE idd = 1', 'COLUMN_NOT_FOUND', 'idd = 1'],
  ['DELETE FROM shop.orders WHERE id = 1 LIMIT 1', 'SQL_SYNTAX', 'LIMIT 1'],
  ['DELETE FROM shop.orders WHERE id = 1 UNION SELECT 2, 0, 1, NULL', 'SQL_SYNTAX', 'UNION SELECT'],
  ['DELETE FROM shop.orders USING shop.orders AS o LIMIT 1', 'SQL_SYNTAX', 'shop.orders '],
  [
    "DELETE FROM shop.orders WHERE kind IN (SELECT content FROM read_text('/etc/passwd'))",
    'FORBIDDEN',
    "read_text('/",
  ],
  ["INSERT INTO shop.orders (id, kind) SELECT 3, getenv('HOME')", 'FORBIDDEN', "getenv('HOME"],
  ["INSERT INTO shop.orders SELECT 3, 'c', 3 FROM read_csv('x.csv')", 'FORBIDDEN', "read_csv('x."],
  ["INSERT INTO shop.orders SELECT * FROM '/etc/passwd'", 'TABLE_NOT_FOUND', "'/etc/passwd"],
  ['CREATE TABLE shop.secrets AS SELECT * FROM duckdb_settings()', 'FORBIDDEN', 'duckdb_setti'],
  ['INSERT INTO shop.orders (id, nothing) VALUES (1, 2)', 'COLUMN_NOT_FOUND', 'nothing) VAL'],
  ['INSERT INTO shop.orders (id, id) VALUES (1, 2)', 'INVALID_INPUT', 'id) VALUES ('],
  ['INSERT INTO shop.orders VALUES (1, 2)', 'INVALID_INPUT', 'VALUES (1, 2'],
  ['INSERT INTO shop.orders SELECT 1', 'INVALID_INPUT', 'shop.orders '],
  ["INSERT INTO shop.orders (id) VALUES ('x')", 'SQL_BINDING', "'x')"],
  ['INSERT INTO shop.orders VALUES (3, NULL, 100)', 'SQL_BINDING', '100)'],
  ['INSERT INTO shop.orders SELECT 3, NULL, 99 + id FROM shop.orders', 'SQL_RUNTIME', null],
  ["INSERT INTO shop.orders VALUES (NULL, 'c', 3)", 'SCHEMA_MISMATCH', null],
  ['UPDATE shop.orders SET id = NULL', 'SCHEMA_MISMATCH', null],
  ['UPDATE shop.orders SET kindd = 1', 'COLUMN_NOT_FOUND', 'kindd = 1'],
  ['UPDATE shop.orders SET kind = upper(kinds)', 'COLUMN_NOT_FOUND', 'kinds)'],
  ['UPDATE shop.orders SET kind = WHERE true', 'SQL_SYNTAX', 'WHERE true'],
  [
    'UPDATE shop.orders SET kind = s.k FROM (VALUES (1, 5), (1, 6)) AS s(i, k) WHERE s.i = id',
    'SQL_RUNTIME',
    '(VALUES (1, ',
  ],
  [
    'MERGE INTO shop.orders AS o USING (VALUES (1), (1)) AS s(i) ON o.id = s.i WHEN MATCHED THEN DELETE',
    'SQL_RUNTIME',
    '(VALUES (1),',
  ],
  [
    'MERGE INTO shop.orders AS o USING (VALUES (1)) AS s(i) ON o.id = s.i WHEN MATCHED THEN INSERT VALUES (1)',
    'SQL_SYNTAX',
    'INSERT VALUE',
  ],
  ['DELETE FROM shop.orders RETURNING id', 'UNSUPPORTED', 'RETURNING id'],
  ["DELETE FROM shop.orders AT (VERSION => 'main')", 'FORBIDDEN', 'AT (VERSION '],
  ['INSERT INTO shop.orders SELECT 1; DELETE FROM shop.orders', 'INVALID_INPUT', 'DELETE FROM '],
  ['CREATE FUNCTION shop.f() AS 1', 'UNSUPPORTED', 'FUNCTION sho'],
  ['CREATE TABLE t (a INT)', 'INVALID_INPUT', 't (a INT)'],
  ['CREATE TABLE shop.t (a INTERVAL)', 'UNSUPPORTED', null],
  ['CREATE TABLE shop.t (a INT) PARTITIONED BY (b)', 'COLUMN_NOT_FOUND', null],
  ['ALTER TABLE shop.orders EXPLODE', 'SQL_SYNTAX', 'EXPLODE'],
  ['DROP TABLE shop.order', 'TABLE_NOT_FOUND', 'shop.order'],
])('%s', async (sql, code, at) => {
  const before = await db.ctx.catalog.getRef('main');
  expect(await db.refusal(sql)).toMatchObject({ code, at });
  expect(await db.ctx.catalog.getRef('main')).toEqual(before);
});

it('writes to the head of a branch alone', async () => {
  const { hash } = await db.ctx.catalog.getRef('main');
  const sql = 'DELETE FROM shop.orders';
  for (const ref of ['v1', `main@${hash}`, hash, 'main*2026-01-01T00:00:00Z'])
    expect(await db.refusal(sql, ref)).toMatchObject({ code: 'FORBIDDEN' });
  await db.ctx.catalog.createRef({ name: 'dev', type: 'BRANCH', hash });
  expect(await db.run(sql, 'dev')).toMatchObject({ branch: 'dev', rows: { deleted: '2' } });
  expect(await db.rows('SELECT count(*) FROM shop.orders')).toEqual([['2']]);
  expect(await db.rows('SELECT count(*) FROM shop.orders', 'dev')).toEqual([['0']]);
});

it('names the value whose partition its type cannot hold, and writes none of the rows', async () => {
  await db.run('CREATE TABLE shop.cut (price DECIMAL(4, 2)) PARTITIONED BY (truncate(price, 7))');
  await db.run('INSERT INTO shop.cut VALUES (99.99), (-99.96), (NULL)');
  expect(await db.refusal('INSERT INTO shop.cut VALUES (1), (-99.99)')).toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining('The value -99.99 of "price" has no partition: truncated it is -100.03'),
  });
  expect(await db.rows('SELECT price FROM shop.cut ORDER BY 1 NULLS LAST')).toEqual([
    ['-99.96'],
    ['99.99'],
    [null],
  ]);
});
