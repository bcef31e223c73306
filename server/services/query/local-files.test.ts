import { afterAll, beforeAll, expect, it } from 'vitest';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { checkQuery, planQuery } from './index.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
  await db.run(
    "CREATE TABLE shop.orders AS SELECT range AS id, range % 3 AS customer, 'x' AS note FROM range(9)",
  );
  await db.run('CREATE TABLE shop.people AS SELECT 1 AS other');
});
afterAll(async () => db.close());

const people = {
  name: 'people',
  columns: [
    { name: 'id', type: 'BIGINT' },
    { name: 'full name', type: 'VARCHAR' },
    { name: 'tags', type: 'STRUCT("a" INTEGER)[]' },
  ],
};
const plan = (sql: string, more: { engine?: 'server' | 'auto' } = {}) =>
  planQuery(db.ctx, { sql, locals: [people], ...more });

it('plans a query over a file by its columns alone, for the tab', async () => {
  const planned = await plan(
    'SELECT p."full name" AS n, count(*) FROM People AS p WHERE p.id > 3 GROUP BY ALL',
  );
  expect(planned).toMatchObject({
    scans: [],
    bytes: 0,
    columns: [
      { name: 'n', type: 'VARCHAR' },
      { name: 'count_star()', type: 'BIGINT' },
    ],
    locals: [{ name: 'people', columns: ['id', 'full name'] }],
    engine: {
      choice: 'browser',
      reason: 'It reads the file people, which only this tab has.',
      browserCapable: true,
    },
  });
  expect(planned.sql).toContain('FROM People AS p');
  expect((await plan('SELECT count(*) FROM people')).locals).toEqual([{ name: 'people', columns: [] }]);
});

it('joins a file with tables, prunes these as ever, and does not take the file for empty', async () => {
  const planned = await plan(
    'SELECT o.id FROM shop.orders o LEFT JOIN people ON o.customer = people.id WHERE o.id < 4 LIMIT 1',
  );
  expect(
    planned.scans.map(({ table, columns, files }) => [table, columns.map(({ name }) => name), files.length]),
  ).toEqual([['shop.orders', ['id', 'customer'], 1]]);
  expect(planned.locals?.map(({ name }) => name)).toEqual(['people']);
  const inner = await plan('SELECT * FROM shop.orders WHERE customer IN (SELECT id FROM people)');
  expect(inner.scans[0]?.columns).toHaveLength(3);
  expect(inner.locals).toEqual([{ name: 'people', columns: ['id'] }]);
});

it('takes a bare name for the file, and a table’s where it has a schema, a version, or is a WITH', async () => {
  expect((await plan('FROM people')).columns.map(({ name }) => name)).toEqual(['id', 'full name', 'tags']);
  expect((await plan('FROM shop.people')).locals).toBeUndefined();
  expect((await plan('WITH people AS (SELECT 1 AS one) FROM people')).locals).toBeUndefined();
  await expect(plan("FROM people AT (VERSION => 'main')")).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND' });
  // It is gone with the query that brought it.
  await expect(planQuery(db.ctx, { sql: 'FROM people' })).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND' });
});

it('says what is wrong with a query over a file, and where', async () => {
  await expect(plan('SELECT nam FROM people')).rejects.toMatchObject({
    code: 'COLUMN_NOT_FOUND',
    context: { position: 7 },
  });
  const checked = await checkQuery(db.ctx, { sql: 'SELECT id, 1.5 AS "a b" FROM people', locals: [people] });
  expect(checked).toEqual({
    problem: null,
    columns: [
      { name: 'id', type: 'BIGINT' },
      { name: 'a b', type: 'DECIMAL(2,1)' },
    ],
  });
});

it('explains it; what has to run on the server it refuses, and says why', async () => {
  const explained = await plan('EXPLAIN SELECT id FROM people WHERE id = 2');
  expect(explained.explanation?.logical.map(({ name }) => name)).toContain('Scan people');
  await expect(plan('EXPLAIN ANALYZE FROM people')).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining('does not have the file people'),
  });
  await expect(plan('FROM people', { engine: 'server' })).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringMatching(/file people, which only this tab has.*Save the file as a table/),
  });
  await expect(plan('SELECT json_extract("full name", \'$.a\') FROM people')).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringMatching(
      /^The tab’s engine has no json_extract\. The query reads the file people, /,
    ),
  });
});
