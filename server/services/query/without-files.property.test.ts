import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DmlFixture } from '#server/services/dml/testing/dml-fixture.ts';
import { planQuery } from '#server/services/query/index.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
});
afterAll(async () => db.close());

const COLUMNS = ['i', 'l', 'd', 'f', 'ts', 'zoned', 'clock', 'amount', 'word', 'p'] as const;
const TYPES =
  'i INT, l BIGINT, d DATE, f DOUBLE, ts TIMESTAMP, zoned TIMESTAMPTZ, clock TIME, amount DECIMAL(18,3), word VARCHAR, p INT';

const number = fc.integer({ min: -40, max: 40 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 6 });
/** A row as SQL. */
const row = fc
  .record({
    n: maybe(number),
    f: maybe(fc.constantFrom('0', '-0.0', '1.5', '-2.25', "'nan'", "'inf'", '1e300')),
    word: maybe(fc.constantFrom('', 'a', 'å', 'a text that is longer than what bounds hold of it', 'zz')),
    p: maybe(fc.integer({ min: 0, max: 2 })),
  })
  .map(({ n, f, word, p }) => {
    const text = word === null ? 'NULL' : `'${word}'`;
    const on = (sql: string) => (n === null ? 'NULL' : sql);
    return `(${on(String(n))}, ${on(`${n}::BIGINT * 1000000007`)}, ${on(`DATE '1970-01-01' + ${n}::INT`)}, ${f ?? 'NULL'}::DOUBLE,
      ${on(`TIMESTAMP '1970-01-01' + INTERVAL (${n}) SECOND`)}, ${on(`TIMESTAMPTZ '2001-01-01 00:00:00+00' + INTERVAL (${n}) HOUR`)},
      ${on(`TIME '12:00' + INTERVAL (${n}) MINUTE`)}, ${on(`${n} / 8`)}, ${text}, ${p ?? 'NULL'})`;
  });
const file = fc.array(row, { minLength: 1, maxLength: 6 });
const aggregate = fc.oneof(
  fc.constant('count(*)'),
  fc
    .tuple(fc.constantFrom('count', 'min', 'max'), fc.constantFrom(...COLUMNS))
    .map(([name, column]) => `${name}(${column})`),
);
const where = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  fc.integer({ min: 0, max: 2 }).map((p) => `WHERE p = ${p}`),
  number.map((n) => `WHERE i > ${n}`),
  number.map((n) => `WHERE i <= ${n} AND p IS NOT NULL`),
  number.map((n) => `WHERE d < DATE '1970-01-01' + ${n}::INT OR p = 1`),
  fc.constant('WHERE false'),
);

async function tableOf(files: readonly (readonly string[])[], version: number, deleted: number | null) {
  await db.run(
    `CREATE OR REPLACE TABLE q.t (${TYPES}) PARTITIONED BY (p) WITH ('format-version' = ${version}, 'write.delete.mode' = 'merge-on-read')`,
  );
  for (const rows of files) await db.run(`INSERT INTO q.t VALUES ${rows.join(', ')}`);
  if (deleted !== null) await db.run(`DELETE FROM q.t WHERE i = ${deleted}`);
}

it('answers counts and bounds from metadata as reading the files does', async () => {
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(file, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(2, 3),
      maybe(number),
      fc.array(fc.tuple(fc.array(aggregate, { minLength: 1, maxLength: 2 }), where), {
        minLength: 6,
        maxLength: 12,
      }),
      async (files, version, deleted, queries) => {
        await tableOf(files, version, deleted);
        for (const [aggregates, condition] of queries) {
          const sql = `SELECT ${aggregates.join(', ')} FROM q.t ${condition}`;
          const plan = await planQuery(db.ctx, { sql });
          if (plan.answeredFrom === 'metadata') {
            answered += 1;
            expect(plan.bytes).toBe(0);
          }
          // A subquery is read from the files.
          expect([sql, await db.rows(sql)]).toEqual([sql, await db.rows(`FROM (${sql})`)]);
        }
      },
    ),
    { numRuns: 25 },
  );
  expect(answered).toBeGreaterThan(40);
}, 120_000);

it('reads as many files as LIMIT needs, and gives as many rows as there are', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(file, { minLength: 2, maxLength: 4 }),
      maybe(number),
      fc.integer({ min: 0, max: 12 }),
      fc.integer({ min: 0, max: 4 }),
      where,
      async (files, deleted, limit, offset, condition) => {
        await tableOf(files, 3, deleted);
        const some = await db.rows(`SELECT i, word FROM q.t ${condition} LIMIT ${limit} OFFSET ${offset}`);
        const all = await db.rows(`SELECT i, word FROM q.t ${condition} ORDER BY ALL`);
        expect(some).toHaveLength(Math.min(limit, Math.max(0, all.length - offset)));
        const left = all.map((one) => JSON.stringify(one));
        for (const one of some) expect(left.splice(left.indexOf(JSON.stringify(one)), 1)).toHaveLength(1);
      },
    ),
    { numRuns: 15 },
  );
}, 120_000);

it('reads one file for a preview, and says so', async () => {
  await db.run('CREATE OR REPLACE TABLE q.many (x INT)');
  for (const n of [1, 2, 3]) await db.run(`INSERT INTO q.many SELECT ${n} FROM range(20)`);
  const preview = await planQuery(db.ctx, { sql: 'FROM q.many LIMIT 10 OFFSET 5' });
  expect(preview.scans.map(({ files, filesKnown }) => [files.length, filesKnown])).toEqual([[1, 3]]);
  expect(preview.scans[0]?.pruning).toEqual(['LIMIT needs 15 rows, which one file has, of 3']);
  const two = await planQuery(db.ctx, { sql: 'FROM q.many LIMIT 21' });
  expect(two.scans[0]?.pruning).toEqual(['LIMIT needs 21 rows, which 2 files have, of 3']);
  const sorted = await planQuery(db.ctx, { sql: 'FROM q.many ORDER BY x LIMIT 10' });
  expect(sorted.scans[0]?.files).toHaveLength(3);
  const distinct = await planQuery(db.ctx, { sql: 'SELECT DISTINCT x FROM q.many LIMIT 10' });
  expect(distinct.scans[0]?.files).toHaveLength(3);
});

it('keeps names and snapshots of what it answers without files', async () => {
  await db.run("CREATE OR REPLACE TABLE q.one AS SELECT 7 AS x, 'a' AS word");
  const plan = await planQuery(db.ctx, { sql: 'SELECT max(x), count(*) AS n FROM q.one AS t;' });
  expect(plan).toMatchObject({
    answeredFrom: 'metadata',
    bytes: 0,
    columns: [
      { name: 'max(x)', type: 'INTEGER' },
      { name: 'n', type: 'BIGINT' },
    ],
    engine: { choice: 'browser', reason: 'Answered from metadata, 0 bytes read.', browserCapable: true },
  });
  expect(plan.scans).toMatchObject([{ table: 'q.one', files: [], filesKnown: 1 }]);
  expect(plan.scans[0]?.snapshotId).toBeDefined();
  expect(plan.scans[0]?.pruning).toEqual(['the metadata of one file has the answer']);
  const none = await planQuery(db.ctx, { sql: 'SELECT count(*) FROM q.one WHERE x > 7' });
  expect(none.answeredFrom).toBe('metadata');
  expect(none.scans[0]?.pruning.at(-1)).toBe('no file has rows for the answer, so none is read');
  expect((await planQuery(db.ctx, { sql: 'SELECT max(word) FROM q.one' })).answeredFrom).toBeUndefined();
  expect(
    (await planQuery(db.ctx, { sql: 'SELECT count(DISTINCT x) FROM q.one' })).answeredFrom,
  ).toBeUndefined();
  expect(
    (await planQuery(db.ctx, { sql: 'SELECT max(x) FROM q.one GROUP BY x' })).answeredFrom,
  ).toBeUndefined();
});
