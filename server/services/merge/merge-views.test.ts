import { afterAll, beforeAll, expect, it } from 'vitest';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { planQuery } from '../query/index.ts';
import { createRef, mergeRef } from '../refs/index.ts';
import { createTableMerger } from './index.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
});
afterAll(async () => db.close());

const ROWS = 'SELECT k, n FROM m.v ORDER BY k';

async function branched(branch: string): Promise<void> {
  await db.run("CREATE OR REPLACE TABLE m.t AS SELECT 'a' AS k");
  await db.run('CREATE OR REPLACE MATERIALIZED VIEW m.v AS SELECT k, count(*) AS n FROM m.t GROUP BY k');
  await createRef(db.ctx, { name: branch });
}

async function refreshed(row: string, branch?: string): Promise<void> {
  await db.run(`INSERT INTO m.t VALUES ('${row}')`, branch);
  await db.run('REFRESH MATERIALIZED VIEW m.v', branch);
}

async function merge(branch: string) {
  const { io, manifests } = db.ctx;
  const ctx = { ...db.ctx, merger: createTableMerger({ io, manifests }) };
  return mergeRef(ctx, 'main', { from: branch });
}

const isFresh = async () => (await planQuery(db.ctx, { sql: 'FROM m.v' })).views?.[0]?.fresh;

it('takes the rows of a view that both sides refreshed from one of them, and they are not fresh', async () => {
  await branched('both');
  await refreshed('b');
  await refreshed('c', 'both');
  expect(await merge('both')).toMatchObject({ outcome: 'COMMITTED', conflicts: [] });
  expect(await isFresh()).toBe(false);
  const expected = [
    ['a', '1'],
    ['b', '1'],
    ['c', '1'],
  ];
  expect(await db.rows(ROWS)).toEqual(expected);
  await db.run('REFRESH MATERIALIZED VIEW m.v');
  expect(await isFresh()).toBe(true);
  expect(await db.rows(ROWS)).toEqual(expected);
});

it('keeps what a side did to the view beside its rows, and can not where both did', async () => {
  await branched('more');
  await refreshed('b');
  await db.run("COMMENT ON TABLE m.v IS 'counts'", 'more');
  await refreshed('c', 'more');
  expect(await merge('more')).toMatchObject({ outcome: 'COMMITTED' });
  expect((await db.table('m.v')).metadata.properties).toMatchObject({ comment: 'counts' });
  expect(await db.rows(ROWS)).toHaveLength(3);

  await branched('much');
  await db.run("COMMENT ON COLUMN m.v.n IS 'how many'");
  await refreshed('b');
  await db.run("COMMENT ON TABLE m.v IS 'numbers'", 'much');
  await refreshed('c', 'much');
  expect(await merge('much')).toMatchObject({
    outcome: 'CONFLICTS',
    conflicts: [{ key: 'm.v', kind: 'SAME_ROWS_CHANGED' }],
  });
});

it('adds no rows twice that each side appended', async () => {
  await db.run('CREATE TABLE m.u AS SELECT 1 AS a');
  await db.run('CREATE MATERIALIZED VIEW m.w AS SELECT a FROM m.u WHERE a > 0');
  await createRef(db.ctx, { name: 'appends' });
  for (const [value, branch] of [
    [2, 'main'],
    [3, 'appends'],
  ] as const) {
    await db.run(`INSERT INTO m.u VALUES (${value})`, branch);
    await db.run('REFRESH MATERIALIZED VIEW m.w', branch);
  }
  expect(await merge('appends')).toMatchObject({ outcome: 'COMMITTED' });
  expect(await db.rows('SELECT a FROM m.w ORDER BY a')).toEqual([[1], [2], [3]]);
  await db.run('INSERT INTO m.u VALUES (4)');
  await db.run('REFRESH MATERIALIZED VIEW m.w');
  expect(await db.rows('SELECT a FROM m.w ORDER BY a')).toEqual([[1], [2], [3], [4]]);
});
