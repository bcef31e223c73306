import { describe, expect, it } from 'vitest';
import { duckDbFieldIds, duckDbTypeOf, icebergTypeFromDuckDb, schemaFromColumns } from './duckdb-types.ts';
import { formatType } from './types.ts';

describe('icebergTypeFromDuckDb', () => {
  it.each([
    ['TINYINT', 'int', 'INTEGER'],
    ['UINTEGER', 'long', 'BIGINT'],
    ['UBIGINT', 'decimal(20, 0)', 'DECIMAL(20,0)'],
    ['HUGEINT', 'decimal(38, 0)', 'DECIMAL(38,0)'],
    ['int8', 'long', 'BIGINT'],
    ['DECIMAL(10,2)', 'decimal(10, 2)', 'DECIMAL(10,2)'],
    ['numeric', 'decimal(18, 3)', 'DECIMAL(18,3)'],
    ['TIMESTAMP WITH TIME ZONE', 'timestamptz', 'TIMESTAMP WITH TIME ZONE'],
    ['TIMESTAMP_S', 'timestamp', 'TIMESTAMP'],
    ['TIMESTAMP_NS', 'timestamp_ns', 'TIMESTAMP_NS'],
    ["ENUM('a', 'it''s, )')", 'string', 'VARCHAR'],
    ['JSON', 'string', 'VARCHAR'],
    ['UUID', 'uuid', 'UUID'],
    ['INTEGER[3][]', 'list<list<int>>', 'INTEGER[][]'],
    ['MAP(VARCHAR, DECIMAL(4,1)[])', 'map<string, list<decimal(4, 1)>>', 'MAP(VARCHAR, DECIMAL(4,1)[])'],
    ['STRUCT("a ""b" INTEGER, c TIME)', 'struct<a "b: int, c: time>', 'STRUCT("a ""b" INTEGER, "c" TIME)'],
  ])('%s → %s → %s', (sqlType, iceberg, back) => {
    const type = icebergTypeFromDuckDb(sqlType);
    expect(formatType(type)).toBe(iceberg);
    expect(duckDbTypeOf(type)).toBe(back);
  });

  it.each(['INTERVAL', 'BIT', 'TIME WITH TIME ZONE', 'UNION(a INTEGER, b VARCHAR)', 'BIGNUM', 'INTERVAL[]'])(
    'says that Iceberg has nothing for %s',
    (sqlType) => {
      expect(() => icebergTypeFromDuckDb(sqlType)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
    },
  );

  it.each([
    '',
    'STRUCT(',
    'INTEGER[',
    'DECIMAL(50,2)',
    "ENUM('a",
    'MAP(INTEGER)',
    'INTEGER x',
    'STRUCT(a '.repeat(99),
  ])('refuses %s', (sqlType) => {
    expect(() => icebergTypeFromDuckDb(sqlType)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});

it('duckDbFieldIds nests the ids of lists, maps and structs as COPY wants them', () => {
  const schema = schemaFromColumns([
    { name: 'quo"te', sqlType: 'INT' },
    { name: 'li', sqlType: 'STRUCT(x INT)[]' },
    { name: 'ma', sqlType: 'MAP(VARCHAR, INT)' },
  ]);
  expect(duckDbFieldIds(schema)).toBe(
    '{"quo""te": 1, "li": {__duckdb_field_id: 2, "element": {__duckdb_field_id: 4, "x": 5}}, "ma": {__duckdb_field_id: 3, "key": 6, "value": 7}}',
  );
});
