import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Catalog } from '#server/catalog/catalog.ts';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { storedViews } from './stored-views.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
  await db.run('CREATE TABLE v.t AS SELECT range AS k FROM range(10)');
});
afterAll(async () => db.close());

const head = async () => (await db.ctx.catalog.getRef('main')).hash;

it('looks at a commit once, and from then on at what others changed', async () => {
  const asked: [string | null, string][] = [];
  const diff: Catalog['diff'] = async (from, to) => {
    asked.push([from, to]);
    return db.ctx.catalog.diff(from, to);
  };
  const views = storedViews({ ...db.ctx, catalog: { ...db.ctx.catalog, diff } });
  const names = async (commit: string) => (await views(commit)).map(({ name }) => name);

  const first = await head();
  expect([await names(first), await names(first)]).toEqual([[], []]);
  await db.run('CREATE MATERIALIZED VIEW v.one AS SELECT k FROM v.t');
  await db.run('CREATE MATERIALIZED VIEW v.two AS SELECT k % 2 AS k FROM v.t');
  const second = await head();
  expect(await names(second)).toEqual(['v.one', 'v.two']);
  await db.run('DROP MATERIALIZED VIEW v.one');
  await db.run('INSERT INTO v.t VALUES (11)');
  const third = await head();
  expect([await names(third), await names(second)]).toEqual([['v.two'], ['v.one', 'v.two']]);
  expect(asked).toEqual([
    [null, first],
    [first, second],
    [second, third],
  ]);
});

it('looks at the whole catalog again where the commit that it knows is gone', async () => {
  const diff: Catalog['diff'] = async (from, to) => {
    if (from !== null) throw new Error('there is no such commit any more');
    return db.ctx.catalog.diff(null, to);
  };
  const views = storedViews({ ...db.ctx, catalog: { ...db.ctx.catalog, diff } });
  await views(await head());
  await db.run('CREATE MATERIALIZED VIEW v.three AS SELECT k FROM v.t');
  expect((await views(await head())).map(({ name }) => name)).toEqual(['v.three', 'v.two']);
});

it('leaves out a view whose metadata can’t be read', async () => {
  const { content, metadataLocation } = await db.table('v.two');
  const commit = await db.ctx.catalog.commit({
    branch: 'main',
    author: 'a',
    message: 'm',
    properties: {},
    requirements: [],
    operations: [
      {
        kind: 'put',
        key: ['v', 'two'],
        content: { ...content, value: { ...content.value, metadataLocation: `${metadataLocation}.gone` } },
      },
    ],
  });
  const views = await storedViews(db.ctx)(commit.hash);
  expect(views.map(({ name }) => name)).toEqual(['v.three']);
});
