import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import { currentSchema, specById } from '#server/iceberg/metadata/lookup.ts';
import { partitionValuesOf } from '#server/iceberg/partition/partition-values.ts';
import { parseValueText } from '#server/iceberg/values/parse-text.ts';
import { DmlFixture } from './testing/dml-fixture.ts';

let db: DmlFixture;
let instance: DuckDBInstance;
beforeAll(async () => {
  db = await DmlFixture.open();
  instance = await DuckDBInstance.create(':memory:');
});
afterAll(async () => {
  instance.closeSync();
  await db.close();
});

/** The rows of one file as any reader of Parquet gets them, with every value as text. */
async function readFile(location: string, items: string): Promise<Record<string, string | null>[]> {
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const path = db.ctx.io.localPath(location) ?? '';
  const result = await connection.run(
    `SELECT ${items} FROM read_parquet('${path}', file_row_number = true) ORDER BY file_row_number`,
  );
  return (await result.getRowObjectsJson()) as Record<string, string | null>[];
}

describe('files', () => {
  it('hold rows of the partition that they say, by every transform', async () => {
    await db.run(
      `CREATE TABLE w.p (i INTEGER, l BIGINT, n DECIMAL(9, 2), s VARCHAR, u UUID, b BLOB, d DATE, t TIMESTAMP, z TIMESTAMPTZ, n9 TIMESTAMP_NS)
       PARTITIONED BY (bucket(3, i), truncate(l, 10), truncate(n, 50), truncate(s, 2), bucket(2, u), truncate(b, 1), month(d), hour(t), day(z), hour(n9))
       WITH ('format-version' = 3)`,
    );
    await db.run(
      `INSERT INTO w.p SELECT r, r * -7, r * 1.37 - 20, 'é😀' || r, uuid(), encode('k' || r), DATE '1969-12-25' + r::INTEGER, TIMESTAMP '1969-12-31 20:00:00.000001' + INTERVAL (r) HOUR,
         TIMESTAMPTZ '1969-12-30 23:59:59+00' + INTERVAL (r * 7) HOUR, TIMESTAMP_NS '1969-12-31 22:59:59.999999999' + INTERVAL (r) HOUR FROM range(12) q(r)
       UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL`,
    );
    const { metadata } = await db.table('w.p');
    const schema = currentSchema(metadata);
    const files = await db.files('w.p');
    expect(files.length).toBeGreaterThan(5);
    for (const { file } of files) {
      const rows = await readFile(
        file.filePath,
        `COLUMNS(* EXCLUDE (b, file_row_number))::VARCHAR, hex(b) AS b`,
      );
      for (const row of rows) {
        const valueOf = (id: number): IcebergValue | null => {
          const field = schema.fields.find((each) => each.id === id);
          const text = row[field?.name ?? ''] ?? null;
          return text === null ? null : parseValueText(field?.type as string, text);
        };
        expect(file.partition).toEqual(partitionValuesOf(specById(metadata, file.specId), schema, valueOf));
      }
    }
  });

  it('are sorted as the table is, and of about its target size', async () => {
    await db.run(
      `CREATE TABLE w.s SORTED BY (g DESC NULLS LAST, x) WITH (write.target-file-size-bytes = 20000)
       AS SELECT (hash(range) % 5)::INTEGER AS g, hash(range + 1)::DECIMAL(20, 0) AS x FROM range(300000)`,
    );
    const files = await db.files('w.s');
    expect(files.length).toBeGreaterThan(1);
    for (const { file } of files) {
      expect(file.sortOrderId).toBe(1);
      const rows = await readFile(file.filePath, 'g, x');
      const sorted = rows.every((row, at) => {
        const before = rows[at - 1] ?? row;
        const [a, b] = [Number(before['g']), Number(row['g'])];
        return a > b || (a === b && BigInt(before['x'] ?? 0) <= BigInt(row['x'] ?? 0));
      });
      expect(sorted).toBe(true);
    }
  });

  it.each(['copy-on-write', 'merge-on-read'])(
    'keep the ids of rows that stay or change, %s',
    async (mode) => {
      const t = `w.l_${mode.replaceAll('-', '_')}`;
      await db.run(
        `CREATE TABLE ${t} WITH ('format-version' = 3, write.delete.mode = '${mode}', write.update.mode = '${mode}') AS SELECT range AS id, 0 AS n FROM range(6)`,
      );
      const lineage = async () => {
        const found = new Map<string, readonly [bigint, bigint]>();
        for (const { file, sequenceNumber, deletes } of await db.files(t)) {
          expect(deletes.every((each) => each.file.fileFormat === 'PUFFIN')).toBe(true);
          const columns = await readFile(file.filePath, '*');
          const held = '_row_id' in (columns[0] ?? {});
          for (const row of columns) {
            const own = (held ? row['_row_id'] : null) ?? null;
            const updated = (held ? row['_last_updated_sequence_number'] : null) ?? null;
            found.set(`${row['id']}/${row['n']}`, [
              own === null ? (file.firstRowId ?? -1n) + BigInt(row['file_row_number'] ?? 0) : BigInt(own),
              updated === null ? sequenceNumber : BigInt(updated),
            ]);
          }
        }
        return found;
      };
      const before = await lineage();
      await db.run(`UPDATE ${t} SET n = n + 1 WHERE id IN (1, 4)`);
      await db.run(`DELETE FROM ${t} WHERE id = 0`);
      await db.run(`INSERT INTO ${t} VALUES (9, 0)`);
      const after = await lineage();
      for (const id of [2, 3, 5]) expect(after.get(`${id}/0`)).toEqual(before.get(`${id}/0`));
      for (const id of [1, 4]) expect(after.get(`${id}/1`)).toEqual([before.get(`${id}/0`)?.[0], 2n]);
      const ids = [...before.values()].map(([rowId]) => rowId);
      expect(new Set(ids).size).toBe(6);
      expect(ids).not.toContain(after.get('9/0')?.[0]);
    },
  );

  it('go whole where nothing of them is left, without delete files', async () => {
    await db.run(
      `CREATE TABLE w.g PARTITIONED BY (g) WITH (write.delete.mode = 'merge-on-read') AS SELECT range AS id, range % 3 AS g FROM range(9)`,
    );
    await db.run('DELETE FROM w.g WHERE g = 1 AND id >= 0');
    const files = await db.files('w.g');
    expect(files.map(({ deletes }) => deletes.length)).toEqual([0, 0]);
  });
});

describe('DELETE by metadata alone', () => {
  it.each([
    ['g = 1', '3'],
    ['g = 1 OR g IS NULL', '4'],
    ['g >= 1 AND g < 2 AND NOT (id < 0)', '3'],
    [`id > 100`, '0'],
  ])('%s reads no file of which it takes all rows', async (where, deleted) => {
    const t = 'w.meta';
    await db.run(
      `CREATE OR REPLACE TABLE ${t} PARTITIONED BY (g) AS SELECT range AS id, range % 3 AS g FROM range(9) UNION ALL SELECT 50, NULL`,
    );
    for (const { file } of await db.files(t))
      if ([1, 1n, null].includes(file.partition.get(1000) as bigint | null))
        await db.ctx.io.delete(file.filePath);
    expect((await db.run(`DELETE FROM ${t} WHERE ${where}`)).rows.deleted).toBe(deleted);
  });

  it('looks at the rows where it is not proven', async () => {
    await db.run(
      `CREATE TABLE w.part PARTITIONED BY (g) AS SELECT range AS id, range % 3 AS g, 'v' || range AS v FROM range(9)`,
    );
    await db.run(
      "DELETE FROM w.part WHERE g = 1 AND length(v) = 2 AND id <> 4 AND v <> 'x\n''y' AND random() >= 0",
    );
    expect(await db.rows('SELECT id FROM w.part WHERE g = 1')).toEqual([['4']]);
    await db.run("DELETE FROM w.part WHERE g = 2 AND v = 'a\nb'");
    expect(await db.rows('SELECT count(*) FROM w.part')).toEqual([['7']]);
  });
});

describe('writers at once', () => {
  it.each(['copy-on-write', 'merge-on-read'])('all count, %s', async (mode) => {
    const t = `w.n_${mode.replaceAll('-', '_')}`;
    await db.run(`CREATE TABLE ${t} WITH (write.update.mode = '${mode}') AS SELECT 0 AS n, 'a' AS who`);
    await Promise.all([
      db.run(`UPDATE ${t} SET n = n + 1 WHERE who = 'a'`),
      db.run(`UPDATE ${t} SET n = n + 10 WHERE who = 'a'`),
      db.run(`INSERT INTO ${t} VALUES (5, 'b')`),
      db.run(`UPDATE ${t} SET n = n + 100 WHERE who = 'a'`),
    ]);
    expect(await db.rows(`SELECT * FROM ${t} ORDER BY who`)).toEqual([
      [111, 'a'],
      [5, 'b'],
    ]);
  });
});
