import { writeFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NAME_MAPPING_PROPERTY } from '#shared/iceberg/files/name-mapping.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import { currentSchema } from '../../iceberg/metadata/lookup.ts';
import { avroFile } from '../testing/avro-files.ts';
import { asAvro } from '../testing/delete-files.ts';
import { TableFixture } from '../testing/table-fixture.ts';

let tables: TableFixture;

beforeAll(async () => {
  tables = await TableFixture.open();
});
afterAll(() => tables.close());

/** The table with other columns from now on. */
function evolve(
  name: string,
  change: (fields: readonly NestedField[]) => readonly NestedField[],
): TableMetadata {
  const metadata = tables.table(name);
  const schema = currentSchema(metadata);
  const next = { ...schema, schemaId: schema.schemaId + 1, fields: change(schema.fields) };
  const evolved = { ...metadata, schemas: [...metadata.schemas, next], currentSchemaId: next.schemaId };
  tables.replace(name, evolved);
  return evolved;
}

const optional = (id: number, name: string, type: NestedField['type']): NestedField => ({
  id,
  name,
  required: false,
  type,
});

describe('a column that a file was written without', () => {
  it('has its initial default in both engines’ plans, which pruning knows of', async () => {
    await tables.append('defaults', 'SELECT 1 AS a');
    evolve('defaults', (fields) => [
      ...fields,
      { ...optional(2, 'b', 'long'), initialDefault: 7 },
      {
        ...optional(3, 'c', {
          type: 'struct',
          fields: [{ ...optional(4, 'd', 'date'), initialDefault: '2020-02-29' }],
        }),
        initialDefault: {},
      },
      optional(5, 'e', 'unknown'),
    ]);
    await tables.append('defaults', "SELECT 2 AS a, 8 AS b, {'d': NULL::DATE} AS c");
    expect((await tables.run('SELECT a, b, c::VARCHAR, e FROM defaults ORDER BY a')).rows).toEqual([
      [1, '7', "{'d': 2020-02-29}", null],
      [2, '8', "{'d': NULL}", null],
    ]);
    expect((await tables.run('SELECT a FROM defaults WHERE b = 7')).rows).toEqual([[1]]);
    expect((await tables.run("SELECT a FROM defaults WHERE c.d = DATE '2020-02-29'")).rows).toEqual([[1]]);
    const { plan } = await tables.plan('SELECT b FROM defaults');
    expect(plan.engine).toMatchObject({ choice: 'browser', browserCapable: true });
    expect(plan.scans[0]?.columns[0]).toMatchObject({ type: 'long', initialDefault: 7 });
  });

  it('is asked of the file where its sizes and the snapshot’s schema do not agree that it lacks it', async () => {
    const metadata = await tables.append('sizes', 'SELECT 1 AS a, 2 AS b');
    const [file] = await tables.write(metadata, 'SELECT 3 AS a, 4 AS b');
    if (file === undefined) throw new Error('nothing was written');
    const withoutB = { ...file, columnSizes: new Map([[1, 40n]]), nullValueCounts: new Map() };
    await tables.commit('sizes', [withoutB]);
    expect((await tables.run('SELECT a, b FROM sizes ORDER BY a')).rows).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});

describe('a column that was required when files were written', () => {
  it('may be NULL in files that come later, in both formats, and in no file before', async () => {
    const required = { ...optional(2, 'b', 'int'), required: true };
    await tables.append('relaxed', 'SELECT 1 AS a, 10 AS b');
    evolve('relaxed', ([a]) => [a as NestedField, required]);
    const strict = tables.table('relaxed');
    await expect(tables.write(strict, 'SELECT 2 AS a, NULL AS b')).rejects.toMatchObject({
      code: 'SCHEMA_MISMATCH',
    });
    const [written] = await tables.write(strict, 'SELECT 2 AS a, 20 AS b');
    if (written === undefined) throw new Error('nothing was written');
    const { fields } = currentSchema(strict);
    await tables.commit('relaxed', [await asAvro(tables, written, { fields, rows: [{ 1: '2', 2: '20' }] })]);

    evolve('relaxed', ([a]) => [a as NestedField, { ...required, required: false }]);
    await tables.append('relaxed', 'SELECT 3 AS a, NULL::INTEGER AS b');
    const relaxed = currentSchema(tables.table('relaxed'));
    const [last] = await tables.write(tables.table('relaxed'), 'SELECT 4 AS a, 40 AS b');
    if (last === undefined) throw new Error('nothing was written');
    await tables.commit('relaxed', [
      await asAvro(tables, last, { fields: relaxed.fields, rows: [{ 1: '4', 2: null }] }),
    ]);
    const all = [
      [1, 10],
      [2, 20],
      [3, null],
      [4, null],
    ];
    expect((await tables.run('SELECT a, b FROM relaxed ORDER BY a')).rows).toEqual(all);
    expect((await tables.run('SELECT a FROM relaxed WHERE b IS NOT NULL ORDER BY a')).rows).toEqual([
      [1],
      [2],
    ]);
    // What the last file's manifest counts is of the Parquet file that it was made from.
    expect((await tables.run('SELECT count(b + 0), count(*) FROM relaxed')).rows).toEqual([['2', '4']]);
  });
});

describe('a file that another program added to a table', () => {
  it('is read by the name mapping, and takes what it lacks from its partition', async () => {
    const metadata = await tables.append('added', "SELECT 1 AS id, 'eu' AS region, {'x': 5} AS s");
    const partitioned: TableMetadata = {
      ...metadata,
      partitionSpecs: [
        ...metadata.partitionSpecs,
        { specId: 1, fields: [{ sourceId: 2, fieldId: 1000, name: 'region', transform: 'identity' }] },
      ],
      defaultSpecId: 1,
      lastPartitionId: 1000,
      properties: {
        [NAME_MAPPING_PROPERTY]: JSON.stringify([
          { 'field-id': 1, names: ['id', 'old_id'] },
          { 'field-id': 2, names: ['region'] },
          { 'field-id': 3, names: ['s'], fields: [{ 'field-id': 4, names: ['old_x'] }] },
        ]),
      },
    };
    tables.replace('added', partitioned);
    const [written] = await tables.write(metadata, "SELECT 0 AS id, '' AS region, {'x': 0} AS s");
    if (written === undefined) throw new Error('nothing was written');
    const path = tables.io.localPath(written.filePath) ?? '';
    await copyWithoutIds("SELECT {'old_x': 9, 'y': 1} AS s, 2 AS old_id", path);
    const { columnSizes, nullValueCounts, lowerBounds, upperBounds, valueCounts, ...plain } = written;
    expect([columnSizes, nullValueCounts, lowerBounds, upperBounds, valueCounts]).not.toContain(undefined);
    await tables.commit('added', [{ ...plain, specId: 1, partition: new Map([[1000, 'us']]) }]);
    const { rows } = await tables.run('SELECT id, region, s::VARCHAR FROM added ORDER BY id');
    expect(rows).toEqual([
      [1, 'eu', "{'x': 5}"],
      [2, 'us', "{'x': 9}"],
    ]);
  });

  it('is read as Avro, with the rows that stand in it', async () => {
    const metadata = await tables.append('avro', "SELECT 1 AS id, ['a'] AS l");
    const [written] = await tables.write(metadata, "SELECT 2 AS id, ['b'] AS l UNION ALL SELECT 3, NULL");
    if (written === undefined) throw new Error('nothing was written');
    const filePath = written.filePath.replace('.parquet', '.avro');
    const bytes = avroFile({
      fields: currentSchema(metadata).fields,
      rows: [
        { 1: '2', 2: ['b', null] },
        { 1: '3', 2: null },
      ],
    });
    await writeFile(tables.io.localPath(filePath) ?? '', bytes);
    await tables.commit('avro', [
      { ...written, filePath, fileFormat: 'AVRO', fileSizeInBytes: BigInt(bytes.length) },
    ]);
    expect((await tables.run('SELECT id, l::VARCHAR FROM avro ORDER BY id')).rows).toEqual([
      [1, '[a]'],
      [2, '[b, NULL]'],
      [3, null],
    ]);
  });
});

async function copyWithoutIds(query: string, path: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
  instance.closeSync();
}
