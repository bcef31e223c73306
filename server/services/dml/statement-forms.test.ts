import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import { DmlFixture } from './testing/dml-fixture.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
});
afterAll(async () => db.close());

describe('INSERT', () => {
  it('OVERWRITE replaces the partitions of its rows, or all of a table without', async () => {
    await db.run('CREATE TABLE f.p PARTITIONED BY (g) AS SELECT range AS id, range % 3 AS g FROM range(6)');
    expect((await db.run('INSERT OVERWRITE f.p SELECT 100, 1')).rows).toEqual({
      inserted: '1',
      updated: '0',
      deleted: '2',
    });
    expect(await db.rows('SELECT id FROM f.p ORDER BY 1')).toEqual([['0'], ['2'], ['3'], ['5'], ['100']]);
    await db.run('CREATE TABLE f.u AS SELECT 1 AS x');
    await db.run('INSERT OVERWRITE TABLE f.u SELECT x + 1 FROM f.u');
    expect(await db.rows('FROM f.u')).toEqual([[2]]);
  });

  it('OVERWRITE counts the rows that a partition had, and not those that deletes had taken away', async () => {
    for (const version of [2, 3]) {
      const t = `f.deleted${version}`;
      await db.run(
        `CREATE TABLE ${t} PARTITIONED BY (g) WITH ('format-version' = ${version}, write.delete.mode = 'merge-on-read') AS SELECT range AS id, range % 2 AS g FROM range(20)`,
      );
      await db.run(`DELETE FROM ${t} WHERE id IN (1, 3, 4)`);
      expect((await db.run(`INSERT OVERWRITE ${t} SELECT 100, 1`)).rows.deleted).toBe('8');
      expect(await db.rows(`SELECT g, count(*) FROM ${t} GROUP BY g ORDER BY g`)).toEqual([
        ['0', '9'],
        ['1', '1'],
      ]);
    }
  });

  it('takes columns by name, defaults, names that need quotes, and what WITH gives', async () => {
    await db.run(`CREATE TABLE f."a b" ("select" INT, "x""y" VARCHAR, n BIGINT) WITH ('format-version' = 3)`);
    await db.run(`ALTER TABLE f."a b" ALTER COLUMN n SET DEFAULT 7`);
    await db.run(`INSERT INTO f."a b" BY NAME SELECT 'q' AS "x""y", 1 AS "SELECT"`);
    await db.run(`INSERT INTO f."a b" VALUES (2, DEFAULT, DEFAULT)`);
    await db.run(`INSERT INTO f."a b" DEFAULT VALUES`);
    await db.run(
      `WITH w AS (SELECT 3 AS i), v(j) AS (SELECT i FROM w) INSERT INTO f."a b" ("select") SELECT j FROM v -- all`,
    );
    expect(await db.rows(`SELECT * FROM f."a b" ORDER BY 1 NULLS LAST`)).toEqual([
      [1, 'q', '7'],
      [2, null, '7'],
      [3, null, '7'],
      [null, null, '7'],
    ]);
    expect(
      (
        await db.run(
          `UPDATE f."a b" SET n = DEFAULT, "x""y" = CASE WHEN n > 1 THEN 'a, b' END WHERE "select" = 2`,
        )
      ).rows.updated,
    ).toBe('1');
    expect(await db.rows(`SELECT "x""y" FROM f."a b" WHERE "select" = 2`)).toEqual([['a, b']]);
  });
});

describe('VARIANT', () => {
  it('is written and read back, null and nested values too', async () => {
    await db.run(`CREATE TABLE f.va (a INTEGER, "V" VARIANT, n INTEGER) WITH ('format-version' = 3)`);
    await db.run('INSERT INTO f.va VALUES (1, 5::VARIANT, 10), (2, NULL, 20)');
    await db.run('INSERT INTO f.va (a) VALUES (3)');
    await db.run(
      `INSERT INTO f.va BY NAME SELECT 4 + range AS a, {'x': range, 'y': ['p', 'q']}::VARIANT AS v FROM range(3)`,
    );
    await db.run('UPDATE f.va SET n = 30 WHERE a = 5');
    expect(await db.rows('SELECT a, CAST(v AS VARCHAR), n FROM f.va ORDER BY a')).toEqual([
      [1, '5', 10],
      [2, null, 20],
      [3, null, null],
      [4, "{'x': 0, 'y': [p, q]}", null],
      [5, "{'x': 1, 'y': [p, q]}", 30],
      [6, "{'x': 2, 'y': [p, q]}", null],
    ]);
    for (const { file } of await db.files('f.va')) {
      expect(file.columnSizes?.get(2)).toBeGreaterThan(0n);
      expect([...(file.valueCounts?.keys() ?? []), ...(file.lowerBounds?.keys() ?? [])]).not.toContain(2);
    }
  });
});

describe('MERGE', () => {
  it('takes all columns by name, and rows that no source has', async () => {
    await db.run(
      "CREATE TABLE f.m AS SELECT * FROM (VALUES (1, 'a', 1.5), (2, 'b', 2.5), (3, 'c', 3.5)) t(id, v, x)",
    );
    await db.run("CREATE TABLE f.s AS SELECT * FROM (VALUES ('B', 2), ('D', 4)) t(v, id)");
    const { rows } = await db.run(`WITH fresh AS (SELECT * FROM f.s)
      MERGE INTO f.m USING fresh USING (id)
      WHEN MATCHED THEN UPDATE SET *
      WHEN NOT MATCHED BY TARGET THEN INSERT *
      WHEN NOT MATCHED BY SOURCE AND m.id = 1 THEN UPDATE SET v = m.v || '?'
      WHEN NOT MATCHED BY SOURCE THEN DELETE`);
    expect(rows).toEqual({ inserted: '1', updated: '2', deleted: '1' });
    expect(await db.rows('SELECT * FROM f.m ORDER BY id')).toEqual([
      [1, 'a?', '1.5'],
      [2, 'B', '2.5'],
      [4, 'D', null],
    ]);
  });

  it('reads another time of the table that it changes', async () => {
    await db.run('CREATE TABLE f.t AS SELECT range AS id, 0 AS n FROM range(3)');
    const { snapshotId } = await db.run('UPDATE f.t SET n = 1');
    await db.run('DELETE FROM f.t WHERE id > 0');
    await db.run(
      `MERGE INTO f.t AS now USING f.t AT (VERSION => ${snapshotId}) AS old ON now.id = old.id WHEN NOT MATCHED THEN INSERT VALUES (old.id, old.n + 1)`,
    );
    expect(await db.rows('SELECT * FROM f.t ORDER BY id')).toEqual([
      ['0', 1],
      ['1', 2],
      ['2', 2],
    ]);
  });
});

describe('other statements', () => {
  it('ALTER TABLE makes all of its changes one commit', async () => {
    await db.run('CREATE TABLE f.a (id INT, at TIMESTAMP, old VARCHAR)');
    await db.run("INSERT INTO f.a VALUES (1, TIMESTAMP '2024-01-01', 'x')");
    const before = (await db.ctx.catalog.getRef('main')).hash;
    const altered = await db.run(
      `ALTER TABLE f.a ADD COLUMN place STRUCT(city VARCHAR, lat DOUBLE) COMMENT 'where' AFTER id, RENAME COLUMN old TO kind,
        ALTER COLUMN id TYPE BIGINT, ADD PARTITION FIELD month(at), SET SORTED BY (kind DESC), SET ('write.delete.mode' = 'merge-on-read')`,
    );
    const commit = await db.ctx.catalog.getCommit(altered.commit?.hash ?? '');
    expect(commit.parents).toEqual([before]);
    expect(commit.properties['timestream.statement']).toBe('alter-table');
    const { metadata } = await db.table('f.a');
    expect(currentSchema(metadata).fields.map(({ name }) => name)).toEqual(['id', 'place', 'at', 'kind']);
    expect(metadata.properties['write.delete.mode']).toBe('merge-on-read');
    await db.run("UPDATE f.a SET place = {'city': 'Oslo', 'lat': 60} WHERE id = 1");
    expect(await db.rows('SELECT id, place.city, kind FROM f.a')).toEqual([['1', 'Oslo', 'x']]);
    expect((await db.files('f.a')).map(({ file }) => file.specId)).toEqual([metadata.defaultSpecId]);
    expect((await db.run("ALTER TABLE f.a UNSET ('write.delete.mode')")).commit).toBeDefined();
  });

  it('a table of version 1 has its files rewritten, whatever its properties say', async () => {
    await db.run(
      `CREATE TABLE f.v1 WITH ('format-version' = 1, write.delete.mode = 'merge-on-read') AS SELECT range AS id FROM range(5)`,
    );
    await db.run('DELETE FROM f.v1 WHERE id = 3');
    expect((await db.files('f.v1')).flatMap(({ deletes }) => deletes)).toEqual([]);
    expect(await db.rows('SELECT count(*), sum(id) FROM f.v1')).toEqual([['4', '7']]);
  });

  it('TRUNCATE counts the rows that were left, and DROP TABLE leaves history', async () => {
    await db.run(
      `CREATE TABLE f.d WITH (write.delete.mode = 'merge-on-read') AS SELECT range AS id FROM range(5)`,
    );
    const { commit } = await db.run('DELETE FROM f.d WHERE id < 2');
    expect((await db.run('TRUNCATE TABLE f.d')).rows.deleted).toBe('3');
    expect((await db.run('TRUNCATE f.d')).commit).toBeUndefined();
    await db.run('DROP TABLE f.d');
    expect((await db.run('DROP TABLE IF EXISTS f.d')).commit).toBeUndefined();
    expect(await db.rows('SELECT count(*) FROM f.d', `main@${commit?.hash}`)).toEqual([['3']]);
    await db.run('CREATE TABLE f.d (other INT)');
    expect(await db.rows('SELECT * FROM f.d')).toEqual([]);
  });
});
