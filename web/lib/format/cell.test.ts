import { describe, expect, it } from 'vitest';
import { formatBlob, toHex } from './blob.ts';
import { cellFormatter } from './cell.ts';
import { parseSqlType } from './duckdb-type.ts';
import { formatNested } from './nested.ts';

const of = (type: string, name = 'x') => cellFormatter({ name, type });

describe('cellFormatter', () => {
  it('groups amounts but not names', () => {
    expect(of('BIGINT').text(9_007_199_254_740_993n)).toBe('9,007,199,254,740,993');
    expect(of('BIGINT').plain(9_007_199_254_740_993n)).toBe('9007199254740993');
    expect(of('INTEGER', 'year').text(1998)).toBe('1998');
    expect(of('INTEGER', 'flight_id').text(12345)).toBe('12345');
    expect(of('BIGINT', 'userId').text(12345n)).toBe('12345');
    expect(of('INTEGER', 'paid').text(12345)).toBe('12,345');
  });

  it('aligns numbers to the right and all else to the left', () => {
    expect(of('DECIMAL(5,2)').align).toBe('right');
    expect(of('DATE').align).toBe('left');
    expect(of('VARCHAR').align).toBe('left');
  });

  it('shows decimals, floats, booleans, dates and times', () => {
    expect(of('DECIMAL(20,4)').text('1234567.5000')).toBe('1,234,567.5000');
    expect(of('DECIMAL(20,4)').plain('1234567.5000')).toBe('1234567.5000');
    expect(of('FLOAT').text(Math.fround(0.3))).toBe('0.3');
    expect(of('FLOAT').plain(Math.fround(1234.5))).toBe('1234.5');
    expect(of('BOOLEAN').text(false)).toBe('false');
    expect(of('DATE').text(20_000)).toBe('2024-10-04');
    expect(of('TIMESTAMP').text(0n)).toBe('1970-01-01 00:00:00');
    expect(of('TIMESTAMP').hint(0n)).toBeUndefined();
    expect(of('TIMESTAMP WITH TIME ZONE').hint(0n)).toBe('1970-01-01 00:00:00Z');
    expect(of('TIMESTAMP WITH TIME ZONE').plain(0n)).toBe('1970-01-01 00:00:00Z');
    expect(of('INTERVAL').text('1 day 02:00:00')).toBe('1 day 02:00:00');
  });

  it('keeps text on one line in a cell and whole when inspected', () => {
    const text = 'a\nb\tc\r\nd';
    expect(of('VARCHAR').text(text)).toBe('a↵b⇥c↵d');
    expect(of('VARCHAR').full(text)).toBe(text);
    const long = 'x'.repeat(5000);
    expect(of('VARCHAR').text(long)).toHaveLength(301);
    expect(of('VARCHAR').plain(long)).toBe(long);
  });

  it('has nothing to copy for NULL', () => {
    expect(of('VARCHAR').plain(null)).toBe('');
    expect(of('INTEGER[]').full(null)).toBe('NULL');
  });

  it('shows blobs as hex with their length', () => {
    const bytes = Uint8Array.from({ length: 2000 }, (_, i) => i);
    expect(of('BLOB').text(bytes)).toBe('0x0001020304050607… · 2 kB');
    expect(of('BLOB').plain(bytes)).toBe(toHex(bytes));
    expect(formatBlob(new Uint8Array([255]))).toBe('0xff · 1 B');
  });
});

describe('formatNested', () => {
  const type = parseSqlType(
    'STRUCT(id BIGINT, price DECIMAL(10,2), tags VARCHAR[], day DATE, seen MAP(VARCHAR, TIMESTAMP), raw BLOB)',
  );
  const value = {
    id: 9_007_199_254_740_993n,
    price: '10.50',
    tags: ['a"b', null],
    day: 0,
    seen: [['x', 0n]],
    raw: new Uint8Array([1]),
  };

  it('is one line of exact JSON', () => {
    expect(formatNested(value, type)).toBe(
      '{"id": 9007199254740993, "price": 10.50, "tags": ["a\\"b", null], "day": "1970-01-01", ' +
        '"seen": {"x": "1970-01-01 00:00:00"}, "raw": "0x01"}',
    );
  });

  it('is indented for the inspector and still JSON', () => {
    const text = formatNested(value, type, { indent: 2 });
    expect(text).toContain('\n  "id": 9007199254740993,\n');
    expect(JSON.parse(text)).toMatchObject({ price: 10.5, tags: ['a"b', null] });
    expect(formatNested([], parseSqlType('INTEGER[]'), { indent: 2 })).toBe('[]');
  });

  it('writes maps with other keys as pairs, and what JSON lacks as text', () => {
    expect(formatNested([[1, NaN]], parseSqlType('MAP(INTEGER, DOUBLE)'))).toBe('[[1, "NaN"]]');
  });

  it('stops early on huge values', () => {
    let read = 0;
    const items = new Proxy(
      Array.from({ length: 1_000_000 }, () => 1),
      {
        get: (target, key, self) => {
          if (typeof key === 'string' && /^\d+$/.test(key)) read++;
          return Reflect.get(target, key, self) as unknown;
        },
      },
    );
    expect(formatNested(items, parseSqlType('INTEGER[]'), { limit: 50 })).toHaveLength(51);
    expect(read).toBeLessThan(100);
  });

  it('does not need the type of what it meets', () => {
    expect(formatNested({ a: [1n, { b: 'c' }] }, parseSqlType('UNION(a INTEGER)'))).toBe(
      '{"a": [1, {"b": "c"}]}',
    );
  });
});
