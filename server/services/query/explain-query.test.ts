import { afterAll, beforeAll, expect, it } from 'vitest';
import { RowGroupCache } from '#server/engine/files/row-groups.ts';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { planQuery, queryJson } from './index.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
  await db.run(
    "CREATE TABLE e.t PARTITIONED BY (k) AS SELECT range AS id, range % 4 AS k, 'x' || range AS s FROM range(1000)",
  );
  await db.run("CREATE TABLE e.names AS SELECT range AS k, 'name ' || range AS name FROM range(4)");
});
afterAll(async () => db.close());

const QUERY =
  'SELECT n.name, sum(t.id) AS total FROM e.t AS t JOIN e.names AS n USING (k) WHERE t.k = 2 GROUP BY ALL';

it('says what a query reads, why, and where it runs', async () => {
  const plan = await planQuery(db.ctx, { sql: `EXPLAIN ${QUERY}` });
  const asked = await planQuery(db.ctx, { sql: QUERY });
  const { explanation } = plan;
  expect(plan.scans).toEqual([]);
  expect(explanation).toMatchObject({
    sql: QUERY,
    bytes: asked.bytes,
    engine: { choice: 'browser', reason: asked.engine.reason },
  });
  const table = explanation?.tables.find((one) => one.table === 'e.t');
  expect(table).toMatchObject({ filesKnown: 4, filesRead: 1, rows: 250 });
  expect(table?.pruning).toEqual(['k = 2 skips 3 of 4 files (3 by partition)']);
  expect(table?.columns.map(({ name }) => name)).toEqual(['id', 'k']);
  expect(table?.columns.every(({ bytes }) => bytes > 0)).toBe(true);
  const steps = explanation?.logical ?? [];
  expect(steps.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Aggregate', 'Join', 'Scan e.t', 'Scan e.names']),
  );
  expect(steps.find(({ name }) => name === 'Scan e.t')?.details).toContain('where k=2');
  expect(JSON.stringify(steps)).not.toContain('__timestream');
  expect(explanation?.run).toBeUndefined();
});

it('lists no column where none is read', async () => {
  const { explanation } = await planQuery(db.ctx, { sql: 'EXPLAIN SELECT count(*) FROM e.t' });
  expect(explanation?.tables).toMatchObject([{ table: 'e.t', filesRead: 0, columns: [] }]);
  expect(await db.rows('EXPLAIN SELECT count(*) FROM e.t')).not.toContainEqual(
    expect.arrayContaining(['column']),
  );
});

it.each(['EXPLAIN EXPLAIN SELECT 1', 'EXPLAIN ANALYZE explain analyze SELECT 1'])(
  'refuses %s',
  async (sql) => {
    await expect(planQuery(db.ctx, { sql })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: 'EXPLAIN takes a query, and this is another EXPLAIN. Write it once.',
    });
  },
);

it('gives the same as rows', async () => {
  const rows = await db.rows(`EXPLAIN ${QUERY}`);
  expect(rows).toContainEqual(['pruning', 'e.t', 'k = 2 skips 3 of 4 files (3 by partition)']);
  expect(rows.map(([part]) => part)).toEqual(expect.arrayContaining(['engine', 'bytes', 'table', 'plan']));
});

it('tells who asks without a tab where the query runs, and where a tab would run it', async () => {
  const engines = async (query: string, engine?: 'server') => {
    const { rows } = await queryJson(db.ctx, { sql: `EXPLAIN ${query}`, ...(engine && { engine }) });
    return rows.filter(([part]) => part === 'engine').map(([, ...said]) => said);
  };
  const here = ['server', 'Queries that come from no tab run on the server.'];
  const auto = 'What Auto comes to in a tab that holds the columns.';
  expect(await engines('SELECT max(id) + 1 FROM e.t')).toEqual([
    here,
    ['browser', expect.stringMatching(new RegExp(`^${auto} It needs .* which fits in the tab.$`))],
  ]);
  expect(await engines("SELECT json_extract(s, '$') FROM e.t")).toEqual([
    here,
    ['server', `${auto} The tab’s engine has no json_extract.`],
  ]);
  expect(await engines('SELECT 1', 'server')).toEqual([['server', 'You chose the server.']]);
});

it('measures what the engine does under EXPLAIN ANALYZE', async () => {
  await db.run('DELETE FROM e.t WHERE id = 2');
  const plan = await planQuery(db.ctx, { sql: `EXPLAIN ANALYZE ${QUERY}` });
  const run = plan.explanation?.run;
  expect(run?.rows).toBe(1);
  const scan = run?.steps.find(({ name }) => name === 'Scan e.t');
  // The deleted row is left out while the file is read.
  expect(scan?.rows).toBe(249);
  expect(scan?.milliseconds).toBeGreaterThanOrEqual(0);
  expect(JSON.stringify(plan.explanation)).not.toContain(db.tables.folder);
});

it('calls columns by their names in every step, and says of how many files none is read', async () => {
  const inOther = 'EXISTS (SELECT 1 FROM e.names AS n WHERE n.k = t.k AND n.k IN (1, 3))';
  const steps = async (sql: string) =>
    (await planQuery(db.ctx, { sql: `EXPLAIN ${sql}` })).explanation?.logical;
  expect(JSON.stringify(await steps(`SELECT s FROM e.t WHERE ${inOther} OR t.id IN (1, 5, 9)`))).not.toMatch(
    /_c\d+_/,
  );
  const { explanation } = await planQuery(db.ctx, { sql: 'EXPLAIN SELECT s FROM e.t WHERE false' });
  expect(explanation?.tables[0]).toMatchObject({
    filesKnown: 4,
    filesRead: 0,
    pruning: ['no row of it can change the answer'],
  });
});

it('names functions as they are written', async () => {
  const { explanation } = await planQuery(db.ctx, {
    sql: `EXPLAIN SELECT k, first(s), "first"(s) AS "first""x" FROM e.t WHERE s <> '"first"(' GROUP BY k`,
  });
  const said = JSON.stringify(explanation?.logical);
  expect(said).toContain(' first(s)'.trim());
  expect(said).not.toMatch(/\\"first\\"\(s/);
  expect(said).toContain(String.raw`'\"first\"('`);
});

it('says of a part of a file its rows alone', async () => {
  await db.run('CREATE TABLE e.long AS SELECT i, hash(i) AS h FROM range(300000) t(i)');
  const ctx = { ...db.ctx, rowGroups: new RowGroupCache(db.ctx.io) };
  const { explanation } = await planQuery(ctx, { sql: 'EXPLAIN SELECT * FROM e.long LIMIT 10' });
  expect(explanation?.tables[0]).toMatchObject({ filesRead: 1, rows: 122_880 });
  const whole = await planQuery(ctx, { sql: 'EXPLAIN SELECT * FROM e.long' });
  expect(explanation?.bytes).toBeLessThan((whole.explanation?.bytes ?? 0) / 2);
});

it('places errors in the statement, and takes queries alone', async () => {
  const sql = 'EXPLAIN ANALYZE SELECT nothing FROM e.t';
  await expect(planQuery(db.ctx, { sql })).rejects.toMatchObject({
    code: 'COLUMN_NOT_FOUND',
    context: { position: sql.indexOf('nothing') },
  });
  await expect(planQuery(db.ctx, { sql: 'EXPLAIN DELETE FROM e.t' })).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: 'EXPLAIN takes a query; this statement changes a table.',
  });
});
