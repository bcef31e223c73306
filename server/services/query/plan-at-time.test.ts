import { afterAll, beforeAll, expect, it } from 'vitest';
import { planQuery, queryJson } from './index.ts';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
  // A file for each of ten days, from a long time ago to a long time ahead.
  await db.run(`CREATE TABLE w.t PARTITIONED BY (day) AS
    SELECT DATE '2001-01-01' + (range * 5000)::INTEGER AS day,
      (DATE '2001-01-01' + (range * 5000)::INTEGER)::TIMESTAMP AS moment, 'a' || range AS name
    FROM range(10)`);
});
afterAll(async () => db.close());

/** 2001-01-01 and every 5000th day since, as far as they are before now. */
const past = Math.floor((Date.now() - Date.UTC(2001, 0, 1)) / 86_400_000 / 5000) + 1;

it.each([
  ['WHERE day <= current_date', past],
  ['WHERE day <= current_date()', past],
  ['WHERE day > today() - 1', 10 - past],
  ['WHERE moment > localtimestamp', 10 - past],
  ['WHERE current_date >= t.day AND t.name IS NOT NULL', past],
  ['WHERE day BETWEEN CURRENT_DATE - 100000 AND current_date', past],
])('reads the files that can have rows at the time of the query: %s', async (where, files) => {
  const sql = `SELECT name FROM w.t AS t ${where} ORDER BY name`;
  const { scans } = await planQuery(db.ctx, { sql });
  expect(scans[0]?.files).toHaveLength(files);
  const { rows, fromCache } = await queryJson(db.ctx, { sql });
  expect([rows.length, fromCache]).toEqual([files, undefined]);
});

it.each([
  ['SELECT max(day) FROM w.t', undefined],
  ['SELECT name FROM w.t WHERE day <= current_date', true],
  ['SELECT now()', true],
  ['SELECT uuid(), name FROM w.t', true],
  ['SELECT name FROM w.t USING SAMPLE 3 ROWS', true],
  ['PIVOT (SELECT name, random() > 2 AS never FROM w.t) ON never USING count(*)', true],
])('says of a plan whether it has another answer next time: %s', async (sql, varies) => {
  expect((await planQuery(db.ctx, { sql })).varies).toBe(varies);
});

it('names columns as they were written, and says where an error is', async () => {
  const sql =
    'SELECT current_date, day > current_date, typeof(now()), max(name) FROM w.t GROUP BY ALL LIMIT 1';
  const { columns, rows } = await queryJson(db.ctx, { sql });
  expect(columns.map(({ name }) => name)).toEqual([
    'current_date',
    '("day" > current_date)',
    'typeof(now())',
    'max("name")',
  ]);
  expect(rows[0]?.[2]).toBe('TIMESTAMP WITH TIME ZONE');
  const failing =
    'SELECT CAST(name AS INTEGER) FROM w.t WHERE day > current_date AND CAST(name AS DATE) IS NULL';
  const position = failing.indexOf('CAST(name AS DATE)');
  await expect(queryJson(db.ctx, { sql: failing })).rejects.toMatchObject({ context: { position } });
  const { anchors, sql: planned } = await planQuery(db.ctx, { sql: failing });
  const at = planned.indexOf('CAST(name AS DATE)');
  expect(anchors?.findLast(([start]) => start <= at)).toEqual([
    expect.any(Number),
    expect.any(Number),
    'kept',
  ]);
  const [start = 0, original = 0] = anchors?.findLast(([from]) => from <= at) ?? [];
  expect(original + at - start).toBe(position);
});

it('leaves alone what only looks like the time', async () => {
  await db.run('CREATE TABLE w.named AS SELECT 1 AS "current_date", 2 AS today');
  expect(await db.rows('SELECT "current_date" + today FROM w.named')).toEqual([[3]]);
  expect(
    await db.rows(
      "SELECT x.current_date, 'now()' FROM (SELECT day AS current_date FROM w.t) x ORDER BY 1 LIMIT 1",
    ),
  ).toEqual([['2001-01-01', 'now()']]);
  // This one cannot be written as a constant; all files are read, and the answer is right.
  const sql = "SELECT count(*)::INTEGER FROM w.t WHERE age(moment) > INTERVAL '1 day' AND day < current_date";
  expect(await db.rows(sql)).toEqual([[past]]);
});
