import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ScanColumn } from '#shared/contract/plan.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { IcebergType, NestedField } from '#shared/iceberg/types.ts';
import { createServerEngine, type ServerEngine } from '../execute/server-engine.ts';

let folder: string;
let engine: ServerEngine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-times-'));
  engine = await createServerEngine({
    allowedDirectories: [folder],
    memoryLimit: '256MB',
    threads: 1,
    timeoutMs: 60_000,
    maxConcurrent: 1,
  });
});
afterAll(async () => {
  engine.close();
  await rm(folder, { recursive: true });
});

const member = (id: number, name: string, type: IcebergType): NestedField => ({
  id,
  name,
  type,
  required: false,
});
const TYPES: Readonly<Record<string, IcebergType>> = {
  a: 'time',
  s: { type: 'struct', fields: [member(3, 't', 'time'), member(4, 'new', 'int')] },
  l: { type: 'list', elementId: 6, elementRequired: false, element: 'time' },
};
const IDS = 'a: 1, s: {__duckdb_field_id: 2, t: 3}, l: {__duckdb_field_id: 5, element: 6}';

// DuckDB writes and reads a time of day that Parquet marks as UTC (isAdjustedToUTC) as TIMETZ.
it.each([
  ['found by field id', `, FIELD_IDS {${IDS}}`, ['a', 's', 'l']],
  ['found by name', '', ['a', 'l']],
])('times of day that their file marks as UTC, %s', async (_, options, names) => {
  const path = join(folder, `${names.join('')}.parquet`);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT t AS a, {t: t} AS s, [t, NULL] AS l FROM (VALUES (TIMETZ '23:59:59.999999+00'), (NULL)) v(t))
     TO '${path}' (FORMAT parquet${options})`,
  );
  instance.closeSync();
  const columns = names.map((name): ScanColumn => {
    const type = TYPES[name] ?? 'unknown';
    return { fieldId: { a: 1, s: 2, l: 5 }[name] ?? 0, name, type, sqlType: duckDbTypeOf(type) };
  });
  const mapped = names.map((name) => {
    const inside = name === 'l' ? [{ id: 6, names: ['element'], fields: [] }] : [];
    return { id: { a: 1, l: 5 }[name] ?? null, names: [name], fields: inside };
  });
  const { rows } = await engine.json({
    sql: `SELECT ${names.map((name) => `${name}::VARCHAR`).join(', ')} FROM scan`,
    columns: [],
    scans: [{ view: 'scan', columns, nameMapping: mapped, files: [{ path, rows: 2 }] }],
  });
  const time = '23:59:59.999999';
  const expected: Readonly<Record<string, readonly (string | null)[]>> = {
    a: [time, null],
    s: [`{'t': '${time}', 'new': NULL}`, "{'t': NULL, 'new': NULL}"],
    l: [`['${time}', NULL]`, '[NULL, NULL]'],
  };
  expect(rows).toEqual([0, 1].map((row) => names.map((name) => expected[name]?.[row])));
});
