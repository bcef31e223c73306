import { afterAll, beforeAll, expect, it } from 'vitest';
import { queryJson } from '../query/index.ts';
import { DmlFixture } from './testing/dml-fixture.ts';
import { queryStatement } from './query-statement.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
  await db.run('CREATE TABLE n.t AS SELECT 1 AS x');
});
afterAll(async () => db.close());

const names = async (what: string) =>
  (await queryJson(db.ctx, { sql: `SHOW ${what}` })).rows.map(([name]) => name);

it('makes, merges and drops branches in SQL', async () => {
  const made = await db.run('CREATE BRANCH dev FROM main');
  expect(made).toMatchObject({ kind: 'create-branch', branch: 'dev', table: '' });
  expect(made.note).toMatch(/^The branch dev begins at main \([0-9a-f]{8}\)\.$/);
  expect(await names('BRANCHES')).toEqual(['dev', 'main']);

  await queryStatement(db.ctx, { sql: 'INSERT INTO n.t VALUES (2)', ref: 'dev' });
  expect(await db.rows('SELECT count(*) FROM n.t')).toEqual([['1']]);
  expect((await db.run('MERGE BRANCH dev INTO main')).note).toMatch(
    /^main was moved forward to .*: 1 change from dev\.$/,
  );
  expect(await db.rows('SELECT count(*) FROM n.t')).toEqual([['2']]);
  expect((await db.run('MERGE BRANCH dev')).note).toBe('main has all of dev already.');

  await db.run("CREATE TAG 'v1'");
  expect(await names('TAGS')).toEqual(['v1']);
  await expect(db.run("DROP BRANCH 'v1'")).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(/is a tag/),
  });
  const dropped = await queryStatement(db.ctx, { sql: "DROP TAG 'v1'" });
  expect(dropped).toMatchObject({ ref: { name: 'main' }, snapshots: [] });
  await db.run('DROP BRANCH dev');
  expect(await names('BRANCHES')).toEqual(['main']);
  expect(await names('TAGS')).toEqual([]);
});

it('says what is there already, and what is not, where it is asked to', async () => {
  expect((await db.run('CREATE BRANCH IF NOT EXISTS main')).note).toMatch(/already/);
  expect((await db.run('DROP TAG IF EXISTS nothing')).note).toBe('There is no tag nothing.');
  await expect(db.run('CREATE BRANCH main')).rejects.toMatchObject({ code: 'REF_ALREADY_EXISTS' });
  await expect(db.run('DROP BRANCH main')).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

it('names what conflicts, and changes nothing', async () => {
  await db.run('CREATE TABLE n.c AS SELECT 1 AS id, 1 AS v');
  await db.run('CREATE BRANCH other');
  await queryStatement(db.ctx, { sql: 'UPDATE n.c SET v = 2', ref: 'other' });
  await db.run('UPDATE n.c SET v = 3');
  await expect(db.run('MERGE BRANCH other INTO main')).rejects.toMatchObject({
    code: 'UNPROCESSABLE',
    context: { conflicts: [expect.objectContaining({ key: 'n.c' })] },
  });
  expect(await db.rows('SELECT v FROM n.c')).toEqual([[3]]);
});

it('says where the log is longer than an answer', async () => {
  const [commit] = (await db.ctx.catalog.log((await db.ctx.catalog.getRef('main')).hash, { limit: 1 }))
    .commits;
  if (commit === undefined) throw new Error('There is no commit.');
  const log = async (_: string, { limit }: { limit: number }) => ({
    commits: Array.from({ length: Math.min(limit, 12_000) }, () => commit),
  });
  const catalog = new Proxy(db.ctx.catalog, {
    get: (target, name) => (name === 'log' ? log : (Reflect.get(target, name) as unknown)),
  });
  const answer = await queryJson({ ...db.ctx, catalog }, { sql: 'SHOW LOG' });
  expect(answer).toMatchObject({ rowCount: 10_000, truncated: true });
});

it('shows the log, the newest first', async () => {
  const { rows } = await queryJson(db.ctx, { sql: 'SHOW LOG;' });
  expect(rows[0]?.[1]).toBe('Update 1 row of n.c');
  expect(rows.at(-1)?.[1]).toMatch(/n\.t/);
});
