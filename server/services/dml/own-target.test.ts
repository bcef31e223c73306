import { afterAll, beforeAll, expect, it } from 'vitest';
import { runStatement, type StatementContext } from './index.ts';
import { DmlFixture } from './testing/dml-fixture.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
});
afterAll(async () => db.close());

/** Runs a statement, and another one after its plan and before it writes: once, whatever is planned again. */
async function raced(sql: string, other: string): Promise<number> {
  const { engine } = db.ctx;
  let sessions = 0;
  const session: typeof engine.session = async (...input) => {
    sessions += 1;
    if (sessions === 1) await db.run(other);
    return engine.session(...input);
  };
  const racing = new Proxy(engine, {
    get: (target, name) => {
      if (name === 'session') return session;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const ctx: StatementContext = { ...db.ctx, engine: racing };
  await runStatement(ctx, { sql });
  return sessions;
}

const OPTIONS = `WITH (write.update.mode = '{mode}', write.delete.mode = '{mode}', write.merge.mode = '{mode}')`;

/** @returns its name */
async function table(name: string, mode = 'copy-on-write'): Promise<string> {
  await db.run(
    `CREATE TABLE c.${name} PARTITIONED BY (k) ${OPTIONS.replaceAll('{mode}', mode)} AS SELECT range % 3 AS k, range AS v FROM range(9)`,
  );
  return `c.${name}`;
}

it('rows made of what a table has are made again where another commit changed that', async () => {
  const t = await table('inserts');
  expect(
    await raced(`INSERT INTO ${t} SELECT 7, sum(v) FROM ${t}`, `INSERT INTO ${t} VALUES (1, 1000)`),
  ).toBe(2);
  expect(await db.rows(`SELECT v FROM ${t} WHERE k = 7`)).toEqual([['1036']]);

  // Answered from metadata, and after a delete that takes whole files.
  expect(await raced(`INSERT INTO ${t} SELECT 8, count(*) FROM ${t}`, `DELETE FROM ${t} WHERE k = 1`)).toBe(
    2,
  );
  expect(await db.rows(`SELECT v FROM ${t} WHERE k = 8`)).toEqual([['7']]);

  // What another commit did is of no matter to what was read.
  expect(
    await raced(
      `INSERT INTO ${t} SELECT 9, max(v) FROM ${t} WHERE k = 2`,
      `INSERT INTO ${t} VALUES (0, 5000)`,
    ),
  ).toBe(1);
  expect(await raced(`INSERT INTO ${t} SELECT 10, v FROM ${t} WHERE k = 9`, `OPTIMIZE ${t} FULL`)).toBe(1);
  const { snapshotId } = await db.run(`INSERT INTO ${t} VALUES (11, 11)`);
  const then = `${t} AT (VERSION => ${snapshotId})`;
  expect(
    await raced(`INSERT INTO ${t} SELECT 12, count(*) FROM ${then}`, `DELETE FROM ${t} WHERE k < 3`),
  ).toBe(1);
});

it('a file of which two conditions read rows is watched for both', async () => {
  const t = 'c.parts';
  await db.run(`CREATE TABLE ${t} AS SELECT range % 3 AS k, range AS v FROM range(9)`);
  const sums = `(SELECT sum(v) FROM ${t} WHERE k = 0) + (SELECT sum(v) FROM ${t} WHERE k = 1)`;
  for (const k of [0, 1])
    expect(await raced(`INSERT INTO ${t} SELECT 20, ${sums}`, `INSERT INTO ${t} VALUES (${k}, 100)`)).toBe(2);
  expect(await db.rows(`SELECT v FROM ${t} WHERE k = 20 ORDER BY 1`)).toEqual([['121'], ['221']]);
});

it('INSERT OVERWRITE and CREATE OR REPLACE keep what came meanwhile', async () => {
  const t = await table('overwrites');
  const overwrite = `INSERT OVERWRITE ${t} SELECT 0, sum(v) FROM ${t} WHERE k > 0`;
  expect(await raced(overwrite, `INSERT INTO ${t} VALUES (2, 100)`)).toBe(2);
  expect(await db.rows(`SELECT v FROM ${t} WHERE k = 0`)).toEqual([['127']]);

  const replace = `CREATE OR REPLACE TABLE ${t} AS SELECT k, v FROM ${t}`;
  expect(await raced(replace, `INSERT INTO ${t} VALUES (5, 5)`)).toBe(2);
  expect(await db.rows(`SELECT v FROM ${t} WHERE k = 5`)).toEqual([['5']]);
  // Its rows are of elsewhere: whatever was there goes.
  expect(
    await raced(`CREATE OR REPLACE TABLE ${t} AS SELECT 1 AS k, 2 AS v`, `INSERT INTO ${t} VALUES (6, 6)`),
  ).toBe(1);
  expect(await db.rows(`SELECT * FROM ${t}`)).toEqual([[1, 2]]);
});

for (const mode of ['copy-on-write', 'merge-on-read'])
  it(`what UPDATE, DELETE and MERGE read beside the rows that they change is as it was, ${mode}`, async () => {
    const t = await table(mode.replaceAll('-', '_'), mode);
    const others = `(SELECT sum(v) FROM ${t} WHERE k = 2)`;
    expect(
      await raced(`UPDATE ${t} SET v = ${others} WHERE k = 0`, `DELETE FROM ${t} WHERE k = 2 AND v = 8`),
    ).toBe(2);
    expect(await db.rows(`SELECT DISTINCT v FROM ${t} WHERE k = 0`)).toEqual([['7']]);

    expect(
      await raced(`DELETE FROM ${t} WHERE k = 0 AND v + 50 > ${others}`, `INSERT INTO ${t} VALUES (2, 100)`),
    ).toBe(2);
    expect(await db.rows(`SELECT count(*) FROM ${t} WHERE k = 0`)).toEqual([['3']]);

    const merge = `MERGE INTO ${t} AS a USING (SELECT 3 AS k, max(v) AS v FROM ${t}) AS b ON a.k = b.k
      WHEN NOT MATCHED THEN INSERT *`;
    expect(await raced(merge, `UPDATE ${t} SET v = 200 WHERE v = 100`)).toBe(2);
    expect(await db.rows(`SELECT v FROM ${t} WHERE k = 3`)).toEqual([['200']]);

    await db.run(`ALTER TABLE ${t} SET ('write.update.isolation-level' = 'snapshot')`);
    expect(
      await raced(`UPDATE ${t} SET v = ${others} WHERE k = 1`, `DELETE FROM ${t} WHERE v = 200 AND k = 2`),
    ).toBe(1);
  });
