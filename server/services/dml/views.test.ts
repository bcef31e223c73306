import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import { applyViewUpdates } from '#server/iceberg/view/apply-view-updates.ts';
import { queryJson } from '../query/index.ts';
import { ICEBERG_VIEW, viewContent, writeViewMetadata } from '../views/index.ts';
import { DmlFixture } from './testing/dml-fixture.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
  await db.run("CREATE TABLE n.t AS SELECT range AS id, 'a' || range AS name FROM range(5)");
});
afterAll(async () => db.close());

const shown = async (sql: string) => (await queryJson(db.ctx, { sql })).rows;

/** As another engine does. */
const writeElsewhere = async (name: string, sql: string) => {
  const metadata = applyViewUpdates(null, [
    { action: 'assign-uuid', uuid: randomUUID() },
    { action: 'set-location', location: `${db.ctx.io.root}/spark-${name}` },
    { action: 'add-schema', schema: schemaFromColumns([{ name: 'id', sqlType: 'BIGINT' }]) },
    {
      action: 'add-view-version',
      viewVersion: {
        versionId: 1,
        schemaId: -1,
        timestampMs: 1,
        summary: {},
        representations: [{ type: 'sql', sql, dialect: 'spark' }],
        defaultCatalog: 'lake',
        defaultNamespace: ['n'],
      },
    },
    { action: 'set-current-view-version', viewVersionId: -1 },
  ]);
  const content = viewContent(metadata, await writeViewMetadata(db.ctx, metadata, null));
  const key = ['n', name];
  const by = { author: 'spark', message: 'x', properties: {} };
  const operations = [{ kind: 'put' as const, key, content }];
  await db.ctx.catalog.commit({
    ...by,
    branch: 'main',
    operations,
    requirements: [{ key, content: null }],
  });
};

it('is a query under a name: read, joined, described, at a version, and one commit', async () => {
  const made = await db.run(
    "CREATE VIEW n.few (key, label COMMENT 'of it') AS SELECT * FROM n.t WHERE id < 2",
  );
  expect(made).toMatchObject({
    kind: 'create-view',
    table: 'n.few',
    note: 'The view n.few gives key, label.',
  });
  const commit = await db.ctx.catalog.getCommit(made.commit?.hash ?? '');
  expect(commit.message).toBe('Create view n.few');
  expect(commit.properties['timestream.statement']).toBe('create-view');

  expect(await db.rows('SELECT few.label, n.few.key FROM n.few ORDER BY 1')).toEqual([
    ['a0', '0'],
    ['a1', '1'],
  ]);
  expect(await db.rows('SELECT count(*) FROM N.FEW f JOIN n.t ON t.id = f.key')).toEqual([['2']]);
  expect((await shown('DESCRIBE n.few')).map(([name, type]) => [name, type])).toEqual([
    ['key', 'BIGINT'],
    ['label', 'VARCHAR'],
  ]);
  await db.run('CREATE BRANCH before');
  await db.run('DELETE FROM n.t WHERE id = 0');
  expect(await db.rows('FROM n.few')).toEqual([['1', 'a1']]);
  expect(await db.rows("SELECT count(*) FROM n.few AT (VERSION => 'before')")).toEqual([['2']]);
  expect(await shown('SHOW VIEWS')).toEqual([['n', 'few', expect.stringContaining('FROM n.t'), 'duckdb']]);
});

it('gives the columns that it gave when it was made, by name', async () => {
  await db.run('CREATE TABLE n.wide AS SELECT 1 AS a, 2 AS b');
  await db.run('CREATE VIEW n.all_of_it AS SELECT * FROM n.wide');
  await db.run('ALTER TABLE n.wide ADD COLUMN first INTEGER FIRST');
  expect(await db.rows('FROM n.all_of_it')).toEqual([[1, 2]]);
  await db.run('ALTER TABLE n.wide DROP COLUMN b');
  const sql = 'SELECT 1 FROM n.all_of_it';
  await expect(db.rows(sql)).rejects.toMatchObject({
    code: 'COLUMN_NOT_FOUND',
    message: expect.stringMatching(/^The view n\.all_of_it can't be read\. .*b/),
    context: { position: sql.indexOf('n.all') },
  });
});

it('can be read by views and materialized views, which notice when it changes', async () => {
  await db.run('CREATE TABLE n.base AS SELECT range AS x FROM range(4)');
  await db.run('CREATE VIEW n.one AS SELECT x FROM n.base WHERE x > 1');
  await db.run('CREATE VIEW n.two AS SELECT sum(x) AS total FROM n.one');
  await db.run('CREATE MATERIALIZED VIEW n.kept AS SELECT total + 1 AS more FROM n.two');
  expect(await db.rows('SELECT more FROM n.kept')).toEqual([['6']]);
  await db.run('CREATE OR REPLACE VIEW n.one AS SELECT x FROM n.base WHERE x > 2');
  expect(await db.rows('SELECT more FROM n.kept')).toEqual([['4']]);
  expect((await db.run('REFRESH MATERIALIZED VIEW n.kept')).note).toMatch(/its query reads a view/);
  expect((await shown('SHOW MATERIALIZED VIEWS'))[0]?.slice(0, 3)).toEqual(['n', 'kept', true]);
  expect(await db.rows('SELECT more FROM n.kept')).toEqual([['4']]);
});

it('never reads itself: what would make it do so is refused, and it stays as it was', async () => {
  await db.run('CREATE TABLE c.t AS SELECT 1 AS a');
  await db.run('CREATE VIEW c.v AS SELECT a FROM c.t');
  await db.run('CREATE TAG before_circles');
  expect(await db.refusal('CREATE OR REPLACE VIEW c.v AS SELECT * FROM C.V')).toEqual({
    code: 'INVALID_INPUT',
    message:
      'The view c.v would read itself. Read the tables behind it, or write the query of c.v in place of its name.',
    at: 'C.V',
  });
  await db.run('CREATE VIEW c.w AS SELECT a FROM c.v');
  await db.run('CREATE VIEW c.x AS WITH v AS (FROM c.w) SELECT a FROM v');
  expect(
    await db.refusal('CREATE OR REPLACE VIEW c.v AS SELECT a FROM c.t JOIN c.x USING (a)'),
  ).toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(/^The view c\.v would read itself, through c\.x and c\.w\./) as string,
    at: 'c.x USING (a',
  });
  expect(
    await db.refusal("CREATE OR REPLACE VIEW c.v AS SELECT a FROM c.w AT (VERSION => 'main')"),
  ).toMatchObject({ message: expect.stringMatching(/would read itself, through c\.w\./) as string });
  expect(
    await db.refusal(
      'BEGIN; CREATE OR REPLACE VIEW c.t2 AS FROM c.x; CREATE OR REPLACE VIEW c.v AS FROM c.t2; COMMIT',
    ),
  ).toMatchObject({ message: expect.stringMatching(/through c\.t2 and c\.x and c\.w\./) as string });
  expect(await db.rows('FROM c.x')).toEqual([[1]]);

  // As it was is another query than the one that it gets.
  await db.run("CREATE OR REPLACE VIEW c.v AS SELECT a + 1 AS a FROM c.v AT (VERSION => 'before_circles')");
  expect(await db.rows('FROM c.x')).toEqual([[2]]);
});

it('reads itself no more by a name that it gets', async () => {
  await db.run('CREATE VIEW c.gone AS SELECT 1 AS a');
  await db.run('CREATE VIEW c.reads AS SELECT a FROM c.gone');
  await db.run('DROP VIEW c.gone');
  expect(await db.refusal('ALTER VIEW c.reads RENAME TO gone')).toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(/^The view c\.gone would read itself\./) as string,
    at: 'gone',
  });
  await db.run('ALTER VIEW c.reads RENAME TO c.still');
});

it('comes not back where it would read itself', async () => {
  await db.run('CREATE TABLE u.t AS SELECT 1 AS a');
  await db.run('CREATE VIEW u.v AS SELECT a FROM u.t');
  await db.run('CREATE VIEW u.x AS SELECT a FROM u.v');
  await db.run('CREATE VIEW u.z AS SELECT a FROM u.x');
  await db.run('CREATE TAG before_drop');
  await db.run('DROP VIEW u.v');
  await db.run('DROP TABLE u.t');
  await db.run('ALTER VIEW u.z RENAME TO t');
  const message = expect.stringMatching(
    /^The view u\.v would read itself, through u\.t and u\.x\./,
  ) as string;
  const refused = { code: 'INVALID_INPUT', message };
  expect(await db.refusal('UNDROP VIEW u.v')).toMatchObject({ ...refused, at: 'u.v' });
  expect(await db.refusal("RESTORE u.v TO VERSION 'before_drop'")).toMatchObject(refused);
  await db.run('ALTER VIEW u.t RENAME TO z');
  await db.run("RESTORE u.t TO VERSION 'before_drop'");
  await db.run('UNDROP VIEW u.v');
  expect(await db.rows('FROM u.z')).toEqual([[1]]);
});

it('may be made to read itself by a merge, which reading it says', async () => {
  await db.run('CREATE VIEW m.a AS SELECT 1 AS x');
  await db.run('CREATE VIEW m.b AS SELECT 1 AS x');
  await db.run('CREATE BRANCH circles');
  await db.run('CREATE OR REPLACE VIEW m.a AS SELECT x FROM m.b', 'circles');
  await db.run('CREATE OR REPLACE VIEW m.b AS SELECT x FROM m.a');
  await db.run('MERGE BRANCH circles INTO main');
  const message =
    "The view m.b reads itself, through m.a, and so can't be read. Drop or replace one of them.";
  const context = { position: 5, views: ['m.b', 'm.a'] };
  const refused = { code: 'UNSUPPORTED', message, context };
  await expect(db.rows('FROM m.b')).rejects.toMatchObject(refused);
  await expect(db.rows('DESCRIBE m.b')).rejects.toMatchObject({ ...refused, context: { position: 9 } });
  const outer = 'SELECT * FROM m.b JOIN (FROM m.b) AS o USING (x) WHERE x IN (FROM m.b)';
  await expect(db.rows(outer)).rejects.toMatchObject({
    message,
    context: { position: outer.indexOf('m.b') },
  });
  await db.run('CREATE VIEW m.top AS SELECT 1 AS x');
  await expect(db.run('CREATE OR REPLACE VIEW m.top AS SELECT x FROM m.a, m.b')).rejects.toMatchObject({
    message: expect.stringMatching(/^The view m\.a reads itself, through m\.b, /) as string,
  });
  await db.run('CREATE OR REPLACE VIEW m.b AS SELECT 3 AS x');
  expect(await db.rows('FROM m.a')).toEqual([[3]]);
});

it('is changed in a transaction, renamed, commented on, dropped and brought back', async () => {
  await db.run(`BEGIN; CREATE TABLE v.t AS SELECT 1 AS x; CREATE VIEW v.doubled AS SELECT x * 2 AS y FROM v.t;
    CREATE TABLE v.from_view AS SELECT y FROM v.doubled; COMMIT`);
  expect(await db.rows('FROM v.from_view')).toEqual([[2]]);
  await db.run("COMMENT ON VIEW v.doubled IS 'twice'");
  await db.run('ALTER VIEW v.doubled RENAME TO twice');
  expect(await db.rows('FROM v.twice')).toEqual([[2]]);
  expect((await db.run('DROP VIEW v.twice')).note).toMatch(/UNDROP VIEW v\.twice brings it back/);
  await expect(db.rows('FROM v.twice')).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND' });
  await db.run('UNDROP VIEW v.twice');
  expect(await db.rows('FROM v.twice')).toEqual([[2]]);
  const { hash } = await db.ctx.catalog.getRef('main');
  expect((await db.ctx.catalog.getContent(hash, ['v', 'twice']))?.type).toBe(ICEBERG_VIEW);
});

it('is named as a circle at once, also where a PIVOT asks the data or a view is named twice', async () => {
  await writeElsewhere('asks', 'PIVOT (FROM asked) ON id USING count(*)');
  await writeElsewhere('asked', 'SELECT id FROM asks');
  const through = (view: string, other: string) =>
    `The view ${view} reads itself, through ${other}, and so can't be read. Drop or replace one of them.`;
  await expect(db.rows('FROM n.asks')).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: through('n.asks', 'n.asked'),
    context: { position: 5 },
  });
  await writeElsewhere('twice', 'SELECT a.id FROM others a JOIN others b USING (id)');
  await writeElsewhere('others', 'SELECT a.id FROM twice a JOIN twice b USING (id)');
  await expect(db.rows('FROM n.others')).rejects.toMatchObject({ message: through('n.others', 'n.twice') });
});

it('is refused before it is planned where views of views come to thousands of tables', async () => {
  await db.run('CREATE TABLE n.leaf AS SELECT 1::BIGINT AS id');
  await writeElsewhere('d0', 'SELECT id FROM leaf');
  for (let n = 1; n <= 14; n++)
    await writeElsewhere(`d${n}`, `SELECT a.id FROM d${n - 1} a JOIN d${n - 1} b USING (id)`);
  expect(await db.rows('FROM n.d4')).toEqual([['1']]);
  const started = performance.now();
  await expect(db.rows('FROM n.d14')).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringMatching(
      /come to 1,022 tables .* may come to 1,000\. .* MATERIALIZED VIEW .* n\.d6,/,
    ),
  });
  await writeElsewhere('boom', 'SELECT a.id FROM boom a, boom b, boom c, boom d');
  await expect(db.rows('FROM n.boom')).rejects.toMatchObject({
    message: "The view n.boom reads itself, and so can't be read. Drop or replace it.",
  });
  expect(performance.now() - started).toBeLessThan(5000);
});

it("can be another engine's, where its SQL can be read here", async () => {
  await db.run('CREATE TABLE n.s AS SELECT 7::BIGINT AS id');
  await writeElsewhere('near', 'SELECT id FROM s');
  await writeElsewhere('far', 'SELECT s.id FROM lake.n.s');
  await writeElsewhere('odd', 'SELECT id FROM `n`.`s`');
  expect(await db.rows('SELECT * FROM n.near JOIN n.far USING (id)')).toEqual([['7']]);
  const sql = 'SELECT * FROM n.odd';
  await expect(db.rows(sql)).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringMatching(
      /^The query of the view n\.odd, in the SQL of spark, can't be read here\./,
    ),
    context: { position: sql.indexOf('n.odd') },
  });
  expect(await db.refusal('CREATE OR REPLACE VIEW n.odd AS SELECT 1::BIGINT AS id')).toMatchObject({
    message: expect.stringMatching(/has no query in spark/),
  });
  await db.run(
    "CREATE OR REPLACE VIEW n.odd WITH ('replace.drop-dialect.allowed' = true) AS SELECT 1::BIGINT AS id",
  );
  expect(await db.rows(sql)).toEqual([['1']]);
});

it('can be what rows are changed by', async () => {
  await db.run('CREATE TABLE n.target AS SELECT range AS id, 0 AS v FROM range(4)');
  await db.run('CREATE VIEW n.changes AS SELECT id, 9 AS v FROM n.target WHERE id < 2');
  await db.run('UPDATE n.target SET v = c.v FROM n.changes c WHERE c.id = target.id');
  await db.run(
    'MERGE INTO n.target t USING n.changes c ON t.id = c.id + 2 WHEN MATCHED THEN UPDATE SET v = c.v + 1',
  );
  await db.run('INSERT INTO n.target SELECT id + 10, v FROM n.changes');
  await db.run('DELETE FROM n.target USING n.changes c WHERE target.id = c.id');
  expect(await db.rows('SELECT id, v FROM n.target ORDER BY 1')).toEqual([
    ['2', 10],
    ['3', 10],
    ['10', 9],
    ['11', 9],
  ]);
});

it('refuses what it cannot be, with the place', async () => {
  await db.run('CREATE VIEW n.stands AS SELECT 1 AS one');
  expect(await db.refusal('CREATE VIEW n.stands AS SELECT 2 AS two')).toMatchObject({
    code: 'TABLE_ALREADY_EXISTS',
    at: 'n.stands AS ',
  });
  expect((await db.run('CREATE VIEW IF NOT EXISTS n.stands AS SELECT 2 AS two')).commit).toBeUndefined();
  expect(await db.refusal('CREATE VIEW n.t AS SELECT 2 AS two')).toMatchObject({
    message: expect.stringMatching(/There is a table n\.t on "main" already/),
  });
  expect(await db.refusal('CREATE OR REPLACE TABLE n.stands AS SELECT 2 AS two')).toMatchObject({
    message: expect.stringMatching(/There is a view n\.stands/),
  });
  expect(await db.refusal('CREATE VIEW n.x (a) AS SELECT 1, 2')).toMatchObject({
    message: expect.stringMatching(/names 1 columns, and its query gives 2/),
  });
  expect(await db.refusal('CREATE VIEW n.x AS SELECT nothing FROM n.t')).toMatchObject({
    code: 'COLUMN_NOT_FOUND',
    at: 'nothing FROM',
  });
  expect(await db.refusal('DROP TABLE n.stands')).toMatchObject({
    message: 'n.stands is a view and no table; write DROP VIEW.',
  });
  expect(await db.refusal('INSERT INTO n.stands VALUES (1)')).toMatchObject({
    code: 'INVALID_INPUT',
    message: 'n.stands is a view, not a table.',
  });
});
