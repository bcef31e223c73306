import { afterAll, beforeAll, expect, it } from 'vitest';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { createSnapshotRef, createTable } from '../tables/index.ts';

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

it('reads a version of a table whose alias stands behind it, as Spark, Trino and Databricks write it', async () => {
  const joined = `SELECT a.id, b.n FROM f.t AT (VERSION => 'audit') AS a LEFT JOIN f.t AT (VERSION => 'main') b ON b.id = a.id + 1`;
  expect(await db.rows(joined)).toEqual([[1, 20]]);
  await expect(db.rows("SELECT a.nope FROM f.t AT (VERSION => 'audit') a")).rejects.toMatchObject({
    code: 'COLUMN_NOT_FOUND',
    context: { position: 7 },
  });
  await db.run("CREATE VIEW f.then AS SELECT a.id FROM f.t AT (VERSION => 'audit') a");
  expect(await db.rows('FROM f.then')).toEqual([[1]]);
  await db.run("CREATE TABLE f.copy AS SELECT a.id FROM f.t AT (VERSION => 'main') AS a");
  await db.run("INSERT INTO f.copy SELECT a.id + 10 FROM f.t AT (VERSION => 'audit') a");
  await db.run("DELETE FROM f.copy WHERE id IN (SELECT a.id FROM f.t AT (VERSION => 'audit') a)");
  expect(await db.rows('FROM f.copy ORDER BY id')).toEqual([[2], [11]]);
});

it("suggests the table's own refs too", async () => {
  await expect(db.rows("FROM f.t AT (VERSION => 'audti')")).rejects.toMatchObject({
    code: 'REF_NOT_FOUND',
    message: 'There is no branch or tag "audti". Did you mean audit?',
    context: { ref: 'audti', suggestions: ['audit'] },
  });
  await expect(db.rows("FROM f.t AT (VERSION => 'nothing like it')")).rejects.toMatchObject({
    message: expect.stringMatching(/There are: (?!.*\bmain\b.*\bmain\b)/) as string,
  });
  await expect(db.rows("FROM f.nothing AT (VERSION => 'audit')")).rejects.toMatchObject({
    code: 'REF_NOT_FOUND',
  });
});

it('finds tables in deeper namespaces by one quoted part, unless that is a namespace of its own', async () => {
  await createTable(db.ctx, { table: 'a.b.c.t', columns: [{ name: 'id', type: 'int' }] });
  await db.run('INSERT INTO "a.b.c".t VALUES (1)');
  await db.run('UPDATE a."b.c".t SET id = id + 1');
  expect(await db.rows('SELECT t.id FROM "a.b.c".t JOIN a."b.c".t AS u USING (id)')).toEqual([[2]]);
  expect(await db.rows('SELECT a.b.c.t.id FROM a.b.c.t')).toEqual([[2]]);
  await expect(db.rows('FROM "a..c".t')).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND' });
  await db.run('CREATE TABLE "a.b.c".t (id INTEGER)');
  expect(await db.rows('FROM "a.b.c".t')).toEqual([]);
  expect(await db.rows('FROM a.b.c.t')).toEqual([[2]]);
  expect((await db.table('a.b.c.t')).metadata.currentSnapshotId).toBeDefined();
});
