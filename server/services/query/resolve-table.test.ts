import { afterAll, beforeAll, expect, it } from 'vitest';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { createSnapshotRef } from '../tables/index.ts';

let db: DmlFixture;
let first: string;
beforeAll(async () => {
  db = await DmlFixture.open();
  await db.run('CREATE TABLE f.t AS SELECT 1 AS id');
  first = String((await db.table('f.t')).metadata.currentSnapshotId);
  const refs = [
    ['audit', 'branch'],
    ['q1 report', 'tag'],
    ['20240131', 'tag'],
    ['both', 'tag'],
  ] as const;
  for (const [name, type] of refs)
    await createSnapshotRef(db.ctx, 'f.t', { branch: 'main', name, type, snapshotId: first });
  await db.run('ALTER TABLE f.t ADD COLUMN n INT');
  await db.run('INSERT INTO f.t VALUES (2, 20)');
  const { hash } = await db.ctx.catalog.getRef('main');
  await db.ctx.catalog.createRef({ name: 'both', type: 'TAG', hash });
});
afterAll(async () => db.close());

it("reads a branch of the table's own with the current schema, and a tag with its snapshot's", async () => {
  expect(await db.rows("FROM f.t AT (VERSION => 'audit')")).toEqual([[1, null]]);
  expect(await db.rows("FROM f.t AT (VERSION => 'q1 report')")).toEqual([[1]]);
  expect(await db.rows("FROM f.t AT (VERSION => '20240131')")).toEqual([[1]]);
  expect(await db.rows(`FROM f.t AT (VERSION => ${first})`)).toEqual([[1]]);
});

it("prefers the catalog's refs", async () => {
  expect(await db.rows("FROM f.t AT (VERSION => 'both') ORDER BY id")).toEqual([
    [1, null],
    [2, 20],
  ]);
});

it("suggests the table's own refs too", async () => {
  await expect(db.rows("FROM f.t AT (VERSION => 'audti')")).rejects.toMatchObject({
    code: 'REF_NOT_FOUND',
    message: 'There is no branch or tag "audti". Did you mean audit?',
    context: { ref: 'audti', suggestions: ['audit'] },
  });
  await expect(db.rows("FROM f.nothing AT (VERSION => 'audit')")).rejects.toMatchObject({
    code: 'REF_NOT_FOUND',
  });
});
