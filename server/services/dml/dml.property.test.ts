import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DmlFixture } from './testing/dml-fixture.ts';

let db: DmlFixture;
let instance: DuckDBInstance;
let model: DuckDBConnection;
beforeAll(async () => {
  db = await DmlFixture.open();
  instance = await DuckDBInstance.create(':memory:');
  model = await instance.connect();
});
afterAll(async () => {
  model.closeSync();
  instance.closeSync();
  await db.close();
});

const COLUMNS = '(id BIGINT, g INTEGER, v VARCHAR, x DOUBLE, d DATE)';
const id = fc.integer({ min: 0, max: 12 });
const group = fc.option(fc.integer({ min: -2, max: 3 }));
const text = fc.constantFrom('NULL', "''", "'ä b'", "'it''s'", "'zz'", "'😀x'");
const number = fc.constantFrom('NULL', '0', '-1.5', "'nan'::DOUBLE", '1e300', '-0.0');
const date = fc.constantFrom('NULL', "DATE '1969-12-31'", "DATE '2024-02-29'", "DATE '2024-03-01'");
const row = fc
  .tuple(id, group, text, number, date)
  .map(([i, g, v, x, d]) => `(${i}, ${g ?? 'NULL'}, ${v}, ${x}, ${d})`);
const rows = fc.array(row, { minLength: 1, maxLength: 6 }).map((all) => all.join(', '));
const condition = fc.oneof(
  id.map((i) => `id = ${i}`),
  id.map((i) => `id > ${i}`),
  group.map((g) => (g === null ? 'g IS NULL' : `g <= ${g}`)),
  text.map((v) => `v IS NOT DISTINCT FROM ${v}`),
  date.map((d) => `d < ${d}`),
  fc.constantFrom(
    'true',
    'false',
    "x = 'nan'::DOUBLE",
    'x < 0',
    'id IN (SELECT g FROM {t})',
    'NOT (g = 1)',
    'length(v) = 2',
  ),
);
/** Sources give each id once, so that it is said what becomes of a row. */
const source = fc
  .uniqueArray(id, { minLength: 1, maxLength: 5 })
  .chain((ids) => fc.tuple(...ids.map((i) => fc.tuple(fc.constant(i), text, group))))
  .map(
    (all) =>
      `(SELECT * FROM (VALUES ${all.map(([i, v, g]) => `(${i}, ${v}, ${g ?? 'NULL'}::INTEGER)`).join(', ')}) AS w(k, w, h))`,
  );
const statement = fc.oneof(
  rows.map((all) => `INSERT INTO {t} VALUES ${all}`),
  rows.map((all) => `INSERT INTO {t} (v, id) SELECT v, id + 1 FROM (VALUES ${all}) AS q(id, g, v, x, d)`),
  condition.map((where) => `DELETE FROM {t} WHERE ${where}`),
  fc
    .tuple(source, condition)
    .map(([s, where]) => `DELETE FROM {t} AS t USING ${s} AS s WHERE t.id = s.k AND (${where})`),
  condition.map((where) => `UPDATE {t} SET g = g + 1, v = v || '!' WHERE ${where}`),
  condition.map((where) => `UPDATE {t} SET id = g, g = id, x = NULL WHERE ${where}`),
  source.map((s) => `UPDATE {t} AS t SET v = s.w, d = d + 1 FROM ${s} AS s WHERE t.id = s.k`),
  fc.tuple(source, fc.boolean(), fc.boolean()).map(
    ([s, inserts, removes]) => `MERGE INTO {t} AS t USING ${s} AS s ON t.id = s.k
      WHEN MATCHED AND s.w IS NULL THEN DELETE
      WHEN MATCHED AND t.g IS NULL THEN DO NOTHING
      WHEN MATCHED THEN UPDATE SET v = s.w, g = s.h
      ${inserts ? 'WHEN NOT MATCHED THEN INSERT (id, v, g) VALUES (s.k, s.w, s.h)' : ''}
      ${removes ? 'WHEN NOT MATCHED BY SOURCE AND t.x < 0 THEN DELETE' : ''}`,
  ),
  fc.constant('DELETE FROM {t}'),
);
const LAYOUTS = [
  '',
  'PARTITIONED BY (g) SORTED BY (id DESC)',
  'PARTITIONED BY (bucket(3, id), day(d))',
  'PARTITIONED BY (truncate(v, 1), year(d)) SORTED BY (v, x)',
  'PARTITIONED BY (x)',
];
let made = 0;

it.each([
  [2, 'copy-on-write'],
  [2, 'merge-on-read'],
  [3, 'copy-on-write'],
  [3, 'merge-on-read'],
])(
  'a table of v%i that is changed %s has the rows of a DuckDB table changed alike',
  async (version, mode) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...LAYOUTS),
        fc.array(statement, { minLength: 1, maxLength: 7 }),
        async (layout, statements) => {
          const ours = `random.t${made++}`;
          await model.run(`CREATE OR REPLACE TABLE m ${COLUMNS}`);
          await db.run(
            `CREATE TABLE ${ours} ${COLUMNS} ${layout} WITH ('format-version' = ${version}, write.delete.mode = '${mode}', write.update.mode = '${mode}', write.merge.mode = '${mode}')`,
          );
          for (const sql of [
            "INSERT INTO {t} VALUES (1, 1, 'a', 1, NULL), (2, 2, 'b', -1, DATE '2024-02-29'), (2, NULL, NULL, 0, NULL)",
            ...statements,
          ]) {
            const theirs = await model.run(sql.replaceAll('{t}', 'm'));
            const { rows } = await db.run(sql.replaceAll('{t}', ours));
            const [[count]] = (await theirs.getRowsJson()) as [[string]];
            expect(String(BigInt(rows.inserted) + BigInt(rows.updated) + BigInt(rows.deleted)), sql).toBe(
              count,
            );
            const all = 'ORDER BY ALL';
            expect(await db.rows(`SELECT * FROM ${ours} ${all}`), sql).toEqual(
              await (await model.run(`SELECT * FROM m ${all}`)).getRowsJson(),
            );
          }
        },
      ),
      { numRuns: 12 },
    );
  },
  120_000,
);
