import { afterAll, beforeAll, expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import { formatType } from '#shared/iceberg/types.ts';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import { runStatement } from './index.ts';
import { DmlFixture } from './testing/dml-fixture.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
});
afterAll(async () => db.close());

const merge = (sql: string) => runStatement(db.ctx, { sql, mergeSchema: true });

async function columns(table: string): Promise<string[]> {
  const { metadata } = await db.table(table);
  return currentSchema(metadata).fields.map(({ name, type }) => `${name} ${formatType(type)}`);
}

async function misfits(sql: string, mergeSchema = false): Promise<unknown> {
  const before = await db.ctx.catalog.getRef('main');
  const error: unknown = await runStatement(db.ctx, { sql, mergeSchema }).catch((thrown: unknown) => thrown);
  expect(await db.ctx.catalog.getRef('main')).toEqual(before);
  if (!isAppError(error, 'SCHEMA_MISMATCH')) throw error;
  expect(error.context['position']).toBe(sql.indexOf('s.'));
  const found = error.context['misfits'] as { column: string; expected: string | null; got: string | null }[];
  return found.map(({ column, expected, got }) => [column, expected, got]);
}

it('names every column that does not fit, and writes nothing', async () => {
  await db.run(
    'CREATE TABLE s.t (id BIGINT NOT NULL, n INTEGER, price DECIMAL(6, 2), day DATE, st STRUCT(a INTEGER))',
  );
  expect(
    await misfits(
      `INSERT INTO s.t BY NAME SELECT 1.5::DOUBLE AS n, 2.345 AS price, 'x' AS extra, now()::TIMESTAMP AS day, {'a': 1, 'b': 2} AS st`,
    ),
  ).toEqual([
    ['id', 'long', null],
    ['n', 'int', 'double'],
    ['price', 'decimal(6, 2)', 'decimal(4, 3)'],
    ['extra', null, 'string'],
    ['day', 'date', 'timestamp'],
    ['st.b', null, 'int'],
  ]);
  expect(await misfits(`INSERT INTO s.t (id, n) SELECT 1, 1.5::DOUBLE`)).toEqual([['n', 'int', 'double']]);
  expect(await misfits(`INSERT INTO s.t (id, n) SELECT 1, '1.5'`)).toEqual([['n', 'int', 'string']]);
});

it('casts what the cast keeps or refuses: aggregates, literals, texts; and any literal in VALUES', async () => {
  await db.run('CREATE TABLE s.c (n INTEGER, b BIGINT, d DECIMAL(6, 2), x DOUBLE, day DATE)');
  await db.run(`INSERT INTO s.c SELECT count(*), sum(range), 7, 1.5, '2024-05-06' FROM range(3)`);
  await db.run('INSERT INTO s.c SELECT 9, NULL, NULL, NULL, NULL');
  await db.run(`INSERT INTO s.c VALUES (1.6, 2, 3, 4, '2024-05-07')`);
  expect(await db.rows('SELECT n, b, d, x, day::VARCHAR FROM s.c ORDER BY b DESC NULLS LAST')).toEqual([
    [3, '3', '7.00', 1.5, '2024-05-06'],
    [2, '2', '3.00', 4, '2024-05-07'],
    [9, null, null, null, null],
  ]);
  expect(await db.refusal('INSERT INTO s.c (n) SELECT range + 2147483647 FROM range(2)')).toMatchObject({
    code: 'SQL_RUNTIME',
  });
});

it('evolves the schema with the rows, as one commit, where mergeSchema is asked for', async () => {
  await db.run('CREATE TABLE s.e (id INTEGER, x FLOAT)');
  await db.run('INSERT INTO s.e VALUES (1, 1)');
  const { hash } = await db.ctx.catalog.getRef('main');
  const { commit } = await merge(
    `INSERT INTO s.e BY NAME SELECT 2.5::DOUBLE AS x, 5000000000 AS ID, {'a': 'q'} AS st`,
  );
  expect((await db.ctx.catalog.getCommit(commit?.hash ?? '')).parents).toEqual([hash]);
  expect(await columns('s.e')).toEqual(['id long', 'x double', 'st struct<a: string>']);
  // By position, what is more than the table has goes by the query's names.
  await merge(`INSERT INTO s.e SELECT 3, 3::FLOAT, {'a': 'r', 'b': 1}, DATE '2024-01-01' AS day`);
  await merge(`INSERT INTO s.e BY NAME SELECT 4 AS id, true AS ok WHERE false`);
  expect(await columns('s.e')).toEqual([
    'id long',
    'x double',
    'st struct<a: string, b: int>',
    'day date',
    'ok boolean',
  ]);
  expect(await db.rows('SELECT id, x, st.a, st.b, day::VARCHAR, ok FROM s.e ORDER BY id')).toEqual([
    ['1', 1, null, null, null, null],
    ['3', 3, 'r', 1, '2024-01-01', null],
    ['5000000000', 2.5, 'q', null, null, null],
  ]);
  expect(await misfits(`INSERT INTO s.e BY NAME SELECT 'x' AS ok, [1] AS x, 1 AS fresh`, true)).toEqual([
    ['x', 'double', 'list<int>'],
  ]);
});

it('in a transaction evolves each table that needs it', async () => {
  await db.run('CREATE TABLE s.one (id INTEGER)');
  await merge(
    `BEGIN; INSERT INTO s.one BY NAME SELECT 1 AS id, 'a' AS k; INSERT INTO s.one SELECT 2, 'b'; COMMIT`,
  );
  expect(await db.rows('SELECT * FROM s.one ORDER BY id')).toEqual([
    [1, 'a'],
    [2, 'b'],
  ]);
});
