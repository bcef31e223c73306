// @vitest-environment node
import { tableFromArrays, tableToIPC, vectorFromArray, Table, Utf8 } from 'apache-arrow';
import { beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { openNodeEngine, type NodeEngine } from '../duckdb/testing/node-engine.ts';
import { collectArrow } from './arrow-result-table.ts';
import type { CellValue } from './result-table.ts';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  await Promise.resolve();
}

describe('values of every type, as the tab’s engine streams them', () => {
  let engine: NodeEngine;
  beforeAll(async () => {
    engine = await openNodeEngine();
  });

  const value = async (sql: string, type: string): Promise<CellValue> => {
    const stream = engine.stream(`SELECT ${sql} AS v`);
    const { table } = await collectArrow([{ name: 'v', type }], stream, { maxRows: 10 });
    return table.value(0, 0);
  };

  it.each<[sql: string, type: string, expected: CellValue]>([
    ['true', 'BOOLEAN', true],
    ['(-128)::TINYINT', 'TINYINT', -128],
    ['4294967295::UINTEGER', 'UINTEGER', 4294967295],
    ['9007199254740993', 'BIGINT', 9007199254740993n],
    ['18446744073709551615::UBIGINT', 'UBIGINT', 18446744073709551615n],
    ['170141183460469231731687303715884105727', 'HUGEINT', 2n ** 127n - 1n],
    ['(-170141183460469231731687303715884105728)::HUGEINT', 'HUGEINT', -(2n ** 127n)],
    ['340282366920938463463374607431768211455::UHUGEINT', 'UHUGEINT', 2n ** 128n - 1n],
    ['sum(1::BIGINT)', 'HUGEINT', 1n],
    ['0.1::FLOAT', 'FLOAT', Math.fround(0.1)],
    ["'-inf'::DOUBLE", 'DOUBLE', -Infinity],
    ["'nan'::DOUBLE", 'DOUBLE', NaN],
    ['-0.0::DOUBLE', 'DOUBLE', -0],
    ['1.5::DECIMAL(4,1)', 'DECIMAL(4,1)', '1.5'],
    ['-0.05::DECIMAL(9,2)', 'DECIMAL(9,2)', '-0.05'],
    [
      '12345678901234567890123456.123456789::DECIMAL(38,10)',
      'DECIMAL(38,10)',
      '12345678901234567890123456.1234567890',
    ],
    ['7::DECIMAL(38,0)', 'DECIMAL(38,0)', '7'],
    ["DATE '0001-01-01'", 'DATE', -719162],
    ["TIME '23:59:59.999999'", 'TIME', 86399999999n],
    ["TIMESTAMP '1969-12-31 23:59:59.999999'", 'TIMESTAMP', -1n],
    ["TIMESTAMP_S '2024-01-01 00:00:01'", 'TIMESTAMP_S', 1704067201000000n],
    ["TIMESTAMP_MS '2024-01-01 00:00:00.001'", 'TIMESTAMP_MS', 1704067200001000n],
    ["TIMESTAMP_NS '1969-12-31 23:59:59.999999'", 'TIMESTAMP_NS', -1n],
    ["TIMESTAMP_NS '1969-12-31 23:59:59.000000009'", 'TIMESTAMP_NS', '1969-12-31 23:59:59.000000009'],
    ["TIMESTAMP_NS '2024-01-01 00:00:00.123456789'", 'TIMESTAMP_NS', '2024-01-01 00:00:00.123456789'],
    [
      "row('a', DATE '2024-01-01', 2.5)",
      'STRUCT("" VARCHAR, "" DATE, "" DECIMAL(2,1))',
      { 1: 'a', 2: 19723, 3: '2.5' },
    ],
    ["TIMESTAMPTZ '2024-01-01 00:00:00+00'", 'TIMESTAMP WITH TIME ZONE', 1704067200000000n],
    ["'infinity'::TIMESTAMP", 'TIMESTAMP', 2n ** 63n - 1n],
    ["'-infinity'::TIMESTAMP_S", 'TIMESTAMP_S', -(2n ** 63n - 1n)],
    ["'héllo'", 'VARCHAR', 'héllo'],
    ["''", 'VARCHAR', ''],
    ["'123e4567-e89b-12d3-a456-426614174000'::UUID", 'UUID', '123e4567-e89b-12d3-a456-426614174000'],
    ["'1010101011'::BIT", 'BIT', '1010101011'],
    ["'\\x00\\xFF'::BLOB", 'BLOB', new Uint8Array([0, 255])],
    ['[1, NULL, 3]', 'INTEGER[]', [1, null, 3]],
    ['[[1], [], NULL]', 'INTEGER[][]', [[1], [], null]],
    ['[1, 2]::INTEGER[2]', 'INTEGER[2]', [1, 2]],
    ["{'a': 1, 'b c': 2::HUGEINT}", 'STRUCT(a INTEGER, "b c" HUGEINT)', { a: 1, 'b c': 2n }],
    ["row(1, 'x')", 'STRUCT(INTEGER, VARCHAR)', { 1: 1, 2: 'x' }],
    [
      "MAP {'k': 1, 'l': NULL}",
      'MAP(VARCHAR, INTEGER)',
      [
        ['k', 1],
        ['l', null],
      ],
    ],
    ["MAP {1::HUGEINT: [DATE '1970-01-02']}", 'MAP(HUGEINT, DATE[])', [[1n, [1]]]],
    ['union_value(a := 1)', 'UNION(a INTEGER)', 1],
    ['NULL', 'INTEGER', null],
  ])('%s', async (sql, type, expected) => {
    expect(await value(sql, type)).toEqual(expected);
  });

  it.each([
    "INTERVAL '1 year 2 days 3 microseconds'",
    "INTERVAL '-14 months 1 day 25 hours'",
    "INTERVAL '-1 hour'",
    "INTERVAL '0 days'",
    "INTERVAL '1 month -1 day -0.5 seconds'",
    "INTERVAL '2 years 1 month'",
  ])('%s reads as DuckDB prints it', async (sql) => {
    const [row] = engine.rows(`SELECT (${sql})::VARCHAR AS text`);
    expect(await value(sql, 'INTERVAL')).toBe(row?.['text']);
    expect(await value(`{'i': ${sql}}`, 'STRUCT(i INTERVAL)')).toEqual({ i: row?.['text'] });
  });

  it('finds every row of a result of many batches, with NULLs in their places', async () => {
    const sql = "SELECT i, CASE WHEN i % 3 = 0 THEN NULL ELSE 'v' || i END AS s FROM range(10000) t(i)";
    const columns = [
      { name: 'i', type: 'BIGINT' },
      { name: 's', type: 'VARCHAR' },
    ];
    const { table, truncated } = await collectArrow(columns, engine.stream(sql), { maxRows: 1_000_000 });
    expect(truncated).toBe(false);
    expect(table.rowCount).toBe(10000);
    for (const row of [9999, 0, 2047, 2048, 4096, 5000, 2049]) {
      expect(table.value(row, 0)).toBe(BigInt(row));
      expect(table.value(row, 1)).toBe(row % 3 === 0 ? null : `v${row}`);
    }
    expect(table.value(10000, 0)).toBeNull();
    expect(table.value(-1, 0)).toBeNull();
    expect(table.value(0, 7)).toBeNull();
  });

  it('keeps no more rows than asked for, and says that there are more', async () => {
    const columns = [{ name: 'i', type: 'BIGINT' }];
    const stream = () => engine.stream('SELECT i FROM range(5000) t(i)');
    const some = await collectArrow(columns, stream(), { maxRows: 3000 });
    expect([some.table.rowCount, some.truncated]).toEqual([3000, true]);
    expect(some.table.value(2999, 0)).toBe(2999n);
    expect(some.table.value(3000, 0)).toBeNull();
    const all = await collectArrow(columns, stream(), { maxRows: 5000 });
    expect([all.table.rowCount, all.truncated]).toEqual([5000, false]);
    const none = await collectArrow(columns, stream(), { maxRows: 0 });
    expect([none.table.rowCount, none.truncated]).toEqual([0, true]);
  });

  it('reads a result without rows', async () => {
    const { table, truncated } = await collectArrow(
      [{ name: 'i', type: 'BIGINT' }],
      engine.stream('SELECT i FROM range(0) t(i)'),
      { maxRows: 10 },
    );
    expect([table.rowCount, truncated]).toEqual([0, false]);
  });
});

describe('a stream from elsewhere', () => {
  it('is read in pieces cut anywhere', async () => {
    const bytes = tableToIPC(tableFromArrays({ n: Int32Array.from([1, 2, 3]) }), 'stream');
    for (const size of [1, 7, 64, bytes.length]) {
      const { table } = await collectArrow([{ name: 'n', type: 'INTEGER' }], pieces(bytes, size), {
        maxRows: 10,
      });
      expect([0, 1, 2].map((row) => table.value(row, 0))).toEqual([1, 2, 3]);
    }
  });

  it('may carry text for what has no Arrow form', async () => {
    const bytes = tableToIPC(
      new Table({
        big: vectorFromArray(['100000000000000000000000000000000000000000'], new Utf8()),
        uuid: vectorFromArray(['123e4567-e89b-12d3-a456-426614174000'], new Utf8()),
      }),
      'stream',
    );
    const columns = [
      { name: 'big', type: 'BIGNUM' },
      { name: 'uuid', type: 'UUID' },
    ];
    const { table } = await collectArrow(columns, pieces(bytes, 100), { maxRows: 10 });
    expect(columns.map((_, column) => table.value(0, column))).toEqual([
      10n ** 41n,
      '123e4567-e89b-12d3-a456-426614174000',
    ]);
  });

  it('with other columns than planned is refused', async () => {
    const bytes = tableToIPC(tableFromArrays({ n: Int32Array.from([1]) }), 'stream');
    const columns = [
      { name: 'n', type: 'INTEGER' },
      { name: 'm', type: 'INTEGER' },
    ];
    await expect(collectArrow(columns, pieces(bytes, 100), { maxRows: 10 })).rejects.toThrow(AppError);
  });

  it('that breaks off in the middle fails', async () => {
    const bytes = tableToIPC(tableFromArrays({ n: Int32Array.from([1, 2, 3]) }), 'stream');
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, bytes.length - 40);
      await Promise.resolve();
      throw new TypeError('network error');
    }
    await expect(collectArrow([{ name: 'n', type: 'INTEGER' }], broken(), { maxRows: 10 })).rejects.toThrow(
      'network',
    );
  });
});

it('keeps no more than fits, and says that there is more; what just fits is whole', async () => {
  const many = Array.from({ length: 5 }, (_, at) =>
    tableFromArrays({ n: Int32Array.from({ length: 1000 }, (__, i) => at * 1000 + i) }),
  );
  const [first, ...rest] = many;
  if (first === undefined) throw new TypeError('no batches');
  const ipc = tableToIPC(first.concat(...rest), 'stream');
  const columns = [{ name: 'n', type: 'INTEGER' }];
  const read = (maxBytes: number) => collectArrow(columns, pieces(ipc, 500), { maxRows: 1e6, maxBytes });
  const cut = await read(9000);
  expect(cut.truncated).toBe(true);
  expect(cut.table.rowCount).toBe(3000);
  expect(cut.table.value(2999, 0)).toBe(2999);
  const whole = await read(ipc.length);
  expect([whole.truncated, whole.table.rowCount]).toEqual([false, 5000]);
});
