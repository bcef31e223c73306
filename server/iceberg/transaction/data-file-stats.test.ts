import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckDbFieldIds, duckDbTypeOf, schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import { formatValue } from '#shared/iceberg/format-value.ts';
import { indexById, type Schema } from '#shared/iceberg/schema.ts';
import type { SortOrder } from '#shared/iceberg/sort-order.ts';
import { isPrimitive } from '#shared/iceberg/types.ts';
import { createTableMetadata } from '../metadata/create.ts';
import { decodeValue } from '../values/single-value.ts';
import { dataFileFromDuckDbStats } from './data-file-stats.ts';
import { parseReturnStats } from './duckdb-stats.ts';
import { metricsModes } from './metrics-modes.ts';

let folder: string;
let connection: DuckDBConnection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stats-'));
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(async () => {
  connection.disconnectSync();
  await rm(folder, { recursive: true });
});

/** Tables of several columns are sorted by their second. */
function sortedBySecond({ fields }: Schema): SortOrder {
  const sorted = fields
    .slice(1, 2)
    .filter((field) => isPrimitive(field.type))
    .map(({ id }) => ({
      sourceId: id,
      transform: 'identity',
      direction: 'asc' as const,
      nullOrder: 'nulls-first' as const,
    }));
  return { orderId: 1, fields: sorted };
}

let copies = 0;
/** Writes a query's rows as a table would, and what the file is then said to hold, as text by column. */
async function describeFile(query: string, json = true, properties: Record<string, string> = {}) {
  const described = await connection.runAndReadAll(`DESCRIBE ${query}`);
  const schema = schemaFromColumns(
    described
      .getRows()
      .map(([name, sqlType]) => ({ name: name?.toString() ?? '', sqlType: sqlType?.toString() ?? '' })),
  );
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const columns = schema.fields.map((f) => `${quoted(f.name)}::${duckDbTypeOf(f.type)} AS ${quoted(f.name)}`);
  copies += 1;
  const path = join(folder, `${copies}.parquet`);
  const copied = await connection.runAndReadAll(
    `COPY (SELECT ${columns.join(', ')} FROM (${query})) TO '${path}' (FORMAT parquet, FIELD_IDS ${duckDbFieldIds(schema)}, RETURN_STATS)`,
  );
  const [row] = json ? copied.getRowObjectsJson() : copied.getRowObjects();
  const file = dataFileFromDuckDbStats({
    filePath: 'w/f.parquet',
    stats: parseReturnStats(row ?? {}),
    schema,
    metrics: metricsModes(
      createTableMetadata({
        location: 'w',
        schema,
        properties,
        sortOrder: sortedBySecond(schema),
      }),
    ),
  });
  const fields = indexById(schema);
  const columnsOf = <T>(
    values: ReadonlyMap<number, T> | undefined,
    show: (value: T, type: string) => unknown,
  ) =>
    Object.fromEntries(
      [...(values ?? [])].map(([id, value]) => {
        const located = fields.get(id);
        const type = located?.field.type ?? '';
        return [located?.path.join('.'), show(value, isPrimitive(type) ? type : '')];
      }),
    );
  const bound = (bytes: Uint8Array, type: string) => formatValue(type, decodeValue(type, bytes) ?? '?');
  return {
    file,
    lower: columnsOf(file.lowerBounds, bound),
    upper: columnsOf(file.upperBounds, bound),
    nulls: columnsOf(file.nullValueCounts, String),
    values: columnsOf(file.valueCounts, String),
    nans: columnsOf(file.nanValueCounts, String),
    sizes: Object.keys(columnsOf(file.columnSizes, String)),
  };
}

describe('dataFileFromDuckDbStats', () => {
  it.each([
    ['TRUE', 'FALSE', 'false', 'true'],
    ['1::TINYINT', '-5::TINYINT', '-5', '1'],
    ['9223372036854775807', '-9223372036854775808', '-9223372036854775808', '9223372036854775807'],
    ['18446744073709551615::UBIGINT', '0::UBIGINT', '0', '18446744073709551615'],
    ['0.1::FLOAT', '-2.5::FLOAT', '-2.5', String(Math.fround(0.1))],
    ["'inf'::DOUBLE", '0::DOUBLE', '0', 'Infinity'],
    [
      '12345678901234567890.1::DECIMAL(38,4)',
      '-0.0001::DECIMAL(38,4)',
      '-0.0001',
      '12345678901234567890.1000',
    ],
    ["DATE '0044-03-15 (BC)'", "DATE '12020-01-01'", '0044-03-15 (BC)', '12020-01-01'],
    ["TIME '00:00:00.000001'", "TIME '24:00:00'", '00:00:00.000001', '24:00:00'],
    [
      "TIMESTAMP '1969-12-31 23:59:59.999999'",
      "TIMESTAMP '2020-01-01'",
      '1969-12-31 23:59:59.999999',
      '2020-01-01 00:00:00',
    ],
    [
      "TIMESTAMPTZ '2020-01-01 05:30:00+05:30'",
      "TIMESTAMPTZ '2021-01-01 00:00:00+00'",
      '2020-01-01 00:00:00+00',
      '2021-01-01 00:00:00+00',
    ],
    ["'short'", "'a text that is longer than sixteen'", 'a text that is l', 'short'],
    ["'zzzzzzzzzzzzzzzzzz'", "''", '', 'zzzzzzzzzzzzzzz{'],
    [
      "'f79c3e09-677c-4bbd-a479-3f349cb785e7'::UUID",
      "'00000000-0000-0000-0000-000000000001'::UUID",
      '00000000-0000-0000-0000-000000000001',
      'f79c3e09-677c-4bbd-a479-3f349cb785e7',
    ],
    ["'\\xFF\\x00'::BLOB", "'\\x01'::BLOB", "x'01'", "x'ff00'"],
  ])('bounds of %s and %s', async (a, b, lower, upper) => {
    const of = await describeFile(`SELECT ${a} AS c UNION ALL SELECT ${b} UNION ALL SELECT NULL`);
    expect(of.lower).toEqual({ c: lower });
    expect(of.upper).toEqual({ c: upper });
    expect(of.nulls).toEqual({ c: '1' });
    expect(of.values).toEqual({ c: '3' });
    expect(of.file.recordCount).toBe(3n);
  });

  it('knows what it does not know: NaNs, infinite times, columns that are all null', async () => {
    const of = await describeFile(
      "SELECT 'nan'::DOUBLE d, 1.5::FLOAT f, 'infinity'::TIMESTAMP ts, NULL::INTEGER n UNION ALL SELECT 2, 3, TIMESTAMP '2020-01-01', NULL",
    );
    expect(of.nans).toEqual({ f: '0' });
    expect(of.lower).toEqual({ d: '2', f: '1.5', ts: '2020-01-01 00:00:00' });
    expect(of.upper).toEqual({ d: '2', f: '3' });
    const all = await describeFile("SELECT 'nan'::DOUBLE d");
    expect([all.lower, all.upper, all.nans]).toEqual([{}, {}, {}]);
  });

  it('bounds a zero by both of its signs', async () => {
    const { file } = await describeFile('SELECT 0.0::DOUBLE z');
    expect(Object.is(decodeValue('double', file.lowerBounds?.get(1) ?? new Uint8Array()), -0)).toBe(true);
    expect(Object.is(decodeValue('double', file.upperBounds?.get(1) ?? new Uint8Array()), 0)).toBe(true);
  });

  it('finds nested columns by their quoted paths, and bounds none that repeat', async () => {
    const of = await describeFile(
      `SELECT {'x': 1, 'y.z "q"': 'a'} AS "st.1", [1, 2, NULL] AS li, MAP {'k': 1.5} AS ma, [{'d': DATE '2020-01-01'}] AS ls`,
    );
    expect(of.sizes.toSorted()).toEqual(
      ['li.element', 'ls.element.d', 'ma.key', 'ma.value', 'st.1.x', 'st.1.y.z "q"'].toSorted(),
    );
    expect(of.lower).toEqual({ 'st.1.x': '1', 'st.1.y.z "q"': 'a' });
    expect(of.nulls).toEqual({ 'st.1.x': '0', 'st.1.y.z "q"': '0' });
  });

  it('reads rows of getRowObjects as of getRowObjectsJson', async () => {
    const query = 'SELECT i, i::VARCHAR s FROM range(5) t(i)';
    const [one, other] = [await describeFile(query, true), await describeFile(query, false)];
    expect(other.file).toEqual(one.file);
  });

  it('keeps of each column what the table’s properties say', async () => {
    const of = await describeFile(
      `SELECT 'no' AS "none", 'abcdef' AS "counts", 'abcdef' AS cut, repeat('x', 40) AS "full", {'in.ner': 'abcdef'} AS st`,
      true,
      {
        'write.metadata.metrics.default': 'truncate(2)',
        'write.metadata.metrics.column.none': 'none',
        'write.metadata.metrics.column.counts': 'Counts',
        'write.metadata.metrics.column.full': 'full',
        'write.metadata.metrics.column.st.in.ner': 'truncate(3)',
        'write.metadata.metrics.column.cut': 'truncate(0)',
      },
    );
    expect(of.sizes).toHaveLength(5);
    expect(of.nulls).toEqual({ counts: '0', cut: '0', full: '0', 'st.in.ner': '0' });
    expect(of.lower).toEqual({ cut: 'ab', full: 'x'.repeat(40), 'st.in.ner': 'abc' });
    expect(of.upper).toEqual({ cut: 'ac', full: 'x'.repeat(40), 'st.in.ner': 'abd' });
  });

  it('keeps nothing of columns beyond the first hundred, but of those the table is sorted by', async () => {
    const of = await describeFile('SELECT 1 AS a, 2 AS b, 3 AS c', true, {
      'write.metadata.metrics.max-inferred-column-defaults': '1',
    });
    expect(of.lower).toEqual({ a: '1', b: '2' });
    const all = await describeFile('SELECT 1 AS a, 2 AS b, 3 AS c', true, {
      'write.metadata.metrics.default': 'none',
      'write.metadata.metrics.column.c': 'full',
    });
    expect(all.lower).toEqual({ b: '2', c: '3' });
  });

  it('refuses a file with a column that the table has not', () => {
    const stats = { filename: 'f', rowCount: 1n, fileSizeInBytes: 1n, columns: new Map([['"b"', {}]]) };
    const schema = schemaFromColumns([{ name: 'a', sqlType: 'INT' }]);
    expect(() => dataFileFromDuckDbStats({ filePath: 'w/f', stats, schema })).toThrow(
      expect.objectContaining({ code: 'SCHEMA_MISMATCH' }),
    );
  });

  it('says so when DuckDB answers something else', () => {
    expect(() => parseReturnStats({ filename: 'f', count: 1n })).toThrow("no usable 'column_statistics'");
    expect(() => parseReturnStats({ column_statistics: [], filename: 'f', count: 'x' })).toThrow("'count'");
  });
});
