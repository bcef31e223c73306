import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScanColumn } from '#shared/contract/plan.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { FOREIGN_FILES } from '#shared/iceberg/testing/foreign-files.ts';
import type { IcebergType } from '#shared/iceberg/types.ts';
import { createServerEngine, type ServerEngine } from '../execute/server-engine.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/iceberg/testing/parquet', import.meta.url));
let engine: ServerEngine;

beforeAll(async () => {
  engine = await createServerEngine({
    allowedDirectories: [FOLDER],
    memoryLimit: '256MB',
    threads: 1,
    timeoutMs: 60_000,
    maxConcurrent: 1,
  });
});
afterAll(() => engine.close());

const column = (fieldId: number, name: string, type: IcebergType): ScanColumn => ({
  fieldId,
  name,
  type,
  sqlType: duckDbTypeOf(type),
});

async function read(name: string, rows: number, columns: readonly ScanColumn[], sql: string) {
  const files = [{ path: `${FOLDER}/${name}.parquet`, rows }];
  return (await engine.json({ sql, columns: [], scans: [{ view: 'scan', columns, files }] })).rows;
}

describe('a file of another writer without field ids', () => {
  it.each(FOREIGN_FILES)('$name', async ({ name, rows, fields, sql, expected }) => {
    const columns = fields.map(({ id, name, type }) => column(id, name, type));
    expect(await read(name, rows, columns, sql)).toEqual(expected.map((row) => Object.values(row)));
  });

  it('gives timestamps that nanoseconds do not reach', async () => {
    const columns = [column(1, 'a', 'timestamptz')];
    // The sixth is in the year 290,000, which DuckDB's own microseconds do not reach.
    const rows = await read('int96_from_spark', 6, columns, 'SELECT a::VARCHAR FROM scan LIMIT 5');
    expect(rows).toEqual([
      ['2024-01-01 20:34:56.123456+00'],
      ['2024-01-01 01:00:00+00'],
      ['9999-12-31 03:00:00+00'],
      ['2024-12-30 23:00:00+00'],
      [null],
    ]);
  });

  it('gives VARIANT where the file says that it is one', async () => {
    const rows = await read(
      'shredded_variant',
      1,
      [column(2, 'v', 'variant')],
      'SELECT v::JSON::VARCHAR FROM scan',
    );
    expect(rows).toEqual([['["comedy"]']]);
  });

  it('refuses what only looks like a VARIANT, and a column of another type, by the column’s name', async () => {
    const variant = [column(1, 'v', 'variant')];
    await expect(read('int64_decimal', 24, variant, 'FROM scan')).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      context: { column: 'v' },
    });
    await expect(read('int32_decimal', 24, [column(1, 'x', 'string')], 'FROM scan')).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      message: expect.stringContaining('DECIMAL(4,2) where x is string') as string,
    });
  });
});
