import { afterAll, beforeAll, expect, it } from 'vitest';
import { DmlFixture } from './testing/dml-fixture.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
});
afterAll(async () => db.close());

it('UPDATE, DELETE and MERGE find rows by bytes, where files have Bloom filters', async () => {
  await db.run(
    `CREATE TABLE g.h AS SELECT i::INTEGER AS id, unhex(md5((i % 10)::VARCHAR)) AS h FROM range(1000) r(i)`,
  );
  expect((await db.run(`UPDATE g.h SET id = -1 WHERE h = unhex(md5('3'))`)).rows.updated).toBe('100');
  expect((await db.run(`DELETE FROM g.h WHERE h = unhex(md5('4')) AND id > 0`)).rows.deleted).toBe('100');
  await db.run(`CREATE TABLE g.k AS SELECT unhex(md5('5')) AS k`);
  const merge =
    'MERGE INTO g.h USING g.k ON h = k WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (0, k)';
  expect((await db.run(merge)).rows).toEqual({ inserted: '0', updated: '0', deleted: '100' });
});

it('takes the first rows of a column that was widened', async () => {
  await db.run('CREATE TABLE g.n (id INT, l INT)');
  await db.run('INSERT INTO g.n VALUES (1, 5), (2, 6), (3, 7)');
  await db.run('ALTER TABLE g.n ALTER COLUMN l TYPE BIGINT');
  await db.run('INSERT INTO g.n VALUES (4, 9000000000000000), (5, 9000000000000001), (6, 9000000000000002)');
  expect(await db.rows('SELECT id FROM g.n ORDER BY l LIMIT 2')).toEqual([[1], [2]]);
  await db.run('CREATE TABLE g.first AS SELECT id FROM g.n ORDER BY l LIMIT 2');
  expect(await db.rows('SELECT id FROM g.first ORDER BY id')).toEqual([[1], [2]]);
  await db.run('DELETE FROM g.n WHERE id IN (SELECT id FROM g.n ORDER BY l LIMIT 2)');
  expect(await db.rows('SELECT id FROM g.n ORDER BY id')).toEqual([[3], [4], [5], [6]]);
});
