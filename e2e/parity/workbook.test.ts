import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { readSheet } from 'read-excel-file/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workbook, type WorkbookRow } from '#shared/workbook/workbook.ts';
import { workbookSql, type WorkbookColumn } from '#shared/workbook/workbook-sql.ts';
import { writeZip } from '#shared/workbook/zip.ts';
import { workbookRows } from '#web/duckdb/local/workbook-rows.ts';
import { openNodeEngine, type NodeEngine } from '#web/duckdb/testing/node-engine.ts';

let server: DuckDBConnection;
let tab: NodeEngine;
beforeAll(async () => {
  server = await (await DuckDBInstance.create(':memory:')).connect();
  await server.run("SET TimeZone = 'UTC'");
  tab = await openNodeEngine();
});
afterAll(() => server.closeSync());

/** Every kind of value that a sheet has a cell of its own for, at its edges, and what becomes text. */
const SQL = `SELECT * FROM (VALUES
  (1::TINYINT, 9007199254740993::BIGINT, 170141183460469231731687303715884105727::HUGEINT, 1.50::DECIMAL(9,2),
    12345678901234567890.123456::DECIMAL(38,6), 0.1::FLOAT, 1e-7::DOUBLE, true, 'a <b> & "c"', DATE '2001-02-03',
    TIME '04:05:06.789', TIMESTAMP '2001-02-03 04:05:06.789', TIMESTAMPTZ '2001-02-03 04:05:06.789+00',
    TIMESTAMP_NS '2001-02-03 04:05:06.789123456', [1, NULL, 3], {'x': 1, 'y': 'é'}, INTERVAL 3 DAY, '\\xAB'::BLOB,
    '5c5b1a52-9f4b-4a1e-8f1e-2f1f3c1f5b6a'::UUID),
  (-128, -1, 0, -0.25, 0, '-inf', 'nan', false, '', DATE '1850-06-07', TIME '00:00:00', TIMESTAMP '1899-01-01 00:00:00',
    TIMESTAMPTZ '1800-01-01 12:00:00+00', TIMESTAMP_NS '1999-12-31 23:59:59.999999999', [], {'x': NULL, 'y': NULL},
    INTERVAL (-1) MONTH, ''::BLOB, '00000000-0000-0000-0000-000000000000'::UUID),
  (NULL, 123456789012345, 1, 1, 1, 3.4028235e38::FLOAT, 1.7976931348623157e308, NULL, 'x' || chr(7), 'infinity',
    TIME '23:59:59.999999', 'infinity', 'infinity', NULL, NULL, NULL, NULL, NULL, NULL)
) AS v(tiny, big, huge, price, exact, small, wide, flag, words, day, clock, moment, instant, nano, list, struct, span, bytes, id)`;

async function columnsOf(): Promise<readonly WorkbookColumn[]> {
  const described = await server.runAndReadAll(`DESCRIBE ${SQL}`);
  return described.getRowObjects().map((row) => ({
    name: String(row['column_name']),
    type: String(row['column_type']),
  }));
}

async function fileOf(columns: readonly WorkbookColumn[], rows: AsyncIterable<readonly WorkbookRow[]>) {
  const pieces = new Map<number, Uint8Array>();
  const write = async (bytes: Uint8Array, at: number) => void pieces.set(at, bytes);
  await writeZip({ write }, workbook(columns, rows, { rows: 0, sheets: 0, cut: 0 }));
  return Buffer.concat([...pieces.values()]);
}

it('the tab writes the same workbook as the server, byte for byte', async () => {
  const columns = await columnsOf();
  const sql = workbookSql(columns, SQL);
  const ofServer = async function* () {
    yield (await server.runAndReadAll(sql)).getRows() as WorkbookRow[];
  };
  const mine = await fileOf(columns, workbookRows(tab.stream(sql)));
  const sheet = await readSheet(mine);
  expect(sheet).toHaveLength(4);
  expect(sheet[1]?.slice(0, 9)).toEqual([
    1,
    '9007199254740993',
    '170141183460469231731687303715884105727',
    1.5,
    '12345678901234567890.123456',
    0.1,
    1e-7,
    true,
    'a <b> & "c"',
  ]);
  expect(sheet[1]?.[9]).toEqual(new Date('2001-02-03'));
  expect(sheet[2]?.slice(9, 13)).toEqual([
    '1850-06-07',
    new Date('1899-12-30'),
    '1899-01-01 00:00:00',
    '1800-01-01 12:00:00+00',
  ]);
  expect(mine.equals(await fileOf(columns, ofServer()))).toBe(true);
});
