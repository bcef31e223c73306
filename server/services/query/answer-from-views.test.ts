import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { ManifestCache } from '#server/iceberg/manifest/manifest-cache.ts';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { planQuery, queryJson } from './index.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
  await db.run(
    `CREATE TABLE v.sales AS SELECT range AS id, range % 3 AS shop, DATE '2024-01-01' + (range % 40)::INT AS day,
       (range * 7 % 1000)::DECIMAL(9,2) AS cents, sqrt(range) AS weight, range % 2 = 0 AS paid, 'item ' || range AS item
     FROM range(4000)`,
  );
  await db.run("CREATE TABLE v.shops AS SELECT range AS id, 'shop ' || range AS name FROM range(3)");
  await db.run(
    `CREATE MATERIALIZED VIEW v.by_day AS
     SELECT shop, day, sum(cents) AS cents, count(*) AS n, sum(weight) AS weight, avg(cents) AS mean,
       count(DISTINCT id % 7) AS kinds, sum(id) AS ids
     FROM v.sales GROUP BY shop, day`,
  );
  await db.run(
    'CREATE MATERIALIZED VIEW v.paid AS SELECT id, shop, cents, weight FROM v.sales WHERE paid AND id > 100',
  );
  await db.run(
    `CREATE MATERIALIZED VIEW v.by_name AS
     SELECT s.name, count(*) AS n, max(t.cents) AS top FROM v.sales AS t JOIN v.shops s ON t.shop = s.id GROUP BY ALL`,
  );
  await db.run('CREATE MATERIALIZED VIEW v.copy AS SELECT name, id FROM v.shops');
  await db.run('CREATE MATERIALIZED VIEW v.total AS SELECT count(*) AS n, sum(cents) AS cents FROM v.sales');
});
afterAll(async () => db.close());

/** The views that answer a query, and why others do not. */
async function viewsOf(sql: string, ref?: string): Promise<{ used: string[]; passedOver: string[] }> {
  const at = ref === undefined ? {} : { ref };
  const { views = [] } = await planQuery(db.ctx, { sql, ...at });
  const { explanation } = await planQuery(db.ctx, { sql: `EXPLAIN ${sql}`, ...at });
  return {
    used: views.flatMap(({ table, insteadOf }) => (insteadOf === undefined ? [] : [table])),
    passedOver: (explanation?.passedOver ?? []).map(({ table, reason }) => `${table}: ${reason}`),
  };
}

async function answersOf(sql: string, ref?: string) {
  const request = { sql, cache: false, ...(ref === undefined ? {} : { ref }) };
  const [answer, plain] = [
    await queryJson(db.ctx, request),
    await queryJson(db.ctx, { ...request, materializedViews: false }),
  ];
  const texts = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
  return { answer: [answer.columns, texts(answer.rows)], plain: [plain.columns, texts(plain.rows)] };
}

it.each([
  ['SELECT shop, sum(cents) FROM v.sales GROUP BY shop', 'v.by_day'],
  ['SELECT count(*), sum(cents) AS all_cents FROM v.sales', 'v.total'],
  ['SELECT count(*) FROM v.sales WHERE shop * 10 = 5 AND month(day) > 12', 'v.by_day'],
  ['SELECT shop, avg(cents), count(DISTINCT id % 7) FROM v.sales GROUP BY 1, day', 'v.by_day'],
  [
    'SELECT day, shop, sum(weight) AS w FROM v.sales GROUP BY ALL HAVING w > 90 ORDER BY w DESC LIMIT 5',
    'v.by_day',
  ],
  ["SELECT date_trunc('week', day) AS week, sum(cents) / count(*) FROM v.sales t GROUP BY week", 'v.by_day'],
  ['SELECT max(day), count(DISTINCT shop), count(*) FILTER (WHERE shop < 2) FROM v.sales', 'v.by_day'],
  ['SELECT DISTINCT v.sales.shop FROM v.sales WHERE 3 > shop', 'v.by_day'],
  ['SELECT shop, sum(cents), 1.5e0 * count(*) FROM (FROM v.sales) AS s GROUP BY s.shop', 'v.by_day'],
  ['SELECT id + 1 AS next, cents FROM v.sales WHERE paid AND id > 3000 AND cents < 100', 'v.paid'],
  [
    'SELECT shop, avg(cents), count(DISTINCT id) FROM v.sales WHERE id > 100 AND paid GROUP BY shop',
    'v.paid',
  ],
  ['SELECT * EXCLUDE (n) FROM (SELECT shop, count(*) AS n, sum(ids) FROM v.by_day GROUP BY shop)', undefined],
  [
    'SELECT upper(name), max(cents), count(1) FROM v.shops AS s JOIN v.sales ON s.id = sales.shop GROUP BY name',
    'v.by_name',
  ],
  [
    'SELECT name, sum(n) FROM (SELECT name, count(*) AS n FROM v.sales, v.shops s WHERE s.id = shop GROUP BY name) GROUP BY name',
    'v.by_name',
  ],
  ['WITH d AS (SELECT day, sum(cents) AS c FROM v.sales GROUP BY day) SELECT max(c) FROM d', 'v.by_day'],
  [
    'SELECT shop, count(*) FROM v.sales GROUP BY shop UNION ALL SELECT shop, sum(id) FROM v.sales GROUP BY shop',
    'v.by_day',
  ],
  ['SELECT name, (SELECT sum(cents) FROM v.sales) AS of_all FROM v.shops', 'v.total'],
])('%s', async (sql, view) => {
  expect((await viewsOf(sql)).used).toEqual(view === undefined ? [] : [view]);
  const { answer, plain } = await answersOf(sql);
  expect(answer).toEqual(plain);
});

it.each([
  [
    'SELECT shop, sum(weight) FROM v.sales GROUP BY shop',
    'v.by_day: a sum of DOUBLE is rounded part by part',
  ],
  [
    'SELECT shop, avg(cents) FROM v.sales GROUP BY shop',
    'v.by_day: avg of the parts is not that of the whole',
  ],
  [
    'SELECT shop, count(DISTINCT id % 7) FROM v.sales GROUP BY shop',
    'v.by_day: count(DISTINCT …) of the parts is not that of the whole',
  ],
  [
    'SELECT shop, max(cents) FROM v.sales GROUP BY shop',
    'v.by_day: it does not have max of what the query has it of',
  ],
  [
    'SELECT shop, sum(cents) FROM v.sales WHERE paid GROUP BY shop',
    'v.by_day: it does not have the column paid',
  ],
  ['SELECT shop, sum(cents) FROM v.sales GROUP BY shop, item', 'v.by_day: it does not have the column item'],
  ['SELECT shop, sum(cents) FROM v.sales GROUP BY shop', 'v.total: it is one row, and the query has groups'],
  ['SELECT item FROM v.sales', 'v.by_day: it has groups, and the query reads the rows of its tables'],
  [
    'SELECT id, cents FROM v.sales WHERE paid AND id > 99',
    'v.paid: it leaves out rows that the query may read',
  ],
  ['SELECT id, cents FROM v.sales WHERE id > 100', 'v.paid: it leaves out rows that the query may read'],
  [
    'SELECT shop, sum(weight) FROM v.sales WHERE paid AND id > 100 GROUP BY shop',
    'v.paid: sum of DOUBLE is rounded in the order of rows',
  ],
  [
    'SELECT shop, list(id) FROM v.sales WHERE paid AND id > 100 GROUP BY shop',
    'v.paid: list may depend on the order of rows',
  ],
  [
    'SELECT sum(w) FROM (SELECT weight AS w FROM v.sales WHERE paid AND id > 100)',
    'v.paid: what is around the query may depend on the order of its rows',
  ],
  [
    'SELECT weight, count(*) FROM v.sales WHERE paid AND id > 100 GROUP BY weight',
    'v.paid: groups by DOUBLE have equal values that differ, as 0.0 and -0.0',
  ],
  [
    'SELECT id, cents FROM v.sales WHERE paid AND id > 100 LIMIT 3',
    'v.paid: the query has LIMIT without ORDER BY',
  ],
  [
    'SELECT shop, count(*) FROM v.sales GROUP BY ROLLUP (shop)',
    'v.by_day: the query is not compared: it groups in several ways at once',
  ],
  [
    'SELECT shop, sum(sum(cents)) OVER () FROM v.sales GROUP BY shop',
    'v.by_day: the query is not compared: it has a window function',
  ],
  [
    'SELECT shop, count(*) FROM v.sales WHERE shop IN (SELECT id FROM v.shops) GROUP BY shop',
    'v.by_day: the query is not compared: it has a subquery in an expression',
  ],
  [
    'SELECT shop, count(*) FROM v.sales GROUP BY shop HAVING max(item COLLATE NOCASE) > $$a$$',
    'v.by_day: the query is not compared: it compares by a collation',
  ],
  [
    'SELECT name, (SELECT sum(cents) FROM v.sales WHERE shop = s.id) FROM v.shops AS s',
    'v.by_day: the query is not compared: it reads s.id, which is not a column of its tables alone',
  ],
  [
    'SELECT name, count(*) FROM v.sales AS t LEFT JOIN v.shops s ON t.shop = s.id GROUP BY name',
    'v.by_name: the query joins other tables, or otherwise',
  ],
  [
    'SELECT name, count(*) FROM v.sales AS t JOIN v.shops s ON t.id = s.id GROUP BY name',
    'v.by_name: it leaves out rows that the query may read',
  ],
  ['SELECT id, name FROM v.shops', 'v.copy: it takes no fewer bytes'],
  [
    'SELECT count(*) FROM v.sales t JOIN v.shops s ON t.shop = s.id WHERE item > name',
    'v.copy: it is not of v.sales',
  ],
])('not: %s', async (sql, why) => {
  const { used, passedOver } = await viewsOf(sql);
  expect([used.includes(why.split(':')[0] ?? ''), passedOver]).toEqual([
    false,
    expect.arrayContaining([why]),
  ]);
});

it.each([
  'SELECT shop, count(*) FROM v.sales TABLESAMPLE 50% GROUP BY shop',
  'SELECT shop, count(*) FROM v.sales WHERE random() < 2 GROUP BY shop',
  'SELECT shop, count(*) FROM v.by_day GROUP BY shop',
])('not, and without a word: %s', async (sql) => {
  expect(await viewsOf(sql)).toEqual({ used: [], passedOver: [] });
});

it('is answered from the tables where a view can not be read', async () => {
  const sql = 'SELECT shop, sum(cents) AS of_shop FROM v.sales GROUP BY shop';
  const { metadata } = await db.table('v.by_day');
  const away = new Proxy(db.ctx.io, {
    get: (io, name) => {
      if (name === 'read')
        return async (...asked: Parameters<typeof io.read>) => {
          if (!asked[0].startsWith(metadata.location)) return io.read(...asked);
          throw new AppError('UNAVAILABLE', 'The storage is away.');
        };
      const member: unknown = Reflect.get(io, name);
      return typeof member === 'function' ? (member.bind(io) as unknown) : member;
    },
  });
  const tables = async (io = db.ctx.io) => {
    const { scans } = await planQuery({ ...db.ctx, io, manifests: new ManifestCache(2 ** 20) }, { sql });
    return scans.map(({ table }) => table);
  };
  expect(await tables(away)).toEqual(['v.sales']);
  expect(await tables()).toEqual(['v.by_day']);
  // It is known by now what answers it best.
  expect(await tables(away)).toEqual(['v.sales']);
});

it('answers a query at the time that it is asked', async () => {
  const sql = 'SELECT shop, count(*) FROM v.sales WHERE day < current_date GROUP BY shop';
  expect((await viewsOf(sql)).used).toEqual(['v.by_day']);
});

it('says in one line which view answers, and reads no other where it is told to', async () => {
  const sql = 'SELECT shop, sum(cents) FROM v.sales GROUP BY shop';
  const { metadata } = await db.table('v.by_day');
  const line = `answered from the materialized view v.by_day, fresh at snapshot ${metadata.currentSnapshotId}`;
  const plan = await planQuery(db.ctx, { sql });
  expect(plan.engine.reason).toMatch(/^It needs .* which fits in the tab\. Answered from /);
  expect(plan.engine.reason).toContain(`${line.slice(1)}.`);
  expect(plan.scans.map(({ table }) => table)).toEqual(['v.by_day']);
  expect(await db.rows(`EXPLAIN ${sql}`)).toContainEqual([
    'view',
    'v.by_day',
    `${line}, instead of v.sales: its tables are as they were when it was refreshed`,
  ]);
  const off = await planQuery(db.ctx, { sql, materializedViews: false });
  expect([off.scans.map(({ table }) => table), off.views]).toEqual([['v.sales'], undefined]);
});

it('places what goes wrong in the text that was asked', async () => {
  const sql = "SELECT shop,\n  CAST('x' || sum(cents) AS INT) FROM v.sales GROUP BY shop";
  expect((await viewsOf(sql)).used).toEqual(['v.by_day']);
  const error: unknown = await queryJson(db.ctx, { sql }).catch((failure: unknown) => failure);
  expect(error).toMatchObject({ code: 'SQL_RUNTIME', context: { line: 2, column: 3 } });
});

it('reads a view only where it is of the snapshots that the query reads', async () => {
  const sql = 'SELECT shop, sum(cents) FROM v.sales GROUP BY shop';
  const before = (await db.ctx.catalog.getRef('main')).hash;
  const { metadata } = await db.table('v.sales');
  await db.ctx.catalog.createRef({ name: 'dev', type: 'BRANCH', hash: before });
  await db.run("INSERT INTO v.sales VALUES (4000, 1, DATE '2024-01-01', 5, 1, true, 'new')", 'dev');
  expect((await viewsOf(sql)).used).toEqual(['v.by_day']);
  const stale = await viewsOf(sql, 'dev');
  expect(stale).toEqual({
    used: [],
    passedOver: expect.arrayContaining(['v.by_day: v.sales is not as it was when the view was refreshed']),
  });

  const at = (version: string) => sql.replace('v.sales', `v.sales AT (VERSION => ${version})`);
  expect((await viewsOf(at(`'${before}'`), 'dev')).used).toEqual(['v.by_day']);
  expect((await viewsOf(at("'dev'"))).used).toEqual([]);
  // At that commit the view is stale, and its rows are of the snapshot that is asked for all the same.
  const pinned = at(String(metadata.currentSnapshotId));
  expect((await viewsOf(pinned, 'dev')).used).toEqual(['v.by_day']);
  const { answer, plain } = await answersOf(pinned, 'dev');
  expect(answer).toEqual(plain);

  await db.run('REFRESH MATERIALIZED VIEW v.by_day', 'dev');
  expect((await viewsOf(sql, 'dev')).used).toEqual(['v.by_day']);
  expect((await viewsOf(at("'dev'"))).used).toEqual(['v.by_day']);
  const dev = await answersOf(sql, 'dev');
  expect(dev.answer).toEqual(dev.plain);
  expect(dev.answer).not.toEqual((await answersOf(sql)).answer);
});

it('takes the name of a table by itself for its rows, also where the select list has it', async () => {
  await db.run('CREATE TABLE r.t AS SELECT nullif(range % 4, 3) AS k, range AS x FROM range(2000)');
  await db.run('CREATE MATERIALIZED VIEW r.m AS SELECT k AS t, count(t) AS n FROM r.t GROUP BY k');
  const sql = 'SELECT k, count(k) AS n FROM r.t GROUP BY k';
  const { answer, plain } = await answersOf(sql);
  expect(answer).toEqual(plain);
  expect(await viewsOf(sql)).toMatchObject({ used: [] });
});

it('knows that GROUP BY ALL groups by columns of HAVING too', async () => {
  const of = (having: string) =>
    `SELECT shop % 2 AS part, count(*) AS n FROM v.sales GROUP BY ALL HAVING ${having}`;
  await db.run(
    'CREATE MATERIALIZED VIEW v.parts AS SELECT shop % 2 AS part, count(*) AS n FROM v.sales GROUP BY 1',
  );
  for (const having of ['part = 0', 'shop % 2 = 0', 'max(id) > 0']) {
    const { answer, plain } = await answersOf(of(having));
    expect(answer).toEqual(plain);
  }
  expect((await viewsOf(of('part = 0'))).used).toEqual([]);
  expect((await viewsOf(of('n > 5'))).used).toEqual(['v.parts']);
  await db.run('DROP MATERIALIZED VIEW v.parts');
});
