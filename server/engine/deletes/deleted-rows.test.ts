import { readFile, unlink, writeFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';
import { planFiles } from '../../iceberg/scan/plan-files.ts';
import {
  asAvro,
  deletionVector,
  equalityDeletes,
  POSITION_SCHEMA,
  positionDeletes,
} from '../testing/delete-files.ts';
import { TableFixture } from '../testing/table-fixture.ts';

let tables: TableFixture;

beforeAll(async () => {
  tables = await TableFixture.open();
});
afterAll(() => tables.close());

async function filesOf(name: string): Promise<readonly DataFile[]> {
  const { files } = await planFiles({ io: tables.io, metadata: tables.table(name) });
  return files.map(({ file }) => file).sort((a, b) => Number(b.recordCount - a.recordCount));
}

async function onlyFile(name: string): Promise<DataFile> {
  return (await filesOf(name))[0] as DataFile;
}

async function upgrade(name: string): Promise<TableMetadata> {
  tables.replace(name, { ...tables.table(name), formatVersion: 3, nextRowId: 0n });
  return tables.table(name);
}

async function deleteEqual(
  name: string,
  query: string,
  ids: readonly number[],
  schema?: Schema,
): Promise<void> {
  await tables.commit(name, [await equalityDeletes(tables, tables.table(name), query, ids, schema)]);
}

const column = async (sql: string) => (await tables.run(sql)).rows.map(([value]) => value);

describe('position deletes', () => {
  it('are left out of every kind of scan, and only from the file they name', async () => {
    await tables.append('p', 'SELECT i::INTEGER AS a, i % 3 AS b FROM range(10) t(i)');
    const first = await onlyFile('p');
    await tables.append('p', 'SELECT (100 + i)::INTEGER AS a, 0::BIGINT AS b FROM range(5) t(i)');
    const rows = [0, 4, 9].map((position) => ({ path: first.filePath, position }));
    await tables.commit('p', [await positionDeletes(tables, tables.table('p'), rows)]);

    expect(await column('SELECT a FROM p ORDER BY a')).toEqual([
      1, 2, 3, 5, 6, 7, 8, 100, 101, 102, 103, 104,
    ]);
    expect(await column('SELECT count(*) FROM p')).toEqual(['12']);
    expect(await column('SELECT count(*) FROM p WHERE a < 100 AND b = 0')).toEqual(['2']);
    expect(await column('SELECT max(a) FROM p WHERE a < 100')).toEqual([8]);
    expect(await column('SELECT min(a) FROM p')).toEqual([1]);
    expect(await column('SELECT 1 FROM p')).toHaveLength(12);
  });

  it('name files with or without scheme and authority, in any of several delete files, more than once', async () => {
    await tables.append('s', 'SELECT i AS a FROM range(6) t(i)');
    const { filePath } = await onlyFile('s');
    const bare = filePath.replace(/^file:\/\//, '');
    const metadata = tables.table('s');
    await tables.commit('s', [
      await positionDeletes(tables, metadata, [{ path: bare, position: 0 }]),
      await positionDeletes(tables, metadata, [
        { path: `file:${bare}`, position: 2 },
        { path: filePath, position: 2 },
        { path: `${filePath}.other`, position: 3 },
      ]),
    ]);
    expect(await column('SELECT a FROM s')).toEqual(['1', '3', '4', '5']);
  });

  it('are found by the names of their columns in files without field ids', async () => {
    await tables.append('named', 'SELECT i AS a FROM range(6) t(i)');
    const { filePath } = await onlyFile('named');
    const file = await positionDeletes(tables, tables.table('named'), [{ path: filePath, position: 2 }]);
    const path = tables.io.localPath(file.filePath) ?? '';
    const foreign = await DuckDBInstance.create(':memory:');
    const connection = await foreign.connect();
    await connection.run(
      `COPY (SELECT 2::BIGINT AS pos, '${filePath}' AS file_path) TO '${path}' (FORMAT parquet)`,
    );
    await tables.commit('named', [file]);
    expect(await column('SELECT a FROM named')).toEqual(['0', '1', '3', '4', '5']);

    const other = await positionDeletes(tables, tables.table('named'), [{ path: filePath, position: 3 }]);
    const otherPath = tables.io.localPath(other.filePath) ?? '';
    await connection.run(
      `COPY (SELECT 3::BIGINT AS position, '${filePath}' AS file_path) TO '${otherPath}' (FORMAT parquet)`,
    );
    foreign.closeSync();
    await tables.commit('named', [other]);
    await expect(tables.run('FROM named')).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      context: { path: otherPath, fieldId: 2147483545 },
    });
  });

  it('leave an empty table where every row is deleted', async () => {
    await tables.append('none', 'SELECT i AS a FROM range(3) t(i)');
    const { filePath } = await onlyFile('none');
    const rows = [0, 1, 2].map((position) => ({ path: filePath, position }));
    await tables.commit('none', [await positionDeletes(tables, tables.table('none'), rows)]);
    expect(await column('SELECT count(*) FROM none')).toEqual(['0']);
    expect(await column('FROM none')).toEqual([]);
  });

  it('keep the order of a file’s rows', async () => {
    await tables.append('o', 'SELECT i AS a FROM range(300000) t(i)');
    const { filePath } = await onlyFile('o');
    const rows = [0, 1, 150000].map((position) => ({ path: filePath, position }));
    await tables.commit('o', [await positionDeletes(tables, tables.table('o'), rows)]);
    expect(await column('SELECT a FROM o LIMIT 2')).toEqual(['2', '3']);
    expect(
      await column('SELECT count(*) FILTER (d <> 1) FROM (SELECT a - lag(a) OVER () AS d FROM o)'),
    ).toEqual(['1']);
  });
});

describe('deletion vectors', () => {
  it('are left out, and another snapshot of the same files has its own', async () => {
    await tables.append('v', 'SELECT i AS a FROM range(100000) t(i)');
    const metadata = await upgrade('v');
    const data = await onlyFile('v');
    const before = metadata.currentSnapshotId;
    const even = Array.from({ length: 50_000 }, (_, i) => i * 2);
    await tables.commit('v', [await deletionVector(tables, metadata, data, even)]);
    expect(await column('SELECT count(*) FROM v')).toEqual(['50000']);
    expect(await column('SELECT sum(a % 2) FROM v')).toEqual(['50000']);
    expect(await column(`SELECT count(*) FROM v AT (VERSION => '${before}')`)).toEqual(['100000']);
    expect(await column(`SELECT count(*) FROM v AT (VERSION => '${before}') ANTI JOIN v USING (a)`)).toEqual([
      '50000',
    ]);
  });

  it('make plans of their own: other views, other ids, more bytes', async () => {
    const old = await tables.plan(`FROM v AT (VERSION => '${tables.table('v').snapshots[0]?.snapshotId}')`);
    const now = await tables.plan('FROM v');
    expect(now.plan.scans[0]?.view).not.toBe(old.plan.scans[0]?.view);
    expect(now.plan.id).not.toBe(old.plan.id);
    expect(now.plan.bytes).toBe(old.plan.bytes + 4 * 50_000);
    expect(old.plan.scans[0]?.files[0]).not.toHaveProperty('deletes');
    const deletes = now.plan.scans[0]?.files[0]?.deletes;
    expect(deletes).toMatchObject({ rows: 50_000, url: `/deletes/${deletes?.id}` });
  });
});

describe('equality deletes', () => {
  it('delete older rows that equal in every column; NULL equals NULL', async () => {
    await tables.append(
      'e',
      "SELECT * FROM (VALUES (1, 'x'), (1, NULL), (NULL, 'x'), (NULL, NULL), (2, 'x')) t(a, b)",
    );
    await deleteEqual('e', "SELECT * FROM (VALUES (1, 'x'), (NULL, NULL), (7, 'z')) t(a, b)", [1, 2]);
    await tables.append('e', "SELECT 1 AS a, 'x' AS b");
    expect((await tables.run('SELECT a, b FROM e ORDER BY a NULLS FIRST, b NULLS FIRST')).rows).toEqual([
      [null, 'x'],
      [1, null],
      [1, 'x'],
      [2, 'x'],
    ]);
  });

  it('hold by field id: after a rename and another column of the old name, a promotion, and a drop', async () => {
    await tables.append(
      'r',
      'SELECT i::INTEGER AS k, i::INTEGER AS gone, (i * 10)::INTEGER AS v FROM range(5) t(i)',
    );
    const old = tables.table('r').schemas[0] as Schema;
    await deleteEqual('r', 'SELECT 0 AS k', [1]);
    await deleteEqual('r', 'SELECT 1 AS gone', [2]);
    evolve('r', [
      { id: 1, name: 'key', required: false, type: 'long' },
      { id: 3, name: 'v', required: false, type: 'int' },
      { id: 4, name: 'k', required: false, type: 'int' },
    ]);
    await deleteEqual('r', 'SELECT 2::BIGINT AS "key"', [1]);
    await deleteEqual('r', 'SELECT 3 AS gone', [2], old);
    expect(await column('SELECT v FROM r')).toEqual([40]);
  });

  it('find a column that a file lacks to be NULL, or its initial default', async () => {
    await tables.append('l', 'SELECT i AS a FROM range(3) t(i)');
    evolve('l', [
      { id: 1, name: 'a', required: false, type: 'long' },
      { id: 2, name: 'b', required: false, type: 'int' },
      { id: 3, name: 'c', required: false, type: 'int', initialDefault: 9 },
    ]);
    await tables.append('l', 'SELECT 7::BIGINT AS a, 5 AS b, 9 AS c');
    await deleteEqual('l', 'SELECT NULL::INTEGER AS b, 0::BIGINT AS a', [1, 2]);
    expect(await column('SELECT a FROM l ORDER BY a')).toEqual(['1', '2', '7']);
    await deleteEqual('l', 'SELECT 9 AS c, 2::BIGINT AS a', [1, 3]);
    expect(await column('SELECT a FROM l ORDER BY a')).toEqual(['1', '7']);
  });

  it('tell 0.0 from -0.0, and find NaN', async () => {
    await tables.append('f', "SELECT unnest([0.0::DOUBLE, '-0.0'::DOUBLE, 'NaN'::DOUBLE, 1.5]) AS x");
    await deleteEqual('f', "SELECT unnest([0.0::DOUBLE, 'NaN'::DOUBLE]) AS x", [1]);
    expect(await column('SELECT x::VARCHAR FROM f')).toEqual(['-0.0', '1.5']);
  });

  it('look into structs', async () => {
    await tables.append('n', "SELECT {'id': i, 'name': 'n' || i} AS who FROM range(4) t(i)");
    const id = idOf('n', 'who', 'id');
    await deleteEqual('n', "SELECT {'id': 2::BIGINT, 'name': 'whoever'} AS who", [id]);
    expect(await column('SELECT who.name FROM n')).toEqual(['n0', 'n1', 'n3']);
  });

  it('go together with deletes by position and by other columns', async () => {
    await tables.append('m', 'SELECT i AS a, i % 5 AS b FROM range(20) t(i)');
    const { filePath } = await onlyFile('m');
    const metadata = tables.table('m');
    await tables.commit('m', [
      await equalityDeletes(tables, metadata, 'SELECT 3::BIGINT AS b', [2]),
      await equalityDeletes(tables, metadata, 'SELECT unnest([0, 3, 4])::BIGINT AS a', [1]),
      await positionDeletes(tables, metadata, [{ path: filePath, position: 19 }]),
    ]);
    expect(await column('SELECT a FROM m')).toEqual(
      [1, 2, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17].map(String),
    );
  });
});

describe('delete files in Avro', () => {
  it('delete as those in Parquet do, by position and by value', async () => {
    await tables.append('avro', 'SELECT i::INTEGER AS a, NULLIF(i % 4, 3)::INTEGER AS b FROM range(12) t(i)');
    const { filePath } = await onlyFile('avro');
    const metadata = tables.table('avro');
    const positions = await positionDeletes(tables, metadata, [{ path: filePath, position: 5 }]);
    const equal = await equalityDeletes(tables, metadata, 'SELECT unnest([0, NULL])::INTEGER AS b', [2]);
    const b = metadata.schemas[0]?.fields[1] as NestedField;
    await tables.commit('avro', [
      await asAvro(tables, positions, {
        fields: POSITION_SCHEMA.fields,
        rows: [{ 2147483546: filePath, 2147483545: '5' }],
      }),
      await asAvro(tables, equal, { fields: [b], rows: [{ 2: '0' }, { 2: null }] }),
    ]);
    expect(await column('SELECT a FROM avro')).toEqual([1, 2, 6, 9, 10]);
  });
});

describe('a delete file that is not what the table says', () => {
  const spoilt = async (name: string, how: (path: string, bytes: Buffer) => Promise<void>) => {
    await tables.append(name, 'SELECT i AS a FROM range(1000) t(i)');
    const { filePath } = await onlyFile(name);
    const metadata = tables.table(name);
    const rows = Array.from({ length: 500 }, (_, position) => ({ path: filePath, position }));
    const file = await positionDeletes(tables, metadata, rows);
    await tables.commit(name, [file]);
    const path = tables.io.localPath(file.filePath) ?? '';
    await how(path, await readFile(path));
    return path;
  };

  it.each<[string, (path: string, bytes: Buffer) => Promise<void>, string]>([
    ['gone', async (path) => unlink(path), 'FILE_NOT_FOUND'],
    ['cut', async (path, bytes) => writeFile(path, bytes.subarray(0, bytes.length / 2)), 'CORRUPT_FILE'],
    ['text', async (path) => writeFile(path, 'file_path,pos\n'.repeat(40)), 'CORRUPT_FILE'],
    ['torn', async (path, bytes) => writeFile(path, bytes.fill(0x5a, 4, bytes.length >> 1)), 'CORRUPT_FILE'],
  ])('%s: is named', async (name, how, code) => {
    const path = await spoilt(`bad_${name}`, how);
    await expect(tables.run(`SELECT count(*) FROM bad_${name}`)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(path) as string,
    });
  });

  it('is named where its number of rows is another', async () => {
    await tables.append('count', 'SELECT i AS a FROM range(9) t(i)');
    const { filePath } = await onlyFile('count');
    const file = await positionDeletes(tables, tables.table('count'), [{ path: filePath, position: 1 }]);
    await tables.commit('count', [{ ...file, recordCount: 2n }]);
    await expect(tables.run('FROM count')).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
  });

  it.each([
    ['position deletes', 2, 9],
    ['a deletion vector', 3, 12],
  ])('is named where %s point beyond the file', async (_, version, position) => {
    const name = `beyond_${version}`;
    await tables.append(name, 'SELECT i AS a FROM range(9) t(i)');
    const data = await onlyFile(name);
    const metadata = version === 3 ? await upgrade(name) : tables.table(name);
    const file =
      version === 3
        ? await deletionVector(tables, metadata, data, [position])
        : await positionDeletes(tables, metadata, [{ path: data.filePath, position }]);
    await tables.commit(name, [file]);
    await expect(tables.run(`FROM ${name}`)).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      message: expect.stringMatching(
        new RegExp(`${file.filePath} deletes row ${position} .* 9 rows`),
      ) as string,
    });
  });

  it('is named where it lacks the columns that it deletes by', async () => {
    await tables.append('lacks', 'SELECT i AS a, i AS b FROM range(9) t(i)');
    const file = await equalityDeletes(tables, tables.table('lacks'), 'SELECT 1::BIGINT AS b', [2]);
    await tables.commit('lacks', [{ ...file, equalityIds: [1] }]);
    await expect(tables.run('FROM lacks')).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      message: expect.stringContaining(tables.io.localPath(file.filePath) ?? '') as string,
    });
  });

  it('is named where it deletes by a field that no schema has', async () => {
    await tables.append('field', 'SELECT i AS a FROM range(9) t(i)');
    const file = await equalityDeletes(tables, tables.table('field'), 'SELECT 1::BIGINT AS a', [1]);
    await tables.commit('field', [{ ...file, equalityIds: [77] }]);
    await expect(tables.run('FROM field')).rejects.toMatchObject({
      code: 'CORRUPT_METADATA',
      message: expect.stringMatching(/the field 77/) as string,
    });
  });
});

function evolve(name: string, fields: readonly NestedField[]): void {
  const metadata = tables.table(name);
  const schemaId = metadata.schemas.length;
  tables.replace(name, {
    ...metadata,
    currentSchemaId: schemaId,
    schemas: [...metadata.schemas, { schemaId, fields, identifierFieldIds: [] }],
  });
}

function idOf(name: string, columnName: string, inner: string): number {
  const type = tables.table(name).schemas[0]?.fields.find((field) => field.name === columnName)?.type;
  if (typeof type !== 'object' || type.type !== 'struct') throw new Error('no struct');
  return type.fields.find((field) => field.name === inner)?.id ?? -1;
}
