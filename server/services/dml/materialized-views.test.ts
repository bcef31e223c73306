import { afterAll, beforeAll, expect, it } from 'vitest';
import { newMetadataLocation } from '#server/iceberg/metadata/locations.ts';
import { serializeTableMetadata } from '#server/iceberg/metadata/serialize.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { planQuery, refreshStateOf } from '../query/index.ts';
import { tableContent, VIEW_SQL } from '../tables/index.ts';
import { DmlFixture } from './testing/dml-fixture.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
  await db.run(
    'CREATE TABLE v.sales AS SELECT range AS id, range % 3 AS shop, range * 10 AS cents FROM range(30)',
  );
  await db.run(
    'CREATE MATERIALIZED VIEW v.by_shop AS SELECT shop, sum(cents) AS cents, count(*) AS n FROM v.sales GROUP BY shop',
  );
});
afterAll(async () => db.close());

const planOf = async (sql: string, ref?: string) =>
  planQuery(db.ctx, { sql, ...(ref === undefined ? {} : { ref }) });

/** The table's metadata as another writer may leave it. */
async function forge(name: string, change: (before: TableMetadata) => TableMetadata): Promise<void> {
  const { key, content, metadata } = await db.table(name);
  const forged = change(metadata);
  const location = newMetadataLocation(metadata, null);
  await db.ctx.io.putIfAbsent(location, serializeTableMetadata(forged));
  await db.ctx.catalog.commit({
    branch: 'main',
    author: 'another',
    message: 'Forge',
    properties: {},
    operations: [{ kind: 'put', key, content: tableContent(forged, location) }],
    requirements: [{ key, content }],
  });
}

function withSources(metadata: TableMetadata, sources: readonly unknown[]): TableMetadata {
  const state = JSON.stringify({ 'source-states': sources, 'refresh-start-timestamp-ms': 0 });
  const snapshots = metadata.snapshots.map((snapshot) => ({
    ...snapshot,
    summary: { ...snapshot.summary, 'refresh-state': state },
  }));
  return { ...metadata, snapshots };
}

it('reads what is stored while it is fresh, and the query once it is not', async () => {
  const fresh = await planOf('SELECT * FROM v.by_shop');
  expect(fresh.scans.map(({ table }) => table)).toEqual(['v.by_shop']);
  expect(fresh.views).toMatchObject([{ table: 'v.by_shop', fresh: true }]);

  await db.run('INSERT INTO v.sales VALUES (100, 7, 5)');
  const stale = await planOf('SELECT * FROM v.by_shop');
  expect(stale.scans.map(({ table }) => table)).toEqual(['v.sales']);
  expect(stale.views).toEqual([
    { table: 'v.by_shop', fresh: false, reason: 'v.sales has changed since it was refreshed' },
  ]);
  expect(await db.rows('SELECT v.by_shop.n FROM v.by_shop WHERE shop = 7')).toEqual([['1']]);
  const explained = await db.rows('EXPLAIN SELECT * FROM v.by_shop');
  expect(explained.filter(([part, what]) => part === 'view' && what === 'v.by_shop')).toEqual([
    ['view', 'v.by_shop', 'not fresh, so its query is read: v.sales has changed since it was refreshed'],
  ]);

  const refreshed = await db.run('REFRESH MATERIALIZED VIEW v.by_shop');
  expect(refreshed).toMatchObject({
    kind: 'refresh-materialized-view',
    note: 'Refreshed incrementally: one new file of v.sales (1 row) merged into what it had.',
  });
  expect((await planOf('SELECT * FROM v.by_shop')).views).toMatchObject([{ fresh: true }]);
  const again = await db.run('REFRESH MATERIALIZED VIEW v.by_shop');
  expect([again.commit, again.note]).toEqual([undefined, 'It is fresh: its tables are as they were.']);
});

it('is versioned as tables are: branches and places in history have their own', async () => {
  const before = (await db.ctx.catalog.getRef('main')).hash;
  const rows = await db.rows('FROM v.by_shop ORDER BY shop');
  await db.ctx.catalog.createRef({ name: 'dev', type: 'BRANCH', hash: before });
  await db.run('INSERT INTO v.sales VALUES (200, 0, 1000)', 'dev');
  await db.run('REFRESH MATERIALIZED VIEW v.by_shop', 'dev');
  expect(await db.rows('FROM v.by_shop ORDER BY shop')).toEqual(rows);
  expect((await planOf('FROM v.by_shop')).views).toMatchObject([{ fresh: true }]);
  const dev = await db.rows("FROM v.by_shop AT (VERSION => 'dev') ORDER BY shop");
  expect(dev).not.toEqual(rows);

  // Stale on dev, read from main: it is the query at dev that answers.
  await db.run('INSERT INTO v.sales VALUES (201, 0, 1000)', 'dev');
  const stale = await db.rows("SELECT cents FROM v.by_shop AS x AT (VERSION => 'dev') WHERE x.shop = 0");
  expect(stale).toEqual(await db.rows('SELECT sum(cents) FROM v.sales WHERE shop = 0', 'dev'));
  expect(await db.rows('FROM v.by_shop ORDER BY shop', before)).toEqual(rows);
});

it('reads views on views, each as fresh as what is below it', async () => {
  await db.run('CREATE MATERIALIZED VIEW v.top AS SELECT max(cents) AS cents FROM v.by_shop');
  expect((await planOf('FROM v.top')).scans.map(({ table }) => table)).toEqual(['v.top']);
  await db.run('INSERT INTO v.sales VALUES (300, 1, 1000000)');
  expect((await planOf('FROM v.top')).scans.map(({ table }) => table)).toEqual(['v.sales']);
  expect(await db.rows('SELECT cents > 1000000 FROM v.top')).toEqual([[true]]);
  await db.run('REFRESH MATERIALIZED VIEW v.by_shop');
  expect((await planOf('FROM v.top')).scans.map(({ table }) => table)).toEqual(['v.by_shop']);
  await db.run('REFRESH MATERIALIZED VIEW v.top');
  expect((await planOf('FROM v.top')).scans.map(({ table }) => table)).toEqual(['v.top']);
});

it('is computed anew where its table lost rows, and says why', async () => {
  await db.run('DELETE FROM v.sales WHERE id = 300');
  expect(await db.run('REFRESH MATERIALIZED VIEW v.by_shop')).toMatchObject({
    note: 'Refreshed in full, because v.sales has changed or lost rows since.',
  });
  expect(await db.rows('SELECT n FROM v.by_shop WHERE shop = 1')).toEqual([['10']]);
  expect(await db.run('REFRESH MATERIALIZED VIEW v.by_shop FULL')).toMatchObject({
    note: 'Refreshed in full, because FULL asks for that.',
  });
});

it('stays fresh when its own files are compacted', async () => {
  await db.run('OPTIMIZE v.by_shop FULL');
  expect((await planOf('FROM v.by_shop')).views).toMatchObject([{ fresh: true }]);
});

it('lists views', async () => {
  expect(await db.rows('SHOW MATERIALIZED VIEWS')).toEqual([
    ['v', 'by_shop', true, expect.any(String), expect.stringContaining('GROUP BY shop')],
    ['v', 'top', false, expect.any(String), 'SELECT max(cents) AS cents FROM v.by_shop'],
  ]);
});

it.each([
  ['INSERT INTO v.by_shop VALUES (1, 2, 3)', 'FORBIDDEN', 'v.by_shop VA'],
  ['DELETE FROM v.by_shop', 'FORBIDDEN', 'v.by_shop'],
  ['ALTER TABLE v.by_shop DROP COLUMN n', 'FORBIDDEN', 'v.by_shop DR'],
  ['DROP TABLE v.by_shop', 'INVALID_INPUT', 'v.by_shop'],
  ['DROP MATERIALIZED VIEW v.sales', 'INVALID_INPUT', 'v.sales'],
  ['REFRESH MATERIALIZED VIEW v.sales', 'INVALID_INPUT', 'v.sales'],
  ['CREATE MATERIALIZED VIEW v.bad AS SELECT now() AS t FROM v.sales', 'UNSUPPORTED', null],
  ['CREATE MATERIALIZED VIEW v.bad AS SELECT id FROM v.sales USING SAMPLE 3', 'UNSUPPORTED', null],
  ["CREATE MATERIALIZED VIEW v.bad AS SELECT id FROM v.sales AT (VERSION => 'dev')", 'UNSUPPORTED', null],
  ['CREATE MATERIALIZED VIEW v.bad (a INT)', 'SQL_SYNTAX', null],
  ['CREATE MATERIALIZED VIEW v.by_shop AS SELECT 1 AS a', 'TABLE_ALREADY_EXISTS', 'v.by_shop AS'],
  ['CREATE MATERIALIZED VIEW v.bad AS SELECT nothing FROM v.sales', 'COLUMN_NOT_FOUND', 'nothing FROM'],
])('refuses %s', async (sql, code, at) => {
  const refusal = await db.refusal(sql);
  expect([refusal.code, refusal.at]).toEqual([code, at ?? refusal.at]);
});

it('takes over other columns only when it is created anew, and goes with DROP', async () => {
  await db.run('CREATE TABLE v.wide AS SELECT 1 AS a');
  await db.run('CREATE MATERIALIZED VIEW v.copy AS FROM v.wide');
  await db.run('ALTER TABLE v.wide ADD COLUMN b INT');
  expect(await db.rows('FROM v.copy')).toEqual([[1, null]]);
  expect((await db.refusal('REFRESH MATERIALIZED VIEW v.copy')).code).toBe('SCHEMA_MISMATCH');
  await db.run('CREATE OR REPLACE MATERIALIZED VIEW v.copy AS FROM v.wide');
  expect((await planOf('FROM v.copy')).views).toMatchObject([{ fresh: true }]);
  await db.run('DROP MATERIALIZED VIEW v.copy');
  const back = await db.run('UNDROP MATERIALIZED VIEW v.copy');
  expect(back.note).toMatch(/^The materialized view v\.copy is there again, /);
  await db.run('DROP MATERIALIZED VIEW v.copy');
  expect(await db.rows('SHOW MATERIALIZED VIEWS')).toHaveLength(2);
});

it('never reads itself, fresh or not', async () => {
  await db.run('CREATE TABLE c.t AS SELECT 1 AS a');
  await db.run('CREATE MATERIALIZED VIEW c.m1 AS SELECT a FROM c.t');
  const direct = 'CREATE OR REPLACE MATERIALIZED VIEW c.m1 AS SELECT a + 1 AS a FROM c.m1';
  expect(await db.refusal(direct)).toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(/^The view c\.m1 would read itself\./) as string,
    at: 'c.m1',
  });
  await db.run('CREATE MATERIALIZED VIEW c.m2 AS SELECT a FROM c.m1');
  await db.run('CREATE VIEW c.v AS SELECT a FROM c.m2');
  const round = 'CREATE OR REPLACE MATERIALIZED VIEW c.m1 AS SELECT a + 1 AS a FROM c.v';
  const message = expect.stringMatching(
    /^The view c\.m1 would read itself, through c\.v and c\.m2\./,
  ) as string;
  expect(await db.refusal(round)).toMatchObject({ message });
  await db.run('INSERT INTO c.t VALUES (2)');
  expect(await db.refusal(round)).toMatchObject({ message });
  expect(await db.refusal('CREATE OR REPLACE MATERIALIZED VIEW c.t AS SELECT a FROM c.v')).toMatchObject({
    message: expect.stringMatching(
      /^The view c\.t would read itself, through c\.v and c\.m2 and c\.m1\./,
    ) as string,
  });
  expect(await db.rows('SELECT a FROM c.v ORDER BY a')).toEqual([[1], [2]]);
});

it('whose rows another writer says are made of themselves is not fresh', async () => {
  await db.run('CREATE TABLE s.t AS SELECT 1 AS a');
  await db.run('CREATE MATERIALIZED VIEW s.m AS SELECT a FROM s.t');
  const { metadata } = await db.table('s.m');
  const itself = {
    type: 'table',
    name: 's.m',
    uuid: metadata.tableUuid,
    'snapshot-id': String(metadata.currentSnapshotId),
    'schema-id': metadata.currentSchemaId,
  };
  await forge('s.m', (before) => withSources(before, [itself]));
  const shown = await db.rows('SHOW MATERIALIZED VIEWS');
  expect(shown.find(([schema]) => schema === 's')?.[2]).toBe(false);
  expect(await db.rows('FROM s.m')).toEqual([[1]]);
});

it('reads no place in history through a view either, also where that is replaced later', async () => {
  await db.run('CREATE TABLE h.b AS SELECT 1 AS x');
  const { hash } = await db.ctx.catalog.getRef('main');
  await db.ctx.catalog.createRef({ name: 'hdev', type: 'BRANCH', hash });
  await db.run("CREATE VIEW h.lv AS SELECT * FROM h.b AT (VERSION => 'hdev')");
  await db.run('CREATE VIEW h.outer AS SELECT * FROM h.lv');
  const create = 'CREATE MATERIALIZED VIEW h.m AS SELECT count(*) AS c, sum(x) AS s FROM h.outer';
  const refusal = {
    code: 'UNSUPPORTED',
    message: expect.stringContaining('take AT out of the query of h.lv') as string,
  };
  expect(await db.refusal(create)).toMatchObject(refusal);

  await db.run('CREATE OR REPLACE VIEW h.lv AS SELECT * FROM h.b');
  await db.run(create);
  expect((await planOf('FROM h.m')).views).toMatchObject([{ fresh: true }]);
  await db.run("CREATE OR REPLACE VIEW h.lv AS SELECT * FROM h.b AT (VERSION => 'hdev')");
  expect(await db.refusal('REFRESH MATERIALIZED VIEW h.m')).toMatchObject(refusal);
  await db.run('INSERT INTO h.b VALUES (5), (6)', 'hdev');
  expect(await db.rows('FROM h.m')).toEqual([['3', '12']]);
  expect((await planOf('FROM h.m')).views).toMatchObject([{ fresh: false }]);
});

it('calls no rows fresh that an earlier version of this program made through a view of a place in history', async () => {
  await db.run('CREATE TABLE e.b AS SELECT 1 AS x');
  const { hash } = await db.ctx.catalog.getRef('main');
  await db.ctx.catalog.createRef({ name: 'edev', type: 'BRANCH', hash });
  await db.run('CREATE VIEW e.lv AS SELECT * FROM e.b');
  await db.run('CREATE MATERIALIZED VIEW e.m AS SELECT count(*) AS c FROM e.lv');
  await db.run("CREATE OR REPLACE VIEW e.lv AS SELECT * FROM e.b AT (VERSION => 'edev')");
  const { metadata } = await db.table('e.m');
  const sources = refreshStateOf(metadata)?.sources ?? [];
  const now = sources.map((source) => (source.type === 'view' ? { ...source, 'version-id': 2 } : source));
  await forge('e.m', (before) => withSources(before, now));
  await db.run('INSERT INTO e.b VALUES (5)', 'edev');
  expect((await planOf('FROM e.m')).views).toEqual([
    { table: 'e.m', fresh: false, reason: 'the view e.lv reads its tables AT a version or time' },
  ]);
  expect(await db.rows('FROM e.m')).toEqual([['2']]);
});

const NO_COLLATION = {
  code: 'UNSUPPORTED',
  message: expect.stringContaining('stored text has no collation') as string,
};

it.each([
  'SELECT s COLLATE NOCASE AS k, count(*) AS c FROM k.t GROUP BY s COLLATE NOCASE',
  'WITH x AS (SELECT min(s COLLATE NOCASE) AS k FROM k.t) SELECT lower(k) AS k FROM x',
  'SELECT [s COLLATE NOCASE] AS k FROM k.t',
  'SELECT s AS k FROM k.collated',
])('refuses text with a collation, which its rows would not have: %s', async (query) => {
  await db.run("CREATE TABLE IF NOT EXISTS k.t AS SELECT * FROM (VALUES ('a'), ('A')) v(s)");
  await db.run('CREATE VIEW IF NOT EXISTS k.collated AS SELECT s COLLATE NOCASE AS s FROM k.t');
  expect(await db.refusal(`CREATE MATERIALIZED VIEW k.m AS ${query}`)).toMatchObject(NO_COLLATION);
});

it.each([
  'SELECT min(s) AS k, count(*) AS c FROM k.t GROUP BY s COLLATE NOCASE',
  "SELECT s AS k, s COLLATE NOCASE = 'A' AS same FROM k.t WHERE s COLLATE NOCASE = 'A' ORDER BY s COLLATE NOCASE",
  'SELECT count(DISTINCT s COLLATE NOCASE) AS k FROM k.t',
])('takes a collation that only compares, groups or orders: %s', async (query) => {
  await db.run(`CREATE MATERIALIZED VIEW k.m AS ${query}`);
  const rows = async (from: string) => db.rows(`SELECT * FROM ${from} WHERE k = 'A' ORDER BY ALL`);
  const numbers = query.includes('DISTINCT') ? 'SELECT CAST(k AS VARCHAR) AS k FROM' : 'FROM';
  expect(await rows(`(${numbers} k.m)`)).toEqual(await rows(`(${numbers} (${query}))`));
  await db.run('DROP MATERIALIZED VIEW k.m');
});

it('is refused a refresh through a view that has got a collation since', async () => {
  await db.run('CREATE OR REPLACE VIEW k.later AS SELECT s FROM k.t');
  await db.run('CREATE MATERIALIZED VIEW k.m AS SELECT s AS k FROM k.later');
  await db.run('CREATE OR REPLACE VIEW k.later AS SELECT s COLLATE NOCASE AS s FROM k.t');
  expect(await db.refusal('REFRESH MATERIALIZED VIEW k.m')).toMatchObject(NO_COLLATION);
  expect(await db.rows('SELECT k FROM k.m WHERE k = \'A\' ORDER BY k COLLATE "binary"')).toHaveLength(2);
});

it('names the view whose stored query does not parse', async () => {
  await db.run('CREATE TABLE w.t AS SELECT 1 AS a');
  await db.run('CREATE MATERIALIZED VIEW w.m AS SELECT a FROM w.t');
  await db.run('INSERT INTO w.t VALUES (2)');
  await forge('w.m', (before) => ({
    ...before,
    properties: { ...before.properties, [VIEW_SQL]: 'SELEC a FROM w.t' },
  }));
  const message = expect.stringMatching(
    /^The stored query of the materialized view w\.m can't be read\. .*SELEC.* CREATE OR REPLACE MATERIALIZED VIEW w\.m gives it another\.$/,
  ) as string;
  await expect(db.rows('SELECT a FROM w.m')).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message,
    context: { view: 'w.m', position: 14 },
  });
  const refusal = await db.refusal('REFRESH MATERIALIZED VIEW w.m');
  expect(refusal).toEqual({ code: 'UNSUPPORTED', message, at: 'w.m' });
  await db.run('CREATE OR REPLACE MATERIALIZED VIEW w.m AS SELECT a FROM w.t');
});

it('lists those of a namespace', async () => {
  const names = async (sql: string) =>
    (await db.rows(sql)).map(([schema, name]) => `${String(schema)}.${String(name)}`);
  await db.run('CREATE TABLE y.deep.er.t AS SELECT 1 AS a');
  await db.run('CREATE MATERIALIZED VIEW y.deep.er.m AS SELECT a FROM y.deep.er.t');
  await db.run('CREATE MATERIALIZED VIEW y.m AS SELECT a FROM y.deep.er.t');
  expect(await names('SHOW MATERIALIZED VIEWS FROM Y')).toEqual(['y.deep.er.m', 'y.m']);
  expect(await names('show materialized views in y;')).toEqual(['y.deep.er.m', 'y.m']);
  expect(await names('SHOW MATERIALIZED VIEWS FROM y."deep" -- and beneath')).toEqual(['y.deep.er.m']);
  expect(await names('SHOW MATERIALIZED VIEWS IN nowhere')).toEqual([]);
  expect(await names('SHOW MATERIALIZED VIEWS')).toEqual(expect.arrayContaining(['v.top', 'y.m']));
  await expect(db.rows('SHOW MATERIALIZED VIEWS FROM')).rejects.toMatchObject({ code: 'SQL_SYNTAX' });
  await expect(db.rows('SHOW MATERIALIZED VIEWS FROM y z')).rejects.toMatchObject({ code: 'SQL_SYNTAX' });
});

it('is read by its query, and so is a view, where that names tables in deeper namespaces', async () => {
  await db.run('CREATE TABLE z.deep.er.t AS SELECT 1 AS a');
  await db.run('CREATE MATERIALIZED VIEW z.m AS SELECT a FROM z.deep.er.t');
  await db.run('CREATE VIEW z.v AS SELECT a FROM z.deep.er.t');
  await db.run('INSERT INTO z.deep.er.t VALUES (2)');
  expect(await db.rows('FROM z.m ORDER BY a')).toEqual([[1], [2]]);
  expect(await db.rows('FROM z.v ORDER BY a')).toEqual([[1], [2]]);
});

it.each([
  ['directly', 'f.i'],
  ['through a view', 'f.over'],
])('over one that is not fresh, %s, is not fresh once that is another', async (_, from) => {
  const freshness = async () => {
    const shown = await db.rows('SHOW MATERIALIZED VIEWS FROM f');
    return shown.find(([, name]) => name === 'o')?.[2];
  };
  await db.run('CREATE OR REPLACE TABLE f.t AS SELECT * FROM (VALUES (1, 10), (2, 20)) v(id, g)');
  await db.run('CREATE OR REPLACE MATERIALIZED VIEW f.i AS SELECT max(g) AS m FROM f.t');
  await db.run('CREATE OR REPLACE VIEW f.over AS SELECT m FROM f.i');
  await db.run('INSERT INTO f.t VALUES (3, 30)');
  await db.run(`CREATE OR REPLACE MATERIALIZED VIEW f.o AS SELECT m * 2 AS z FROM ${from}`);
  expect(await freshness()).toBe(true);
  await db.run('REFRESH MATERIALIZED VIEW f.i');
  expect(await freshness()).toBe(true);

  await db.run('CREATE OR REPLACE MATERIALIZED VIEW f.i AS SELECT min(g) AS m FROM f.t');
  expect(await freshness()).toBe(false);
  expect((await planOf('FROM f.o')).views?.[0]).toMatchObject({ table: 'f.o', fresh: false });
  expect(await db.rows('FROM f.o')).toEqual([[20]]);
  await db.run('INSERT INTO f.t VALUES (4, 5)');
  expect(await db.run('REFRESH MATERIALIZED VIEW f.o')).toMatchObject({
    note: 'Refreshed in full, because its query reads a view.',
  });
  expect(await freshness()).toBe(true);

  await db.run('DROP MATERIALIZED VIEW f.i');
  expect(await freshness()).toBe(false);
  await expect(db.rows('FROM f.o')).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND' });
  await db.run('CREATE TABLE f.i AS SELECT 7 AS m');
  expect(await db.rows('FROM f.o')).toEqual([[14]]);
  await db.run('DROP TABLE f.i');
});

it('stays a materialized view where a table is to take its place', async () => {
  await db.run('CREATE TABLE p.t AS SELECT 1 AS a');
  await db.run('CREATE MATERIALIZED VIEW p.m AS SELECT a FROM p.t');
  for (const sql of [
    "CREATE OR REPLACE TABLE p.m AS SELECT 'x' AS k",
    'CREATE OR REPLACE TABLE p.m (k VARCHAR)',
  ])
    expect(await db.refusal(sql)).toEqual({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(
        /^p\.m is a materialized view and no table; write CREATE OR REPLACE MATERIALIZED VIEW, or DROP/,
      ) as string,
      at: sql.slice(24, 36),
    });
  expect(await db.rows('FROM p.m')).toEqual([[1]]);
  await db.run('CREATE OR REPLACE MATERIALIZED VIEW p.m AS SELECT a + 1 AS a FROM p.t');
  expect(await db.rows('FROM p.m')).toEqual([[2]]);
});

it('is read by its query where a view has taken the place of its table', async () => {
  await db.run('CREATE TABLE q.t AS SELECT 1 AS a');
  await db.run('CREATE TABLE q.u AS SELECT 2 AS a');
  await db.run('CREATE MATERIALIZED VIEW q.m AS SELECT a FROM q.t');
  await db.run('DROP TABLE q.t');
  await db.run('CREATE VIEW q.t AS SELECT a FROM q.u');
  expect((await planOf('FROM q.m')).views).toEqual([
    { table: 'q.m', fresh: false, reason: 'q.t is no table any more' },
  ]);
  expect(await db.rows('FROM q.m')).toEqual([[2]]);
  expect((await db.rows('SHOW MATERIALIZED VIEWS FROM q'))[0]?.[2]).toBe(false);
  await db.run('REFRESH MATERIALIZED VIEW q.m');
  expect((await planOf('FROM q.m')).views).toMatchObject([{ fresh: true }]);
});

it('has rows of another query where it is rolled back to them, and is not fresh then', async () => {
  await db.run('CREATE TABLE b.t AS SELECT * FROM (VALUES (1), (2)) v(a)');
  await db.run('CREATE MATERIALIZED VIEW b.m AS SELECT max(a) AS a FROM b.t');
  const { metadata } = await db.table('b.m');
  await db.run('CREATE OR REPLACE MATERIALIZED VIEW b.m AS SELECT min(a) AS a FROM b.t');
  await db.run(`RESTORE TABLE b.m TO VERSION ${metadata.currentSnapshotId}`);
  expect((await planOf('FROM b.m')).views).toMatchObject([{ fresh: false }]);
  expect(await db.rows('FROM b.m')).toEqual([[1]]);
  expect((await planOf('SELECT max(a) FROM b.t')).views ?? []).toEqual([]);
  await db.run('INSERT INTO b.t VALUES (3)');
  expect(await db.run('REFRESH MATERIALIZED VIEW b.m')).toMatchObject({
    note: expect.stringMatching(/^Refreshed in full/) as string,
  });
  expect(await db.rows('FROM b.m')).toEqual([[1]]);
});
