import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
});
afterAll(async () => db.close());

/** Ids of the rows that a condition keeps, and of those of which it is true. */
async function kept(table: string, condition: string) {
  const found = await db.rows(`SELECT id FROM ${table} WHERE ${condition} ORDER BY id`);
  const rows = await db.rows(`SELECT id, ${condition} AS ok FROM ${table} ORDER BY id`);
  return { found: found.flat(), meant: rows.flatMap(([id, ok]) => (ok === true ? [id] : [])) };
}

it('conditions on columns that were widened mean in old files what they mean in new ones', async () => {
  await db.run(
    "CREATE TABLE c.t (id INTEGER, f FLOAT, d DATE, i INTEGER, n DECIMAL(9, 2), s STRUCT(f FLOAT, d DATE)) WITH ('format-version' = 3)",
  );
  const values = (f: string, d: string) => `${f}, ${d}, 7, 1.50, {'f': ${f}, 'd': ${d}}`;
  await db.run(
    `INSERT INTO c.t VALUES (1, ${values('0.1', "DATE '2024-01-01'")}), (2, ${values('0.3', "DATE '2024-01-02'")})`,
  );
  for (const [column, type] of [
    ['f', 'DOUBLE'],
    ['d', 'TIMESTAMP'],
    ['i', 'BIGINT'],
    ['n', 'DECIMAL(18, 2)'],
    ['s.f', 'DOUBLE'],
    ['s.d', 'TIMESTAMP'],
  ])
    await db.run(`ALTER TABLE c.t ALTER COLUMN ${column} TYPE ${type}`);
  const check = async () => {
    for (const condition of [
      ...['f', 's.f'].flatMap((f) => [
        `${f} > 0.1::DOUBLE`,
        `${f} = 0.1::DOUBLE`,
        `${f} <> 0.1::DOUBLE`,
        `${f} IN (0.1::DOUBLE, 0.3::DOUBLE)`,
        `${f} BETWEEN 0.1::FLOAT::DOUBLE AND 0.2::DOUBLE`,
      ]),
      ...['d', 's.d'].flatMap((d) => [
        `${d} < TIMESTAMP '2024-01-01 12:00:00'`,
        `${d} <> TIMESTAMP '2024-01-01 12:00:00'`,
        `${d} >= TIMESTAMP '2024-01-01 00:00:00.000001'`,
        `${d} = TIMESTAMP '2024-01-01 00:00:00'`,
      ]),
      'i < 5000000000',
      'i <> 5000000000',
      'n < 99999999999.25::DECIMAL(18, 2)',
      'n > 1.495',
    ]) {
      const { found, meant } = await kept('c.t', condition);
      expect([condition, found]).toEqual([condition, meant]);
    }
  };
  await check();
  const later = values('0.1::DOUBLE', "TIMESTAMP '2024-01-01 12:00:00'");
  await db.run(`INSERT INTO c.t VALUES (3, ${later})`);
  await check();
  await db.run("DELETE FROM c.t WHERE d < TIMESTAMP '2024-01-01 12:00:00'");
  expect(await db.rows('SELECT id FROM c.t ORDER BY id')).toEqual([[2], [3]]);
});

it.each([
  ['INTEGER', 'BIGINT'],
  ['FLOAT', 'DOUBLE'],
  ['DECIMAL(9, 2)', 'DECIMAL(18, 2)'],
])('a column widened from %s to %s joins as one of plain tables', async (from, to) => {
  const name = from.slice(0, 3).toLowerCase();
  const statements = [
    `CREATE TABLE w.${name} AS SELECT (1 + i % 12)::${from} AS k, i::BIGINT AS id FROM range(720) t(i)`,
    `ALTER TABLE w.${name} ALTER COLUMN k TYPE ${to}`,
    `INSERT INTO w.${name} VALUES (5, 1000)`,
    `CREATE TABLE w.g_${name} AS SELECT (i % 7)::${from} AS g, i::BIGINT AS id FROM range(400) t(i)`,
  ];
  const queries = [
    `SELECT count(*)::INT, sum(id)::INT FROM w.${name} WHERE k IN (SELECT g FROM w.g_${name} WHERE id < 4)`,
    `SELECT count(*)::INT, sum(t.id)::INT FROM w.${name} t JOIN w.g_${name} o ON t.k = o.g WHERE o.id < 10`,
    `SELECT count(*)::INT, sum(t.id)::INT FROM w.g_${name} o LEFT JOIN w.${name} t ON t.k = o.g WHERE o.id < 10`,
  ];
  const changes = [
    `DELETE FROM w.${name} WHERE k IN (SELECT g FROM w.g_${name} WHERE id < 3)`,
    `MERGE INTO w.${name} t USING (SELECT DISTINCT g FROM w.g_${name} WHERE id < 6) o ON t.k = o.g
       WHEN MATCHED THEN UPDATE SET id = t.id + 10000`,
  ];
  const native = await DuckDBInstance.create(':memory:');
  const plain = await native.connect();
  try {
    await plain.run('CREATE SCHEMA w');
    for (const sql of statements) {
      await db.run(sql);
      await plain.run(sql);
    }
    const check = async () => {
      for (const sql of queries)
        expect([sql, await db.rows(sql)]).toEqual([sql, (await plain.runAndReadAll(sql)).getRowsJson()]);
    };
    await check();
    for (const sql of changes) {
      await db.run(sql);
      await plain.run(sql);
      await check();
    }
  } finally {
    plain.closeSync();
    native.closeSync();
  }
});
