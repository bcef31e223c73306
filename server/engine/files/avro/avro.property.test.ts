import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import {
  evolvedTable,
  readBack,
  ROW_ID,
  rowsSql,
  type EvolvedTable,
} from '#shared/iceberg/testing/evolution.ts';
import { present } from '#shared/util/present.ts';
import { writeAvroFile } from '../../../iceberg/avro/write-container.ts';
import { prepareFiles } from '../../execute/file-check.ts';
import { scanSql, type ExecutableScan } from '../../execute/scan-view.ts';
import { avroFile } from '../../testing/avro-files.ts';
import { FooterCache } from '../parquet-footers.ts';
import { FileCopies } from '../file-copies.ts';

let folder: string;
let instance: DuckDBInstance;
let connection: DuckDBConnection;
let copies: FileCopies;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-avro-'));
  copies = await FileCopies.open({ directory: join(folder, 'copies'), maxBytes: 1e9, memoryLimit: '256MB' });
  instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
});
afterAll(async () => {
  copies.close();
  connection.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true });
});

async function write(bytes: Uint8Array): Promise<string> {
  const path = join(folder, `${files++}.avro`);
  await writeFile(path, bytes);
  return path;
}

async function texts(sql: string): Promise<readonly unknown[]> {
  return (await connection.run(`SELECT COLUMNS(*)::VARCHAR FROM (${sql})`)).getRowsJS();
}

async function read(table: EvolvedTable): Promise<readonly unknown[]> {
  const written = table.files.map(async (file) => ({
    path: await copies.parquetOf(await write(avroFile(file))),
    rows: file.rows.length,
  }));
  const scan: ExecutableScan = {
    view: 'scan',
    columns: table.fields.map(({ id, name, type, initialDefault }) => ({
      fieldId: id,
      name,
      type,
      sqlType: duckDbTypeOf(type),
      ...present({ initialDefault }),
    })),
    files: await Promise.all(written),
  };
  const [prepared] = await prepareFiles(connection, [scan], new FooterCache());
  return texts(`FROM (${scanSql(prepared ?? scan)}) ORDER BY row_id`);
}

describe('an Avro data file', () => {
  it('reads as rows of any schema that its table has later', async () => {
    await fc.assert(
      fc.asyncProperty(evolvedTable(), async (table) => {
        const expected = await texts(`FROM (${rowsSql(table.fields, readBack(table))}) ORDER BY row_id`);
        expect(await read(table)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps its rows in their order over many blocks and chunks', async () => {
    const text = { id: 2, name: 's', required: true, type: 'string' };
    const rows = Array.from({ length: 20_000 }, (_, index) => ({
      1: String(index),
      2: 'x'.repeat(index % 90),
    }));
    const path = await copies.parquetOf(await write(avroFile({ fields: [ROW_ID, text], rows }, 'null')));
    const [row] = await texts(
      `SELECT count(*), bool_and(file_row_number = row_id), bool_and(length(s) = row_id % 90) FROM read_parquet('${path}')`,
    );
    expect(row).toEqual(['20000', 'true', 'true']);
  });

  it('is read when its size fits no window, and copied once', async () => {
    const path = await write(avroFile({ fields: [ROW_ID], rows: [{ 1: '7' }] }));
    const [first, second] = await Promise.all([copies.parquetOf(path), copies.parquetOf(path)]);
    expect(first).toBe(second);
    expect(await copies.parquetOf(path)).toBe(first);
    expect(await texts(`SELECT row_id FROM read_parquet('${first}')`)).toEqual([['7']]);
  });

  it('is refused by name where it is cut short anywhere', async () => {
    const bytes = avroFile({ fields: [ROW_ID], rows: [{ 1: '7' }, { 1: '8' }] });
    for (const length of [5, 40, bytes.length - 20, bytes.length - 1]) {
      const path = await write(bytes);
      await truncate(path, length);
      await expect(copies.parquetOf(path)).rejects.toMatchObject({
        code: 'CORRUPT_FILE',
        context: { source: path },
      });
    }
  });

  it('is refused where a column may be of several types', async () => {
    const path = await write(
      writeAvroFile({
        schema: {
          type: 'record',
          name: 't',
          fields: [{ name: 'a', type: ['null', 'int', 'string'], 'field-id': 1 }],
        },
        records: [{ a: null }],
        metadata: {},
      }),
    );
    await expect(copies.parquetOf(path)).rejects.toMatchObject({
      message: expect.stringMatching(/union/) as string,
    });
  });
});
