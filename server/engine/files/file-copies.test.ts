import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assignFreshIds } from '#shared/iceberg/schema.ts';
import { createTableMetadata } from '../../iceberg/metadata/create.ts';
import { appendFiles } from '../../iceberg/transaction/append-files.ts';
import { avroFile } from '../testing/avro-files.ts';
import { TableFixture } from '../testing/table-fixture.ts';
import { FileCopies } from './file-copies.ts';
import { copyWithoutUtc, markUtc } from './parquet-utc.ts';

const ID = { id: 1, name: 'row_id', required: true, type: 'long' };
const VALUE = '2024-02-29 12:34:56.123456789';

let folder: string;
let instance: DuckDBInstance;
let connection: DuckDBConnection;
let tables: TableFixture;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-copies-'));
  instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  tables = await TableFixture.open();
});
afterAll(async () => {
  await tables.close();
  connection.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true });
});

async function rows(sql: string): Promise<unknown[][]> {
  return (await connection.run(sql)).getRowsJson();
}

/** A file of nanoseconds in UTC, as other engines write them. */
async function utcFile(name: string): Promise<string> {
  const path = join(folder, name);
  await connection.run(
    `COPY (SELECT TIMESTAMP_NS '${VALUE}' AS z, TIMESTAMP_NS '${VALUE}' AS n, {'z': TIMESTAMP_NS '${VALUE}'} AS s)
     TO '${path}' (FORMAT parquet, FIELD_IDS {z: 1, n: 2, s: {__duckdb_field_id: 3, z: 4}})`,
  );
  await markUtc(path, [
    { id: 1, name: 'z', required: false, type: 'timestamptz_ns' },
    { id: 4, name: 'z', required: false, type: 'timestamptz_ns' },
  ]);
  return path;
}

describe('nanoseconds in UTC', () => {
  it('are all there in the copy, which differs in the mark alone', async () => {
    const path = await utcFile('utc.parquet');
    // What the copy is for.
    expect(await rows(`SELECT z::VARCHAR FROM '${path}'`)).toEqual([['2024-02-29 12:34:56.123456+00']]);
    const copy = join(folder, 'copy.parquet');
    expect(await copyWithoutUtc(path, copy)).toBe(true);
    expect(await rows(`SELECT z::VARCHAR, n::VARCHAR, s.z::VARCHAR FROM '${copy}'`)).toEqual([
      [VALUE, VALUE, VALUE],
    ]);
    const [before, after] = [await readFile(path), await readFile(copy)];
    expect(after.length).toBe(before.length);
    expect([...before].filter((byte, at) => byte !== after[at])).toHaveLength(2);
    expect(await copyWithoutUtc(copy, join(folder, 'no.parquet'))).toBe(false);
    expect(await readdir(folder)).not.toContain('no.parquet');
  });

  it('in a damaged file are copied or refused by name, never anything else', async () => {
    const bytes = await readFile(await utcFile('whole.parquet'));
    const path = join(folder, 'broken.parquet');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: bytes.length - 400, max: bytes.length - 1 }), fc.nat(255)), {
          minLength: 1,
          maxLength: 5,
        }),
        async (changes) => {
          const broken = Buffer.from(bytes);
          for (const [at, byte] of changes) broken[Math.max(0, at)] = byte;
          await writeFile(path, broken);
          try {
            await copyWithoutUtc(path, join(folder, 'any.parquet'));
          } catch (error) {
            expect(error).toMatchObject({ code: 'CORRUPT_FILE', context: { path } });
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are read by the server to the last digit, as they were written', async () => {
    const { fields } = assignFreshIds([
      { id: 0, name: 'z', required: false, type: 'timestamptz_ns' },
      {
        id: 0,
        name: 'l',
        required: false,
        type: { type: 'list', elementId: 0, elementRequired: false, element: 'timestamptz_ns' },
      },
    ]);
    const metadata = createTableMetadata({
      location: `${tables.io.root}/zoned`,
      schema: { schemaId: 0, fields, identifierFieldIds: [] },
      formatVersion: 3,
    });
    const query = `SELECT TIMESTAMP_NS '${VALUE}' AS z, [TIMESTAMP_NS '1969-12-31 23:59:59.999999999'] AS l`;
    const dataFiles = await tables.write(metadata, query);
    const staged = await appendFiles({
      io: tables.io,
      base: { metadata, metadataLocation: null },
      dataFiles,
    });
    tables.replace('zoned', staged.metadata);
    const planned = await tables.plan(`FROM zoned WHERE z = '${VALUE}+00'`);
    expect(planned.plan.engine).toMatchObject({ choice: 'server', browserCapable: false });
    expect(planned.plan.columns).toMatchObject([{ type: 'TIMESTAMP_NS' }, { type: 'TIMESTAMP_NS[]' }]);
    expect((await tables.execute(planned)).rows).toEqual([[VALUE, ['1969-12-31 23:59:59.999999999']]]);
    const later = await tables.plan(`FROM zoned WHERE z > '${VALUE}'::TIMESTAMP_NS`);
    expect(later.plan.scans[0]?.files).toEqual([]);
  });
});

describe('copies of Avro files', () => {
  const many = avroFile({
    fields: [ID],
    rows: Array.from({ length: 200_000 }, (_, index) => ({ 1: String(index) })),
  });

  it('are given up when nobody waits, and made anew', async () => {
    const directory = join(folder, 'copies');
    const copies = await FileCopies.open({ directory, maxBytes: 1e9, memoryLimit: '256MB' });
    const path = join(folder, 'many.avro');
    await writeFile(path, many);
    const stop = new AbortController();
    const given = copies.parquetOf(path, stop.signal);
    setTimeout(() => stop.abort(), 5);
    await expect(given).rejects.toMatchObject({ name: 'AbortError' });
    const [left, right] = await Promise.all([copies.parquetOf(path), copies.parquetOf(path)]);
    expect(left).toBe(right);
    expect(await rows(`SELECT count(*)::INTEGER FROM '${left}'`)).toEqual([[200_000]]);
    copies.close();
    expect((await readdir(directory)).filter((name) => name.endsWith('.unfinished'))).toEqual([]);
  });

  it('are not what errors speak of', async () => {
    await tables.append('mixed', 'SELECT 1::BIGINT AS row_id');
    const [written] = await tables.write(tables.table('mixed'), 'SELECT 1::BIGINT AS row_id');
    if (written === undefined) throw new TypeError('no file');
    const filePath = written.filePath.replace(/parquet$/, 'avro');
    const path = tables.io.localPath(filePath) ?? '';
    const bytes = join(folder, 'three.avro');
    await writeFile(bytes, avroFile({ fields: [ID], rows: [{ 1: '1' }, { 1: '2' }, { 1: '3' }] }));
    await copyFile(bytes, path);
    await tables.commit('mixed', [{ ...written, filePath, fileFormat: 'AVRO' }]);
    await expect(tables.run('FROM mixed')).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      message: expect.stringMatching(`^The file ${path} is not the table's: it has 3 rows`) as string,
      context: { path },
    });
  });
});
