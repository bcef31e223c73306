import { afterAll, beforeAll, expect, it } from 'vitest';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { planQuery, queryJson } from './index.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
  await db.run(
    `CREATE TABLE w.f AS SELECT range AS id, (hash(range) % 3000)::INT AS v, CASE WHEN range % 11 > 0 THEN range % 6 END AS k,
       DATE '2024-01-01' + (range % 60)::INT AS day, (range % 100)::TINYINT AS tiny, hash(range)::VARCHAR AS word,
       CASE WHEN range % 2 = 0 THEN 'a' || range END AS maybe
     FROM range(4000)`,
  );
  await db.run("CREATE TABLE w.d AS SELECT range AS k, 'name ' || range AS name FROM range(4)");
});
afterAll(async () => db.close());

/** A view, and queries with whether it answers them. */
const SHAPES: readonly (readonly [string, readonly (readonly [string, boolean])[]])[] = [
  [
    'SELECT * FROM w.f WHERE v > 2900',
    [
      ['SELECT id, word FROM w.f WHERE 2950 < v', true],
      ['SELECT * FROM w.f WHERE v BETWEEN 2901 AND 2960', true],
      ['SELECT id FROM w.f WHERE v = 2999', true],
      ['SELECT id, w.f.word FROM w.f WHERE v > 2900 AND word IS NOT NULL ORDER BY v, id LIMIT 3', true],
      ['SELECT max(id) FROM (SELECT id FROM w.f WHERE v > 2900)', true],
      ['SELECT sum(id) FROM (SELECT id FROM w.f WHERE v > 2900)', false],
      ['SELECT DISTINCT ON (tiny) * FROM (SELECT id, tiny FROM w.f WHERE v > 2900) ORDER BY tiny, id', false],
      ['FROM (SELECT id FROM w.f WHERE v > 2900) POSITIONAL JOIN w.d', false],
      ['SUMMARIZE SELECT id FROM w.f WHERE v > 2900', false],
      ['SELECT id FROM w.f WHERE v >= 2900', false],
      ['SELECT id FROM w.f WHERE v > 2950 OR k = 1', false],
      ['SELECT id FROM w.f WHERE v < 2950', false],
      ['SELECT id FROM w.f WHERE v + 0 > 2950', false],
    ],
  ],
  [
    "SELECT id, day, maybe FROM w.f WHERE day < DATE '2024-02-01' AND maybe IS NOT NULL ORDER BY day",
    [
      ["SELECT id FROM w.f WHERE day <= DATE '2024-01-15' AND maybe > 'a3'", true],
      ["SELECT id FROM w.f WHERE day = DATE '2024-01-15' AND maybe IS NOT NULL", true],
      ["SELECT id FROM w.f WHERE day <= DATE '2024-02-01' AND maybe > 'a3'", false],
      ["SELECT id FROM w.f WHERE day < DATE '2024-02-01' AND maybe IS DISTINCT FROM 'a3'", false],
    ],
  ],
  [
    'SELECT DISTINCT k, day FROM w.f',
    [
      ['SELECT count(DISTINCT k) FROM w.f', true],
      ['SELECT k FROM w.f GROUP BY k', true],
      ['SELECT DISTINCT year(day), k IS NULL FROM w.f ORDER BY ALL', true],
      ['SELECT k, count(*) FROM w.f GROUP BY k', false],
    ],
  ],
  [
    'SELECT name, k, count(*) AS n, count(w.d.k) AS known, sum(tiny) AS s FROM w.f LEFT JOIN w.d USING (k) GROUP BY name, k',
    [
      ['SELECT name, count(*) FROM w.f AS f LEFT JOIN w.d AS d ON d.k = f.k GROUP BY name', true],
      ['SELECT k, sum(tiny) FROM w.f LEFT JOIN w.d USING (k) GROUP BY k', true],
      ['SELECT name, count(d.k) FROM w.f LEFT JOIN w.d AS d USING (k) WHERE name IS NULL GROUP BY ALL', true],
      ['SELECT name, count(*) FROM w.f JOIN w.d USING (k) GROUP BY name', false],
      ['SELECT name, count(*) FROM w.d LEFT JOIN w.f USING (k) GROUP BY name', false],
      [
        'SELECT name, count(*) FROM w.f AS f LEFT JOIN w.d AS d ON d.k = f.k AND f.v > 5 GROUP BY name',
        false,
      ],
    ],
  ],
  [
    'SELECT a.k, b.day, count(*) AS n FROM w.f AS a JOIN w.f AS b ON a.id = b.v GROUP BY a.k, b.day',
    [
      ['SELECT x.k, count(*) FROM w.f AS x, w.f AS y WHERE y.v = x.id GROUP BY x.k', true],
      ['SELECT y.k, count(*) FROM w.f AS x, w.f AS y WHERE y.v = x.id GROUP BY y.k', false],
      ['SELECT x.k, count(*) FROM w.f AS x, w.f AS y WHERE y.id = x.v GROUP BY x.k', false],
    ],
  ],
  [
    'SELECT k, min(tiny) AS low, max(tiny) AS high, count_if(v > 5) AS some, sum(tiny) AS s, sum(v) FILTER (WHERE tiny > 3) AS t, median(v) AS m, sum(tiny) / count(*) AS ratio FROM w.f GROUP BY k',
    [
      ['SELECT min(tiny), max(tiny), count_if(v > 5), sum(tiny) FROM w.f', true],
      ['SELECT max(tiny) + 100 FROM w.f WHERE k % 10 = 9', true],
      ['SELECT k, median(v), sum(tiny) / count(*) AS r FROM w.f GROUP BY k ORDER BY r', true],
      ['SELECT -k, sum(v) FILTER (tiny > 3) AS t FROM w.f GROUP BY -k ORDER BY t, 1', true],
      ['SELECT sum(tiny) FILTER (WHERE k = 2), sum(tiny) FROM w.f', true],
      ['SELECT median(v) FROM w.f', false],
      ['SELECT sum(tiny) / count(*) FROM w.f', false],
      ['SELECT sum(tiny) FILTER (WHERE v = 2) FROM w.f', false],
    ],
  ],
];

it.each(SHAPES)('%s', async (view, queries) => {
  await db.run(`CREATE OR REPLACE MATERIALIZED VIEW w.view AS ${view}`);
  for (const [sql, isUsed] of queries) {
    const { views = [] } = await planQuery(db.ctx, { sql });
    expect([sql, views.length > 0]).toEqual([sql, isUsed]);
    const [answer, plain] = [
      await queryJson(db.ctx, { sql, cache: false }),
      await queryJson(db.ctx, { sql, cache: false, materializedViews: false }),
    ];
    const texts = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
    expect([sql, answer.columns, texts(answer.rows)]).toEqual([sql, plain.columns, texts(plain.rows)]);
  }
  await db.run('DROP MATERIALIZED VIEW w.view');
});

it('answers a query of a materialized view from one of that, and of its tables where it is stale', async () => {
  await db.run('CREATE MATERIALIZED VIEW w.daily AS SELECT k, day, count(*) AS n FROM w.f GROUP BY ALL');
  await db.run('CREATE MATERIALIZED VIEW w.top AS SELECT day, max(n) AS n FROM w.daily GROUP BY day');
  const used = async (sql: string) =>
    ((await planQuery(db.ctx, { sql })).views ?? []).map(({ table, fresh, insteadOf }) => [
      table,
      fresh,
      insteadOf,
    ]);
  const sql = 'SELECT max(n) FROM w.daily WHERE year(day) > 2000';
  expect(await used(sql)).toEqual([
    ['w.daily', true, undefined],
    ['w.top', true, ['w.daily']],
  ]);
  await db.run('CREATE MATERIALIZED VIEW w.days AS SELECT k, day, count(*) AS c FROM w.f GROUP BY ALL');
  await db.run("INSERT INTO w.f VALUES (1, 1, 1, DATE '2024-01-01', 1, 'w', NULL)");
  expect(await used(sql)).toEqual([['w.daily', false, undefined]]);
  await db.run('REFRESH MATERIALIZED VIEW w.days');
  expect(await used(sql)).toEqual([
    ['w.daily', false, undefined],
    ['w.days', true, ['w.f']],
  ]);
  expect(await db.rows(sql)).toEqual(await db.rows('SELECT max(c) FROM w.days'));
});
