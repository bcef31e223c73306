import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DmlFixture } from './testing/dml-fixture.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
  await db.run(
    `CREATE TABLE shop.items (id BIGINT, kind VARCHAR, made DATE) PARTITIONED BY (kind)
     WITH ('format-version' = 3, 'write.update.mode' = 'merge-on-read', 'write.delete.mode' = 'merge-on-read')`,
  );
  await db.run("INSERT INTO shop.items SELECT range, 'a', DATE '2024-01-01' FROM range(4)");
  await db.run("INSERT INTO shop.items SELECT range, 'b', NULL FROM range(4, 6)");
});
afterAll(async () => db.close());

describe('metadata columns', () => {
  it('say where a row is, for who names them', async () => {
    const files = await db.files('shop.items');
    const location = (kind: string) =>
      files.find(({ file }) => [...file.partition.values()][0] === kind)?.file.filePath;
    expect(
      await db.rows(
        'SELECT id, _file, _pos, _spec_id, _partition FROM shop.items WHERE _pos = 1 ORDER BY id',
      ),
    ).toEqual([
      ['1', location('a'), '1', 0, { kind: 'a' }],
      ['5', location('b'), '1', 0, { kind: 'b' }],
    ]);
    expect(await db.rows('SELECT count(DISTINCT _file), max(i._pos) FROM shop.items AS i')).toEqual([
      ['2', '3'],
    ]);
    expect(await db.rows('SELECT _pos FROM shop.items WHERE id = 4')).toEqual([['0']]);
  });

  it('are not among those of a star', async () => {
    expect(await db.rows('SELECT * FROM shop.items WHERE _row_id = 2')).toEqual([['2', 'a', '2024-01-01']]);
    expect(await db.rows('SELECT *, _pos, s.* FROM shop.items s WHERE _row_id = 2')).toEqual([
      ['2', 'a', '2024-01-01', '2', '2', 'a', '2024-01-01'],
    ]);
    expect(await db.rows('SELECT * FROM (SELECT _pos, id FROM shop.items WHERE id > 4) ORDER BY 1')).toEqual([
      ['1', '5'],
    ]);
    const sql = 'SELECT *, _pos FROM shop.items JOIN (SELECT 1 AS one) ON true';
    await expect(db.rows(sql)).rejects.toMatchObject({ code: 'UNSUPPORTED', context: { position: 7 } });
  });

  it('follow rows through updates and deletes, and through compaction', async () => {
    await db.run("UPDATE shop.items SET made = DATE '2024-02-02' WHERE id IN (1, 4)");
    await db.run('DELETE FROM shop.items WHERE id = 2');
    await db.run("INSERT INTO shop.items VALUES (6, 'a', NULL)");
    const lineage = [
      ['0', '0', '1'],
      ['1', '1', '3'],
      ['3', '3', '1'],
      ['4', '4', '3'],
      ['5', '5', '2'],
    ];
    const sql = 'SELECT id, _row_id, _last_updated_sequence_number FROM shop.items ORDER BY id';
    const rows = await db.rows(sql);
    expect(rows.slice(0, 5)).toEqual(lineage);
    expect(rows[5]?.[2]).toBe('5');
    const ids = rows.map(([, row]) => row);
    expect(new Set(ids).size).toBe(6);
    await db.run('OPTIMIZE shop.items');
    expect(await db.rows(sql)).toEqual(rows);
  });

  it('give way to a column of their name, and are not there where a table has none', async () => {
    await db.run('CREATE TABLE shop.own (_pos VARCHAR, a INTEGER)');
    await db.run("INSERT INTO shop.own VALUES ('mine', 1)");
    expect(await db.rows('SELECT _pos, * FROM shop.own')).toEqual([['mine', 'mine', 1]]);
    expect(await db.rows('SELECT _spec_id, a FROM shop.own WHERE _file IS NULL')).toEqual([]);
    await expect(db.rows('SELECT _row_id FROM shop.own')).rejects.toMatchObject({ code: 'COLUMN_NOT_FOUND' });
    await expect(db.rows('SELECT _partition FROM shop.own')).rejects.toMatchObject({
      code: 'COLUMN_NOT_FOUND',
    });
  });

  it('are not for views, through which they could not be read', async () => {
    await db.run('CREATE TABLE shop.named AS SELECT 1 AS _pos, 2 AS a');
    for (const kind of ['VIEW', 'MATERIALIZED VIEW']) {
      for (const query of [
        'SELECT id, _file, _pos FROM shop.items',
        'SELECT count(*) AS n FROM shop.items WHERE _file IS NOT NULL AND _pos > 0',
      ])
        expect(await db.refusal(`CREATE ${kind} shop.w AS ${query}`)).toMatchObject({
          code: 'UNSUPPORTED',
          message: expect.stringMatching(/^A view can't read _file, _pos, /) as string,
        });
      await db.run(`CREATE ${kind} shop.fine AS SELECT _pos, a FROM shop.named`);
      await db.run('INSERT INTO shop.named VALUES (3, 4)');
      expect(await db.rows('SELECT * FROM shop.fine WHERE _pos = 3')).toEqual([[3, 4]]);
      await db.run(`DROP ${kind} shop.fine`);
      await db.run('DELETE FROM shop.named WHERE a = 4');
    }
  });
});
