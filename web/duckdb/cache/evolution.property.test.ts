// @vitest-environment node
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Scan } from '#shared/contract/plan.ts';
import { duckDbFieldIds, duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import {
  evolvedTable,
  nameMappingOf,
  readBack,
  rowsSql,
  writtenSql,
  type EvolvedTable,
} from '#shared/iceberg/testing/evolution.ts';
import { present } from '#shared/util/present.ts';
import { openNodeTab, type NodeTab } from '../testing/node-tab.ts';

let folder: string;
let instance: DuckDBInstance;
let writer: DuckDBConnection;
let tab: NodeTab;
/** Reads rows that are in no table. */
let looseTab: NodeTab;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-evolution-'));
  instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  writer = await instance.connect();
  await writer.run("SET TimeZone = 'UTC'");
  tab = await openNodeTab();
  looseTab = await openNodeTab({ loose: 64 * 1024 ** 2 });
});
afterAll(async () => {
  writer.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true });
});

async function write(table: EvolvedTable, fieldIds: boolean): Promise<Scan['files']> {
  return Promise.all(
    table.files.map(async (file) => {
      const { sql, fields } = writtenSql(file);
      const path = join(folder, `${files++}.parquet`);
      const options = fieldIds ? `, FIELD_IDS ${duckDbFieldIds({ fields })}` : '';
      await writer.run(`COPY (${sql}) TO '${path}' (FORMAT parquet${options})`);
      const url = pathToFileURL(path).href;
      // As after a compaction: nothing is known of what the file has.
      const columns = table.fields.map(({ name }) => ({ name, bytes: 1 }));
      return { url, bytes: 1000, rows: file.rows.length, columns };
    }),
  );
}

function scanOf(table: EvolvedTable, written: Scan['files'], nameMapping?: string): Scan {
  return {
    view: 'scan',
    table: 'bronze.t',
    columns: table.fields.map(({ id, name, type, initialDefault }) => ({
      fieldId: id,
      name,
      type,
      sqlType: duckDbTypeOf(type),
      ...present({ initialDefault }),
    })),
    files: written,
    filesKnown: written.length,
    pruning: [],
    ...present({ nameMapping }),
  };
}

/** The rows as text, by row_id. */
async function read(scan: Scan, from = tab): Promise<unknown[]> {
  return from.rows([scan], 'SELECT COLUMNS(*)::VARCHAR FROM scan ORDER BY row_id::INTEGER');
}

function expected(table: EvolvedTable): unknown[] {
  const rows = rowsSql(table.fields, readBack(table));
  return tab.engine.rows(`SELECT COLUMNS(*)::VARCHAR FROM (${rows}) ORDER BY row_id::INTEGER`);
}

it('reads rows of any schema that the table ever had, as it has them now', async () => {
  await fc.assert(
    fc.asyncProperty(evolvedTable(), async (table) => {
      expect(await read(scanOf(table, await write(table, true)))).toEqual(expected(table));
    }),
    { numRuns: 40 },
  );
});

it('reads rows that are in no table yet as those that are', async () => {
  await fc.assert(
    fc.asyncProperty(evolvedTable(), async (table) => {
      expect(await read(scanOf(table, await write(table, true)), looseTab)).toEqual(expected(table));
    }),
    { numRuns: 20 },
  );
});

it('reads what it holds of a file under a later schema, too', async () => {
  await fc.assert(
    fc.asyncProperty(evolvedTable(), async (table) => {
      const [file] = table.files;
      if (file === undefined) return;
      const older = { fields: file.fields, files: [file] };
      const written = await write(older, true);
      expect(await read(scanOf(older, written))).toEqual(expected(older));
      const newer = { fields: table.fields, files: [file] };
      const columns = table.fields.map(({ name }) => ({ name, bytes: 1 }));
      const again = written.map((each) => ({ ...each, columns }));
      expect(await read(scanOf(newer, again))).toEqual(expected(newer));
    }),
    { numRuns: 30 },
  );
});

it('reads what it holds of a file under an earlier schema, and under both at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      evolvedTable(),
      fc.constantFrom('apart', 'older first', 'newer first'),
      async (table, way) => {
        const [file] = table.files;
        if (file === undefined) return;
        const older = { fields: file.fields, files: [file] };
        const newer = { fields: table.fields, files: [file] };
        const written = await write(older, true);
        const columns = table.fields.map(({ name }) => ({ name, bytes: 1 }));
        const now = scanOf(
          newer,
          written.map((each) => ({ ...each, columns })),
        );
        const then = { ...scanOf(older, written), view: 'then' };
        const text = (view: string) => `SELECT COLUMNS(*)::VARCHAR FROM ${view} ORDER BY row_id::INTEGER`;
        if (way === 'apart') {
          expect(await read(now)).toEqual(expected(newer));
          expect(await tab.rows([then], text('"then"'))).toEqual(expected(older));
          return;
        }
        const both = way === 'older first' ? [then, now] : [now, then];
        const joined = 'SELECT count(*) AS n FROM scan JOIN "then" USING (row_id)';
        expect(await tab.rows(both, joined)).toEqual([{ n: BigInt(file.rows.length) }]);
        expect(await tab.rows(both, text('scan'))).toEqual(expected(newer));
        expect(await tab.rows(both, text('"then"'))).toEqual(expected(older));
      },
    ),
    { numRuns: 60 },
  );
});

it('finds the columns of a file without field ids by a name mapping', async () => {
  await fc.assert(
    fc.asyncProperty(evolvedTable(), async ({ fields, files: [file] }) => {
      if (file === undefined) return;
      const table = { fields, files: [file] };
      const scan = scanOf(table, await write(table, false), nameMappingOf(file.fields));
      expect(await read(scan)).toEqual(expected(table));
    }),
    { numRuns: 30 },
  );
});
