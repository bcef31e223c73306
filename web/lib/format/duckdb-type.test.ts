import { describe, expect, it } from 'vitest';
import { isNested, isNumeric, isTemporal, parseSqlType, shortTypeName } from './duckdb-type.ts';

describe('parseSqlType', () => {
  it.each([
    ['TINYINT', 'integer'],
    ['UHUGEINT', 'integer'],
    ['bigint', 'integer'],
    ['DOUBLE', 'float'],
    ['FLOAT', 'float'],
    ['DECIMAL(18,3)', 'decimal'],
    ['BOOLEAN', 'boolean'],
    ['DATE', 'date'],
    ['TIME', 'time'],
    ['TIMESTAMP', 'timestamp'],
    ['TIMESTAMP_NS', 'timestamp'],
    ['TIMESTAMP WITH TIME ZONE', 'timestamptz'],
    ['TIME WITH TIME ZONE', 'text'],
    ['BLOB', 'blob'],
    ['VARCHAR', 'text'],
    ['UUID', 'text'],
    ["ENUM('a', 'b')", 'text'],
    ['INTERVAL', 'text'],
    ['SOMETHING_NEW', 'text'],
  ])('%s is %s', (text, kind) => {
    expect(parseSqlType(text).kind).toBe(kind);
  });

  it('reads the scale of a decimal', () => {
    expect(parseSqlType('DECIMAL(10,2)')).toMatchObject({ scale: 2 });
    expect(parseSqlType('DECIMAL(10, 0)')).toMatchObject({ scale: 0 });
  });

  it('reads lists and arrays, the outermost last', () => {
    const type = parseSqlType('DECIMAL(4,1)[3][]');
    expect(type).toMatchObject({
      kind: 'list',
      element: { kind: 'list', element: { kind: 'decimal', scale: 1 } },
    });
    expect(shortTypeName(type)).toBe('decimal(4,1)[][]');
  });

  it('reads structs with quoted names, commas in names and nested parts', () => {
    const type = parseSqlType(
      'STRUCT(a INTEGER, "b, ""c" VARCHAR[], d STRUCT(e DATE, f MAP(VARCHAR, DECIMAL(5,2))))',
    );
    expect(type.kind).toBe('struct');
    if (type.kind !== 'struct') return;
    expect([...type.fields.keys()]).toEqual(['a', 'b, "c', 'd']);
    expect(type.fields.get('b, "c')).toMatchObject({ kind: 'list', element: { kind: 'text' } });
    const d = type.fields.get('d');
    expect(d?.kind === 'struct' && d.fields.get('f')).toMatchObject({ kind: 'map', value: { scale: 2 } });
  });

  it('takes a list of structs for a list', () => {
    expect(parseSqlType('STRUCT(a INTEGER[])[]')).toMatchObject({
      kind: 'list',
      element: { kind: 'struct' },
    });
  });

  it('survives nonsense', () => {
    for (const text of ['', '[]', 'STRUCT(', 'MAP()', 'STRUCT(a)', 'DECIMAL']) {
      expect(() => parseSqlType(text)).not.toThrow();
    }
  });

  it('knows families and short names', () => {
    expect(isNumeric(parseSqlType('DECIMAL(4,1)'))).toBe(true);
    expect(isTemporal(parseSqlType('TIME'))).toBe(false);
    expect(isTemporal(parseSqlType('DATE'))).toBe(true);
    expect(isNested(parseSqlType('MAP(VARCHAR, INTEGER)'))).toBe(true);
    expect(shortTypeName(parseSqlType('TIMESTAMP WITH TIME ZONE'))).toBe('timestamptz');
    expect(shortTypeName(parseSqlType("ENUM('x')"))).toBe('enum');
  });
});
