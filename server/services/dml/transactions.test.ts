import { afterAll, beforeAll, expect, it } from 'vitest';
import { DmlFixture } from './testing/dml-fixture.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
  await db.run('CREATE TABLE bank.accounts AS SELECT range AS id, 100 AS money FROM range(3)');
});
afterAll(async () => db.close());

it('changes many tables in one commit, each statement on what those before it did', async () => {
  const before = await db.ctx.catalog.getRef('main');
  const result = await db.run(`BEGIN;
    CREATE TABLE bank.log (id BIGINT, what VARCHAR);
    UPDATE bank.accounts SET money = money - 10 WHERE id = 0;
    UPDATE bank.accounts SET money = money + 10 WHERE id = 1;
    INSERT INTO bank.log SELECT id, money::VARCHAR FROM bank.accounts WHERE money <> 100;
    CREATE TABLE bank.passing (x INT);
    DROP TABLE bank.passing;
    COMMIT;`);
  expect(result).toMatchObject({ kind: 'transaction', rows: { inserted: '2', updated: '2', deleted: '0' } });
  const commit = await db.ctx.catalog.getCommit(result.commit?.hash ?? '');
  expect(commit.parents).toEqual([before.hash]);
  expect((await db.ctx.catalog.diff(before.hash, commit.hash)).map(({ key }) => key.join('.'))).toEqual([
    'bank.accounts',
    'bank.log',
  ]);
  expect(await db.rows('SELECT * FROM bank.log ORDER BY id')).toEqual([
    ['0', '90'],
    ['1', '110'],
  ]);
});

it('leaves nothing where one statement fails, and says where in the script', async () => {
  const before = await db.ctx.catalog.getRef('main');
  const script =
    'BEGIN; DELETE FROM bank.accounts; INSERT INTO bank.log SELECT nothing FROM bank.log; COMMIT';
  expect(await db.refusal(script)).toMatchObject({ code: 'COLUMN_NOT_FOUND', at: 'nothing FROM' });
  expect(await db.refusal('BEGIN; DELETE FROM bank.accounts')).toMatchObject({ code: 'SQL_SYNTAX' });
  expect(await db.ctx.catalog.getRef('main')).toEqual(before);
  expect((await db.run('BEGIN; DELETE FROM bank.accounts WHERE false; COMMIT')).commit).toBeUndefined();
});

it('runs again where another commit was first', async () => {
  const move = (from: number, to: number) =>
    db.run(`BEGIN; UPDATE bank.accounts SET money = money - 1 WHERE id = ${from};
      UPDATE bank.accounts SET money = money + 1 WHERE id = ${to}; COMMIT`);
  await Promise.all([move(0, 2), move(1, 2), move(2, 0)]);
  expect(await db.rows('SELECT money FROM bank.accounts ORDER BY id')).toEqual([[90], [109], [101]]);
});
