import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { duckDbFieldIds, duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { parseNameMapping } from '#shared/iceberg/files/name-mapping.ts';
import {
  evolvedTable,
  nameMappingOf,
  readBack,
  rowsSql,
  writtenSql,
  type EvolvedTable,
} from '#shared/iceberg/testing/evolution.ts';
import { present } from '#shared/util/present.ts';
import { prepareFiles } from '../execute/file-check.ts';
import { scanSql, type ExecutableScan } from '../execute/scan-view.ts';
import { FooterCache } from './parquet-footers.ts';

let folder: string;
let instance: DuckDBInstance;
let connection: DuckDBConnection;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-evolution-'));
  instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
});
afterAll(async () => {
  connection.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true });
});

async function write(table: EvolvedTable, fieldIds: boolean): Promise<ExecutableScan['files']> {
  return Promise.all(
    table.files.map(async (file) => {
      const { sql, fields } = writtenSql(file);
      const path = join(folder, `${files++}.parquet`);
      const options = fieldIds ? `, FIELD_IDS ${duckDbFieldIds({ fields })}` : '';
      await connection.run(`COPY (${sql}) TO '${path}' (FORMAT parquet${options})`);
      return { path, rows: file.rows.length };
    }),
  );
}

/** The rows as text, by row_id. */
async function texts(sql: string): Promise<readonly unknown[]> {
  return (
    await connection.run(`SELECT COLUMNS(*)::VARCHAR FROM (${sql}) ORDER BY row_id::INTEGER`)
  ).getRowsJS();
}

async function read(
  table: EvolvedTable,
  written: ExecutableScan['files'],
  mapping: string | null,
): Promise<readonly unknown[]> {
  const scan: ExecutableScan = {
    view: 'scan',
    columns: table.fields.map(({ id, name, type, initialDefault }) => ({
      fieldId: id,
      name,
      type,
      sqlType: duckDbTypeOf(type),
      ...present({ initialDefault }),
    })),
    files: written,
    nameMapping: mapping === null ? null : parseNameMapping(mapping),
  };
  const [prepared] = await prepareFiles(connection, [scan], new FooterCache());
  return texts(scanSql(prepared ?? scan));
}

it('reads rows of any schema that the table ever had, as it has them now', async () => {
  await fc.assert(
    fc.asyncProperty(evolvedTable(), async (table) => {
      const rows = await read(table, await write(table, true), null);
      expect(rows).toEqual(await texts(rowsSql(table.fields, readBack(table))));
    }),
    { numRuns: 150 },
  );
});

it('finds the columns of a file without field ids by a name mapping', async () => {
  await fc.assert(
    fc.asyncProperty(evolvedTable(), async ({ fields, files: [file] }) => {
      if (file === undefined) return;
      const table = { fields, files: [file] };
      const rows = await read(table, await write(table, false), nameMappingOf(file.fields));
      expect(rows).toEqual(await texts(rowsSql(fields, readBack(table))));
    }),
    { numRuns: 60 },
  );
});
