import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DmlFixture } from './testing/dml-fixture.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
});
afterAll(async () => db.close());

/** Definitions, and whether appends to their table bring them up to date by the new files alone. */
const VIEWS: readonly (readonly [string, boolean])[] = [
  ['SELECT k, x * 2 AS twice, word FROM m.t WHERE x > 3', true],
  ["SELECT upper(word) AS word, d FROM m.t WHERE word LIKE 'a%' OR x IS NULL", true],
  [
    'SELECT k, count(*) AS n, count(x) AS present, sum(x) AS s, min(x) AS low, max(d) AS high FROM m.t GROUP BY k',
    true,
  ],
  [
    'SELECT x % 3 AS part, sum(amount) AS s, max(word) AS w FROM m.t WHERE k <> 2 OR k IS NULL GROUP BY ALL',
    true,
  ],
  ['SELECT count(*) AS n, sum(x) AS s, min(word) AS w FROM m.t', true],
  ['SELECT k, sum(x) FILTER (WHERE word IS NOT NULL) AS s FROM m.t GROUP BY 1', true],
  ['SELECT x % 2 AS part, count(*) AS n FROM m.t GROUP BY part', true],
  ['SELECT k AS t, count(t) AS n, count(x) AS present FROM m.t GROUP BY k', true],
  ['SELECT word, sum(x) AS s FROM (SELECT k, x, word FROM m.t WHERE x > 0) GROUP BY word', true],
  // A name that is a column's and an item's is the column's.
  ['SELECT x % 2 AS x, count(*) AS n FROM m.t GROUP BY x', false],
  ['SELECT upper(word) AS word, k, count(*) AS n FROM m.t GROUP BY k, word', false],
  ['SELECT w % 2 AS w, count(*) AS n FROM (SELECT x AS w FROM m.t) GROUP BY w', false],
  ['WITH s AS (SELECT x AS w FROM m.t) SELECT w % 2 AS w, count(*) AS n FROM s GROUP BY w', false],
  ['SELECT w % 2 AS w, count(*) AS n FROM m.t AS s(k, w) GROUP BY w', false],
  ['SELECT k, count(*) AS c, c AS d FROM m.t GROUP BY ALL', false],
  ['SELECT k, count(*) AS c, c % 2 AS d FROM m.t GROUP BY ALL', false],
  ['SELECT count(*) AS n, k FROM m.t GROUP BY k, 0.1', false],
  ['SELECT k, avg(x) AS a FROM m.t GROUP BY k', false],
  ['SELECT k, sum(x::DOUBLE) AS s FROM m.t GROUP BY k', false],
  ['SELECT sum(x) AS s FROM m.t GROUP BY k', false],
  ['SELECT k, count(DISTINCT x) AS n FROM m.t GROUP BY k HAVING n > 1', false],
  ['SELECT DISTINCT word FROM m.t', false],
  ['SELECT a.k, count(*) AS n FROM m.t a JOIN m.t b USING (k) GROUP BY a.k', false],
  ['SELECT k, row_number() OVER (PARTITION BY k ORDER BY x, word, d, amount) AS r FROM m.t', false],
];

const row = fc
  .record({
    k: fc.option(fc.integer({ min: 0, max: 3 })),
    x: fc.option(fc.integer({ min: -5, max: 12 })),
    word: fc.option(fc.constantFrom('a', 'ab', 'b', '')),
    cents: fc.option(fc.integer({ min: -500, max: 500 })),
  })
  .map(
    ({ k, x, word, cents }) =>
      `(${k ?? 'NULL'}, ${x ?? 'NULL'}, ${word === null ? 'NULL' : `'${word}'`}, ${x === null ? 'NULL' : `DATE '2020-01-01' + ${x}::INT`}, ${cents === null ? 'NULL' : `${cents} / 100`})`,
  );
const step = fc.oneof(
  { weight: 4, arbitrary: fc.array(row, { minLength: 1, maxLength: 5 }).map((rows) => ({ insert: rows })) },
  { weight: 3, arbitrary: fc.constant({ refresh: true }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }).map((k) => ({ remove: k })) },
);

it.each(VIEWS)(
  'after any appends, deletes and refreshes a view is its query: %s',
  async (query, isMerged) => {
    let merged = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 6 }), async (steps) => {
        await db.run('CREATE OR REPLACE TABLE m.t (k INT, x INT, word VARCHAR, d DATE, amount DECIMAL(9,2))');
        await db.run(`CREATE OR REPLACE MATERIALIZED VIEW m.v AS ${query}`);
        for (const one of [...steps, { refresh: true }]) {
          if ('insert' in one) await db.run(`INSERT INTO m.t VALUES ${one.insert.join(', ')}`);
          else if ('remove' in one) await db.run(`DELETE FROM m.t WHERE k = ${one.remove}`);
          else {
            const { note = '' } = await db.run('REFRESH MATERIALIZED VIEW m.v');
            if (/new files? of m\.t/.test(note)) merged += 1;
          }
          const expected = await db.rows(`FROM (${query}) ORDER BY ALL`);
          expect(await db.rows('FROM m.v ORDER BY ALL')).toEqual(expected);
        }
        const stored = await db.rows(
          `SELECT count(*) FROM m.v AT (VERSION => ${(await db.table('m.v')).metadata.currentSnapshotId})`,
        );
        expect(stored).toEqual(await db.rows(`SELECT count(*) FROM (${query})`));
      }),
      {
        numRuns: 4,
        examples: [[[{ insert: ["(1, 2, 'a', DATE '2020-01-03', 1.5)"] }, { refresh: true }]]],
      },
    );
    expect(merged > 0).toBe(isMerged);
  },
  60_000,
);
