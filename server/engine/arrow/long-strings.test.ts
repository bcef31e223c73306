import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServerEngine, type ServerEngine } from '../execute/server-engine.ts';

let engine: ServerEngine;
let plain: DuckDBInstance;

beforeAll(async () => {
  plain = await DuckDBInstance.create(':memory:');
  engine = await createServerEngine({
    allowedDirectories: [],
    memoryLimit: '1GB',
    threads: 2,
    timeoutMs: 60_000,
    maxConcurrent: 1,
  });
});
afterAll(() => {
  engine.close();
  plain.closeSync();
});

describe('long text from DuckDB memory', () => {
  it.each([
    ['side by side', "SELECT 'a rather long text ' || i AS s FROM range(9000) t(i)"],
    ['in another order', "SELECT 'a rather long text ' || i AS s FROM range(9000) t(i) ORDER BY hash(i)"],
    [
      'the same again and again',
      "SELECT ['é' || repeat('x', 40), repeat('yz', 9), NULL, 'short'][1 + i % 4] AS s FROM range(9000) t(i)",
    ],
    [
      'far apart and huge',
      'SELECT repeat(i::VARCHAR, CASE WHEN i % 50 = 0 THEN 3_000_000 ELSE 20 END::INTEGER) AS s FROM range(150) t(i)',
    ],
    [
      'inside of lists',
      "SELECT list_transform(range(i % 5), x -> 'element number ' || x || ' of ' || i) AS s FROM range(3000) t(i) ORDER BY hash(i)",
    ],
  ])('%s', async (_, sql) => {
    const connection = await plain.connect();
    const [expected] = (await connection.runAndReadAll(sql)).getColumnsJS();
    const type = sql.startsWith('SELECT list') ? 'VARCHAR[]' : 'VARCHAR';
    const pieces: Uint8Array[] = [];
    for await (const piece of engine.arrow({ sql, scans: [], columns: [{ name: 's', type }] }))
      pieces.push(piece);
    const column = tableFromIPC(Buffer.concat(pieces)).getChild('s');
    const actual = [...(column ?? [])].map((value: unknown) =>
      value === null || typeof value === 'string' ? value : [...(value as Iterable<string>)],
    );
    expect(actual.length).toBe(expected?.length);
    expect(actual.findIndex((value, row) => JSON.stringify(value) !== JSON.stringify(expected?.[row]))).toBe(
      -1,
    );
  });
});
