// @vitest-environment node
import { expect, it } from 'vitest';
import { openNodeEngine } from '../duckdb/testing/node-engine.ts';
import { arrowBytes, tableOfBytes, type ArrowBounds } from './arrow-bytes.ts';
import { collectArrow } from './arrow-result-table.ts';
import type { ResultTable } from './result-table.ts';

const WHOLE = { maxRows: 1e6, maxBytes: 1e9 };
const rowsOf = (table: ResultTable, count = table.rowCount) =>
  Array.from({ length: count }, (_, row) => table.columns.map((_, column) => table.value(row, column)));

it('brings rows of every kind back as they were, the first ones where not all fit', async () => {
  const engine = await openNodeEngine();
  const columns = [
    { name: 'i', type: 'BIGINT' },
    { name: 'd', type: 'DECIMAL(9,2)' },
    { name: 't', type: 'VARCHAR' },
    { name: 'e', type: "ENUM('a', 'b')" },
    { name: 's', type: 'STRUCT(x INTEGER, l VARCHAR[])' },
    { name: 'm', type: 'MAP(VARCHAR, INTEGER)' },
    { name: 'b', type: 'BLOB' },
    { name: 'z', type: 'TIMESTAMP WITH TIME ZONE' },
    // As of joined tables.
    { name: 'i', type: 'VARCHAR' },
    { name: 't', type: 'INTEGER' },
  ];
  const sql = `SELECT range AS i, (range / 7)::DECIMAL(9,2) AS d,
    CASE WHEN range % 3 = 0 THEN NULL ELSE repeat('é', (range % 5)::INTEGER) END AS t,
    (CASE WHEN range % 2 = 0 THEN 'a' ELSE 'b' END)::ENUM('a', 'b') AS e,
    {x: range::INTEGER, l: ['p', NULL, range::VARCHAR]} AS s, MAP {'k': range::INTEGER} AS m,
    range::VARCHAR::BLOB AS b, TIMESTAMPTZ '2026-01-01 00:00:00+00' AS z,
    'i' || range AS i, range::INTEGER AS t
    FROM range(5000)`;
  const { table } = await collectArrow(columns, engine.stream(sql), { maxRows: 4500 });
  expect(table.rowCount).toBe(4500);

  const again = async (bounds: ArrowBounds, of: ResultTable = table) => {
    const put = arrowBytes(of, bounds);
    if (put === null) throw new Error('Nothing was put away.');
    const back = await tableOfBytes(columns, put.bytes);
    expect(back.rowCount).toBe(put.rows);
    return { ...put, back };
  };
  expect(rowsOf((await again(WHOLE)).back)).toEqual(rowsOf(table));
  expect(rowsOf((await again({ ...WHOLE, maxRows: 2500 })).back)).toEqual(rowsOf(table, 2500));

  const small = await again({ maxRows: 1e6, maxBytes: 40_000 });
  expect(small.bytes.length).toBeLessThan(80_000);
  expect(small.rows).toBeGreaterThan(0);
  expect(arrowBytes(table, { maxRows: 10, maxBytes: 1 })).toBeNull();

  const empty = await collectArrow(columns, engine.stream(`${sql} LIMIT 0`), { maxRows: 1 });
  expect((await again(WHOLE, empty.table)).rows).toBe(0);
});
