// @vitest-environment node
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { valueFilter } from '#web/lib/relation/value-filter.ts';
import { viewSql } from '#web/lib/relation/relation-sql.ts';
import type { CellValue } from '#web/lib/result-table.ts';
import { parseSqlType } from './duckdb-type.ts';
import { sqlLiteral } from './sql-literal.ts';

/** A value as SQL has it, its type, and as a result has it. */
const VALUES: readonly (readonly [sql: string, type: string, value: CellValue])[] = [
  ['true', 'BOOLEAN', true],
  ['-42', 'INTEGER', -42],
  ['9007199254740993', 'BIGINT', 9_007_199_254_740_993n],
  ['-9223372036854775808', 'BIGINT', -(2n ** 63n)],
  ["'170141183460469231731687303715884105727'", 'HUGEINT', 2n ** 127n - 1n],
  ["'12345678901234567890123456789.123456789'", 'DECIMAL(38,9)', '12345678901234567890123456789.123456789'],
  ['0.1', 'FLOAT', Math.fround(0.1)],
  ['0.1::DOUBLE + 0.2::DOUBLE', 'DOUBLE', 0.1 + 0.2],
  ["'1e300'", 'DOUBLE', 1e300],
  ["'NaN'", 'DOUBLE', NaN],
  ["'-inf'", 'FLOAT', -Infinity],
  [`'O''Hare, "x"'`, 'VARCHAR', `O'Hare, "x"`],
  ["'a' || chr(0) || 'b'", 'VARCHAR', 'a\0b'],
  ["''", 'VARCHAR', ''],
  ["'2024-02-29'", 'DATE', 19_782],
  ["'0044-03-15 (BC)'", 'DATE', -735_160],
  ["'infinity'", 'DATE', 2_147_483_647],
  ["'04:05:06.000007'", 'TIME', 14_706_000_007n],
  ["'2001-02-03 04:05:06.123456'", 'TIMESTAMP', 981_173_106_123_456n],
  ["'2001-02-03 04:05:06'", 'TIMESTAMP_S', 981_173_106_000_000n],
  ["'2001-02-03 04:05:06.5+01'", 'TIMESTAMP WITH TIME ZONE', 981_169_506_500_000n],
  ["'5d60bcd5-0c5e-4c8a-9a9e-0d6f3b2b9a11'", 'UUID', '5d60bcd5-0c5e-4c8a-9a9e-0d6f3b2b9a11'],
  ["'1 year 2 days 03:00:00'", 'INTERVAL', '1 year 2 days 03:00:00'],
  ["'0101'", 'BIT', '0101'],
  ["'b'", "ENUM('a', 'b')", 'b'],
  [`'{"a": 1.10}'`, 'JSON', '{"a": 1.10}'],
  ["'\\xDE\\xAD'", 'BLOB', new Uint8Array([0xde, 0xad])],
  ['[0.1, NULL]', 'FLOAT[]', [Math.fround(0.1), null]],
  ['[]', 'DATE[]', []],
  ['[1, 2]', 'INTEGER[2]', [1, 2]],
  [
    `{'at': DATE '2024-02-29', 'a b': [1.50]}`,
    'STRUCT("at" DATE, "a b" DECIMAL(5,2)[])',
    { at: 19_782, 'a b': ['1.50'] },
  ],
  [
    `MAP {'k''': 1, 'l': NULL}`,
    'MAP(VARCHAR, BIGINT)',
    [
      ["k'", 1n],
      ['l', null],
    ],
  ],
];

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(() => connection.closeSync());

const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();

it.each(VALUES)('%s as %s is found again by its constant', async (sql, type, value) => {
  const literal = sqlLiteral(value, parseSqlType(type));
  const from = `(SELECT CAST(${sql} AS ${type}) AS v UNION ALL SELECT NULL)`;
  expect(await rowsOf(`SELECT count(*) FROM ${from} WHERE v IN (${literal})`)).toEqual([['1']]);
  expect(await rowsOf(`SELECT count(*) FROM ${from} WHERE v NOT IN (${literal})`)).toEqual([['0']]);
});

it.each(VALUES)(
  '%s as %s is kept and left out by a filter of its own, or by none',
  async (sql, type, value) => {
    const relation = {
      sql: `SELECT CAST(${sql} AS ${type}) AS v UNION ALL SELECT NULL`,
      columns: [{ name: 'v', type }],
    };
    const filters = [true, false].map((keep) => valueFilter(0, { name: 'v', type }, value, keep));
    if (typeof value === 'object') {
      expect(filters).toEqual([null, null]);
      return;
    }
    const [kept, left] = filters.map((filter) =>
      filter === null
        ? ''
        : `SELECT count(*), count("v") FROM (${viewSql(relation, { sort: [], filters: [filter] })})`,
    );
    expect(await rowsOf(kept ?? '')).toEqual([['1', '1']]);
    expect(await rowsOf(left ?? '')).toEqual([['1', '0']]);
  },
);
