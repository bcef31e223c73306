import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DmlFixture } from './testing/dml-fixture.ts';

let db: DmlFixture;
let ids: readonly string[];
beforeAll(async () => {
  db = await DmlFixture.open();
  await db.run('CREATE TABLE shop.t (i INTEGER)');
  for (const i of [1, 2, 3]) await db.run(`INSERT INTO shop.t VALUES (${i})`);
  ids = (await db.table('shop.t')).metadata.snapshots.map(({ snapshotId }) => String(snapshotId));
});
afterAll(async () => db.close());

const rows = async () => (await db.rows('SELECT i FROM shop.t ORDER BY i')).flat();

describe('CALL', () => {
  it('moves the current snapshot, as a commit that says so', async () => {
    const [first, second, third] = ids;
    const called = await db.run(`CALL system.rollback_to_snapshot('shop.t', ${first})`);
    expect(called).toMatchObject({ kind: 'call', table: 'shop.t', snapshotId: first });
    expect(called.commit?.message).toBe(`Roll shop.t back to snapshot ${first}`);
    expect(await rows()).toEqual([1]);
    await db.run(`CALL main.system.cherrypick_snapshot(snapshot_id => ${third}, table => 'shop.t');`);
    expect(await rows()).toEqual([1, 3]);
    await db.run(`call set_current_snapshot('shop.t', '${second}')`);
    expect(await rows()).toEqual([1, 2]);
    const before = new Date().toISOString().replace('T', ' ').replace('Z', '');
    await db.run('INSERT INTO shop.t VALUES (4)');
    await db.run(`CALL system.rollback_to_timestamp('shop.t', TIMESTAMP '${before}')`);
    expect(await rows()).toEqual([1, 2]);
  });

  it.each([
    ["CALL system.expire('shop.t')", 'UNSUPPORTED', 'system.expir'],
    ["CALL system.rollback_to_snapshot('shop.t')", 'INVALID_INPUT', 'system.rollb'],
    ["CALL system.rollback_to_snapshot('shop.t', 1, 2)", 'INVALID_INPUT', '2)'],
    ["CALL system.rollback_to_snapshot('shop.t', snapshot => 1)", 'INVALID_INPUT', 'snapshot => '],
    ["CALL system.rollback_to_snapshot('shop.t', 'abc')", 'INVALID_INPUT', "'shop.t', 'a"],
    ["CALL system.rollback_to_timestamp('shop.t', 'soon')", 'INVALID_INPUT', "'shop.t', 's"],
    ["CALL system.publish_changes('shop.t', 'w1')", 'SNAPSHOT_NOT_FOUND', null],
    ["CALL system.publish_changes('shop.x', 'w1')", 'TABLE_NOT_FOUND', "'shop.x', 'w"],
    ["CALL system.fast_forward('shop.t', 'main', 'none')", 'REF_NOT_FOUND', null],
    ['CALL system.fast_forward(', 'SQL_SYNTAX', ''],
  ])('refuses %s', async (sql, code, at) => {
    expect(await db.refusal(sql)).toMatchObject({ code, at });
  });
});
