import { afterAll, beforeAll, expect, it } from 'vitest';
import { queryJson } from '../query/index.ts';
import { DmlFixture } from './testing/dml-fixture.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
});
afterAll(async () => db.close());

const shown = async (sql: string) => (await queryJson(db.ctx, { sql })).rows;
const head = async () => (await db.ctx.catalog.getRef('main')).hash;

it('makes, describes and drops schemas', async () => {
  expect(await db.run("CREATE SCHEMA a.b COMMENT 'inner'")).toMatchObject({
    kind: 'create-namespace',
    table: '',
    commit: { message: 'Create schema a.b' },
  });
  expect(await db.refusal('CREATE NAMESPACE a.b')).toMatchObject({ code: 'ALREADY_EXISTS', at: 'a.b' });
  expect((await db.run('CREATE SCHEMA IF NOT EXISTS a.b')).commit).toBeUndefined();
  await db.run('CREATE TABLE a.b.t (x INT)');
  await db.run("COMMENT ON SCHEMA a IS 'outer'");
  expect(await shown('SHOW SCHEMAS')).toEqual([
    ['a', '0', '0', 'outer'],
    ['a.b', '1', '0', 'inner'],
  ]);
  expect(await shown('SHOW SCHEMAS IN a;')).toEqual([['a.b', '1', '0', 'inner']]);
  expect(await db.refusal('DROP SCHEMA A.B')).toMatchObject({
    code: 'NAMESPACE_NOT_EMPTY',
    message: expect.stringMatching(/it has a\.b\.t\. Drop these first, or write DROP SCHEMA a\.b CASCADE/),
  });
  expect(await db.refusal('DROP SCHEMA a.bb')).toMatchObject({
    code: 'NAMESPACE_NOT_FOUND',
    message: 'There is no schema a.bb. Did you mean a.b?',
    at: 'a.bb',
  });
  const before = await head();
  await db.run('DROP SCHEMA a CASCADE');
  expect(await shown('SHOW SCHEMAS')).toEqual([]);
  expect((await db.ctx.catalog.getCommit(await head())).parents).toEqual([before]);
  expect((await db.run('DROP SCHEMA IF EXISTS a')).note).toBe('There is no schema a.');
});

it('renames a table, which keeps its history, and merges by its new name', async () => {
  await db.run('CREATE TABLE r.old AS SELECT 1 AS x');
  await db.run('CREATE BRANCH work');
  expect((await db.run('ALTER TABLE r.old RENAME TO fresh')).note).toBe('r.old is called r.fresh now.');
  expect(await db.refusal('SELECT 1; ALTER TABLE r.old RENAME TO x')).toMatchObject({
    code: 'INVALID_INPUT',
  });
  expect((await db.refusal('ALTER TABLE r.old RENAME TO x')).message).toMatch(/no table r\.old/);
  await db.run('INSERT INTO r.old VALUES (2)', 'work');
  await db.run('MERGE BRANCH work INTO main');
  expect(await db.rows('SELECT x FROM r.fresh ORDER BY 1')).toEqual([[1], [2]]);
  await db.run('CREATE BRANCH moved');
  await db.run('ALTER TABLE r.fresh RENAME TO newer', 'moved');
  expect((await db.run('MERGE BRANCH moved')).note).toMatch(/: 1 change from moved\.$/);
  await db.run('ALTER TABLE r.newer RENAME TO fresh');
  await db.run('CREATE TABLE r.taken (x INT)');
  expect(await db.refusal('ALTER TABLE r.fresh RENAME TO taken')).toMatchObject({
    code: 'ALREADY_EXISTS',
    at: 'taken',
  });
  await db.run('ALTER TABLE r.fresh RENAME TO elsewhere.deep.name');
  expect(await db.rows('SELECT count(*) FROM elsewhere.deep.name')).toEqual([['2']]);
});

it('comments on tables and columns, and takes comments away', async () => {
  await db.run('CREATE TABLE c.t (id BIGINT, place STRUCT(lat DOUBLE, lon DOUBLE))');
  await db.run("COMMENT ON TABLE c.t IS 'it''s'");
  await db.run("COMMENT ON COLUMN c.t.id IS 'who'");
  await db.run("COMMENT ON COLUMN c.t.place.lat IS 'north'");
  const { metadata } = await db.table('c.t');
  expect(metadata.properties['comment']).toBe("it's");
  const fields = metadata.schemas.find(({ schemaId }) => schemaId === metadata.currentSchemaId)?.fields;
  expect(fields?.[0]?.doc).toBe('who');
  expect(fields?.[1]?.type).toMatchObject({ fields: [{ name: 'lat', doc: 'north' }, { name: 'lon' }] });
  await db.run('COMMENT ON TABLE c.t IS NULL');
  expect((await db.table('c.t')).metadata.properties).not.toHaveProperty('comment');
  expect(await db.refusal("COMMENT ON COLUMN c.t.nope IS 'x'")).toMatchObject({ code: 'COLUMN_NOT_FOUND' });
});

it('restores rows, columns and properties of a version, and what was dropped', async () => {
  await db.run('CREATE TABLE h.t AS SELECT range AS id FROM range(3)');
  await db.run("ALTER TABLE h.t SET ('owner' = 'ada')");
  await db.run("CREATE TAG 'good'");
  const good = (await db.table('h.t')).metadata;
  await db.run('ALTER TABLE h.t ADD COLUMN extra INTEGER');
  await db.run("ALTER TABLE h.t SET ('owner' = 'eve', 'more' = '1')");
  await db.run('DELETE FROM h.t WHERE id > 0');
  expect((await db.run("RESTORE TABLE h.t TO VERSION AS OF 'good'")).note).toMatch(
    /is again what it was at good/,
  );
  expect(await db.rows('SELECT * FROM h.t ORDER BY 1')).toEqual([['0'], ['1'], ['2']]);
  const now = (await db.table('h.t')).metadata;
  expect(now.properties).toEqual(good.properties);
  expect(now.lastColumnId).toBe(good.lastColumnId + 1);
  expect(now.snapshots.length).toBeGreaterThan(good.snapshots.length);
  expect((await db.run("RESTORE TABLE h.t TO VERSION 'good'")).commit).toBeUndefined();

  await db.run('DELETE FROM h.t');
  await db.run(`RESTORE h.t TO VERSION ${String(good.currentSnapshotId)}`);
  expect(await db.rows('SELECT count(*) FROM h.t')).toEqual([['3']]);

  await db.run('DROP TABLE h.t');
  await db.run("RESTORE h.t TO VERSION 'good'");
  expect(await db.rows('SELECT count(*) FROM h.t')).toEqual([['3']]);
  await db.run('DROP TABLE h.t');
  expect((await db.run('UNDROP TABLE h.t')).commit?.message).toBe('Bring h.t back');
  expect(await db.refusal('UNDROP TABLE h.t')).toMatchObject({ code: 'ALREADY_EXISTS' });
  expect(await db.refusal('UNDROP TABLE h.never')).toMatchObject({ code: 'TABLE_NOT_FOUND', at: 'h.never' });
  expect(await db.refusal("RESTORE h.t TO VERSION 'nowhere'")).toMatchObject({
    code: 'REF_NOT_FOUND',
    at: "'nowhere'",
  });
  const history = await shown('DESCRIBE HISTORY h.t');
  expect(history.map(([, message]) => message).slice(0, 3)).toEqual([
    'Bring h.t back',
    'Drop h.t',
    expect.stringMatching(/^Restore h\.t to good/),
  ]);
});

it('does all of it in a transaction, as one commit or not at all', async () => {
  const before = await head();
  const script = `CREATE SCHEMA x; CREATE TABLE x.t AS SELECT 1 AS a; ALTER TABLE x.t RENAME TO u;
    COMMENT ON TABLE x.u IS 'u'; CREATE TABLE x.gone (a INT); DROP TABLE x.gone; UNDROP TABLE h.gone`;
  expect(await db.refusal(`BEGIN; ${script}; COMMIT`)).toMatchObject({
    code: 'TABLE_NOT_FOUND',
    at: 'h.gone; COMM',
  });
  expect(await head()).toBe(before);
  const { commit } = await db.run(`BEGIN; ${script.replace('; UNDROP TABLE h.gone', '')}; COMMIT`);
  const changes = await db.ctx.catalog.diff(before, commit?.hash ?? '');
  expect(changes.map(({ key }) => key.join('.'))).toEqual(['x', 'x.u']);
  await db.run('BEGIN; DROP TABLE x.u; DROP SCHEMA x; COMMIT');
  expect(await db.refusal('DROP SCHEMA x')).toMatchObject({ code: 'NAMESPACE_NOT_FOUND' });
});

it('reads and writes tables by names of four parts and more, without quotes', async () => {
  await db.run('CREATE TABLE w.x.y.t AS SELECT 1 AS v');
  await db.run('INSERT INTO w.x.y.t SELECT v + 1 FROM w.x.y.t');
  await db.run('UPDATE w.x.y.t SET v = v * 10 WHERE v = 2');
  expect(
    await db.rows(
      'SELECT w.x.y.t.v, o.v FROM w.x.y.t, w.x.y.t AS o JOIN w.x.y.t AS p ON p.v = o.v ORDER BY 1, 2',
    ),
  ).toHaveLength(4);
  expect(await db.rows('SELECT sum(v) FROM w.x.y.t WHERE v IS DISTINCT FROM 1')).toEqual([['20']]);
  await expect(db.rows('SELECT nothing FROM w.x.y.t')).rejects.toMatchObject({
    code: 'COLUMN_NOT_FOUND',
    context: { position: 'SELECT '.length },
  });
  const sql = 'SELECT 1 FROM w.x.y.u';
  await expect(db.rows(sql)).rejects.toMatchObject({
    code: 'TABLE_NOT_FOUND',
    context: { position: sql.indexOf('w.x') },
  });
});
