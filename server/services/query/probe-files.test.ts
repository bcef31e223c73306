import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BloomProbe } from '#server/engine/files/bloom-probe.ts';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { planQuery, queryJson, type QueryContext } from './index.ts';

let db: DmlFixture;
let probe: BloomProbe;
let ctx: QueryContext;
beforeAll(async () => {
  db = await DmlFixture.open();
  probe = await BloomProbe.open(db.ctx.io, [db.ctx.io.root]);
  ctx = { ...db.ctx, probe };
  // Even values in one file, values that 3 divides in the other; between the same bounds.
  const rows = (
    step: number,
    n: number,
  ) => `SELECT (i % ${n} * ${step})::INT AS k, (i % ${n} * ${step})::BIGINT AS big,
    'no. ' || (i % ${n} * ${step}) AS word, DATE '2020-01-01' + (i % ${n} * ${step})::INT AS day,
    (i % ${n} * ${step})::DECIMAL(12,2) AS amount, hash(i * ${step})::VARCHAR AS text FROM range(20000) t(i)`;
  await db.run(`CREATE TABLE b.t AS ${rows(2, 301)}`);
  await db.run(`INSERT INTO b.t ${rows(3, 201)}`);
});
afterAll(async () => {
  probe.close();
  await db.close();
});

it('leaves out files whose Bloom filters have none of the values', async () => {
  const plan = await planQuery(ctx, { sql: 'SELECT text FROM b.t WHERE k = 9' });
  expect(plan.scans.map(({ files, filesKnown }) => [files.length, filesKnown])).toEqual([[1, 2]]);
  expect(plan.scans[0]?.pruning).toEqual(['Bloom filters of k skip 1 of 2 files']);
  const none = await planQuery(ctx, { sql: 'SELECT text FROM b.t WHERE k IN (7, 11) AND length(text) > 0' });
  expect(none.scans[0]?.files).toEqual([]);
  const both = await planQuery(ctx, { sql: 'SELECT text FROM b.t WHERE k IN (7, 6)' });
  expect(both.scans[0]?.files).toHaveLength(2);
  const without = await planQuery(db.ctx, { sql: 'SELECT text FROM b.t WHERE k = 9' });
  expect(plan.bytes).toBeLessThan(without.bytes * 0.6);
});

it('never changes an answer, also after columns were widened and renamed', async () => {
  const compare = async () => {
    const value = fc.integer({ min: -2, max: 620 });
    const condition = fc.oneof(
      fc.tuple(fc.constantFrom('k', 'big', 'amount'), value).map(([c, v]) => `${c} = ${v}`),
      value.map((v) => `word = 'no. ${v}'`),
      value.map((v) => `day = DATE '2020-01-01' + ${v}::INT`),
      fc.array(value, { minLength: 1, maxLength: 4 }).map((list) => `k IN (${list.join(', ')})`),
      fc.tuple(value, value).map(([a, b]) => `k = ${a} AND word <> 'no. ${b}'`),
      fc.tuple(value, value).map(([a, b]) => `(k = ${a} OR big = ${b})`),
      value.map((v) => `NOT (k = ${v})`),
    );
    await fc.assert(
      fc.asyncProperty(condition, async (where) => {
        const sql = `SELECT count(text), min(word), sum(amount) FROM b.t WHERE ${where}`;
        expect((await queryJson(ctx, { sql })).rows).toEqual((await queryJson(db.ctx, { sql })).rows);
      }),
      { numRuns: 40 },
    );
  };
  await compare();
  await db.run('ALTER TABLE b.t ALTER COLUMN k TYPE BIGINT');
  await db.run('ALTER TABLE b.t RENAME COLUMN big TO other');
  await db.run('ALTER TABLE b.t RENAME COLUMN amount TO big');
  await db.run('ALTER TABLE b.t RENAME COLUMN other TO amount');
  await compare();
});
