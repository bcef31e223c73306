import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DmlFixture } from './testing/dml-fixture.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
});
afterAll(async () => db.close());

describe('INSERT and CREATE TABLE', () => {
  it('fill a table, a commit each', async () => {
    const made = await db.run(
      `CREATE TABLE shop.orders (id BIGINT NOT NULL, made TIMESTAMP, kind VARCHAR, price DECIMAL(8, 2))
       PARTITIONED BY (day(made), bucket(4, id), truncate(kind, 2)) SORTED BY (price DESC) WITH ('format-version' = 3)`,
    );
    expect(made).toMatchObject({ kind: 'create-table', table: 'shop.orders', branch: 'main' });
    const sql = `INSERT INTO shop.orders (kind, id, made)
      SELECT 'kind ' || range, range, TIMESTAMP '2024-01-01' + INTERVAL (range) HOUR FROM range(48)`;
    const inserted = await db.run(sql);
    expect(inserted.rows).toEqual({ inserted: '48', updated: '0', deleted: '0' });
    const commit = await db.ctx.catalog.getCommit(inserted.commit?.hash ?? '');
    expect(commit).toMatchObject({
      message: 'Insert 48 rows into shop.orders',
      author: 'ada',
      properties: { 'timestream.sql': sql },
    });
    expect(await db.rows('SELECT count(*), sum(id), count(price), min(kind) FROM shop.orders')).toEqual([
      ['48', '1128', '0', 'kind 0'],
    ]);
    expect(await db.rows(`SELECT id FROM shop.orders WHERE id = 17`)).toEqual([['17']]);
    for (const { file } of await db.files('shop.orders')) expect(file.partition.size).toBe(3);
    expect(
      await db.run("INSERT INTO shop.orders VALUES (100, NULL, DEFAULT, 1.5), (101, now(), 'x', 2)"),
    ).toMatchObject({ rows: { inserted: '2' } });
  });

  it('make a table of a query, or another in its place', async () => {
    await db.run(
      'CREATE TABLE shop.days AS SELECT made::DATE AS day, count(*) AS n FROM shop.orders WHERE id < 48 GROUP BY ALL',
    );
    expect(await db.rows('SELECT * FROM shop.days ORDER BY 1')).toEqual([
      ['2024-01-01', '24'],
      ['2024-01-02', '24'],
    ]);
    expect((await db.run('CREATE TABLE IF NOT EXISTS shop.days (x INT)')).commit).toBeUndefined();
    expect(await db.refusal('CREATE TABLE shop.days (x INT)')).toMatchObject({
      code: 'TABLE_ALREADY_EXISTS',
      at: 'shop.days (x',
    });
    const { metadata } = await db.table('shop.days');
    await db.run(
      'CREATE OR REPLACE TABLE shop.days PARTITIONED BY (day) AS SELECT day, n AS orders FROM shop.days',
    );
    expect(await db.rows('SELECT day, orders FROM shop.days ORDER BY 1')).toHaveLength(2);
    const replaced = (await db.table('shop.days')).metadata;
    expect(replaced.tableUuid).toBe(metadata.tableUuid);
    expect(await db.files('shop.days')).toHaveLength(2);
  });
});

describe('DELETE, UPDATE and MERGE', () => {
  for (const version of [2, 3])
    for (const mode of ['copy-on-write', 'merge-on-read'])
      it(`change rows, ${mode}, v${version}`, async () => {
        const t = `rows.v${version}_${mode.replaceAll('-', '_')}`;
        await db.run(
          `CREATE TABLE ${t} PARTITIONED BY (g) WITH ('format-version' = ${version}, write.delete.mode = '${mode}', write.update.mode = '${mode}', write.merge.mode = '${mode}')
           AS SELECT range AS id, range % 3 AS g, 'x' AS v FROM range(30)`,
        );
        expect((await db.run(`DELETE FROM ${t} WHERE id % 10 = 0`)).rows.deleted).toBe('3');
        expect((await db.run(`UPDATE ${t} SET v = v || id, g = 5 WHERE id IN (1, 2, 3)`)).rows.updated).toBe(
          '3',
        );
        const merged = await db.run(
          `MERGE INTO ${t} AS t USING (VALUES (4, 'four'), (5, NULL), (99, 'new')) AS s(id, v) ON t.id = s.id
           WHEN MATCHED AND s.v IS NULL THEN DELETE
           WHEN MATCHED THEN UPDATE SET v = s.v
           WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id, s.v)`,
        );
        expect(merged.rows).toEqual({ inserted: '1', updated: '1', deleted: '1' });
        expect(await db.rows(`SELECT id, g, v FROM ${t} WHERE v <> 'x' ORDER BY id`)).toEqual([
          ['1', '5', 'x1'],
          ['2', '5', 'x2'],
          ['3', '5', 'x3'],
          ['4', '1', 'four'],
          ['99', null, 'new'],
        ]);
        expect(await db.rows(`SELECT count(*), sum(id) FROM ${t}`)).toEqual([
          ['27', String(435 - 30 - 5 + 99)],
        ]);
        const deletes = (await db.files(t)).flatMap((planned) => planned.deletes);
        expect(deletes.length > 0).toBe(mode === 'merge-on-read');
      });
});

describe('a condition with IS DISTINCT FROM beside another one', () => {
  it('deletes and updates rows of files that have nothing but NULL', async () => {
    await db.run('CREATE TABLE shop.sparse (id BIGINT, c INTEGER)');
    await db.run('INSERT INTO shop.sparse SELECT range, NULL FROM range(4)');
    await db.run('INSERT INTO shop.sparse SELECT range, 3 FROM range(4, 6)');
    const updated = await db.run('UPDATE shop.sparse SET id = id + 10 WHERE c < 2 OR c IS DISTINCT FROM 3');
    expect(updated.rows).toMatchObject({ updated: '4' });
    const deleted = await db.run('DELETE FROM shop.sparse WHERE c > 5 OR NOT (c IS NOT DISTINCT FROM 3)');
    expect(deleted.rows).toMatchObject({ deleted: '4' });
    expect(await db.rows('SELECT id FROM shop.sparse ORDER BY id')).toEqual([['4'], ['5']]);
  });
});
