import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { makeVector, tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { createServerEngine, type ExecuteInput, type ServerEngine } from './server-engine.ts';

let folder: string;
let engine: ServerEngine;
let plain: DuckDBInstance;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-engine-'));
  plain = await DuckDBInstance.create(':memory:');
  engine = await createServerEngine({
    allowedDirectories: [folder],
    memoryLimit: '1GB',
    threads: 2,
    tempDirectory: join(folder, 'spill'),
    timeoutMs: 60_000,
    maxConcurrent: 2,
  });
});
afterAll(async () => {
  engine.close();
  plain.closeSync();
  await rm(folder, { recursive: true, force: true });
});

async function native(sql: string) {
  const connection = await plain.connect();
  await connection.run("SET TimeZone = 'UTC'");
  try {
    return await connection.runAndReadAll(sql);
  } finally {
    connection.closeSync();
  }
}

async function columnsOf(sql: string): Promise<ResultColumn[]> {
  const rows = (await native(`DESCRIBE ${sql}`)).getRowObjectsJson();
  return rows.map((row) => ({ name: row['column_name'] as string, type: row['column_type'] as string }));
}

async function arrowOf(input: ExecuteInput) {
  const pieces: Uint8Array[] = [];
  for await (const piece of engine.arrow(input)) pieces.push(piece);
  return { table: tableFromIPC(Buffer.concat(pieces)) };
}

/** Each value's text by DuckDB itself, and Arrow's own reading of the same column cast to text. */
const VALUES = [
  'true',
  '(-128)::TINYINT',
  '255::UTINYINT',
  '(-32768)::SMALLINT',
  '65535::USMALLINT',
  '(-2147483648)::INTEGER',
  '4294967295::UINTEGER',
  '(-9223372036854775808)::BIGINT',
  '18446744073709551615::UBIGINT',
  '1.5::FLOAT',
  "'-inf'::DOUBLE",
];

describe('Arrow from the engine', () => {
  it.each(VALUES)('carries %s and NULL exactly', async (value) => {
    const sql = `SELECT * FROM (VALUES (${value}), (NULL), (${value})) t(v)`;
    const { table } = await arrowOf({ sql, scans: [], columns: await columnsOf(sql) });
    const expected = (await native(sql)).getColumnsJS()[0];
    expect([...(table.getChildAt(0) ?? [])]).toEqual(expected);
  });

  it('carries text of any length, NULLs and emptiness over several chunks', async () => {
    const sql = `SELECT CASE WHEN i % 7 = 0 THEN NULL WHEN i % 5 = 0 THEN '' ELSE repeat('ü' || i, (i % 9)::INT) END AS s, i FROM range(10_000) t(i)`;
    const { table } = await arrowOf({ sql, scans: [], columns: await columnsOf(sql) });
    const expected = (await native(sql)).getColumnsJS();
    expect([...(table.getChild('s') ?? [])]).toEqual(expected[0]);
    expect([...(table.getChild('i') ?? [])]).toEqual(expected[1]);
    expect(table.batches.length).toBeGreaterThan(2);
  });

  it('gives the first rows of a large LIMIT, and no more', async () => {
    const sql = 'SELECT i FROM range(3_000_000) t(i) LIMIT 100_001';
    const columns = [{ name: 'i', type: 'BIGINT' }];
    const { table } = await arrowOf({ sql, scans: [], columns });
    expect(table.numRows).toBe(100_001);
    expect(table.getChildAt(0)?.get(100_000)).toBe(100_000n);
    expect((await arrowOf({ sql, scans: [], columns, limit: 70_000 })).table.numRows).toBe(70_000);
  });

  it('carries decimals and 128-bit integers as their digits', async () => {
    const sql = `SELECT (-12.34)::DECIMAL(4,2) a, 123456.789::DECIMAL(9,3) b, (-1)::DECIMAL(18,0) c, 12345678901234567890.123::DECIMAL(38,3) d, (-170141183460469231731687303715884105727)::HUGEINT e`;
    const { table } = await arrowOf({ sql, scans: [], columns: await columnsOf(sql) });
    const digits = table.schema.fields.map((field) =>
      toBigInt(table.getChild(field.name)?.get(0) as Uint32Array),
    );
    expect(digits).toEqual([
      -1234n,
      123456789n,
      -1n,
      12345678901234567890123n,
      -170141183460469231731687303715884105727n,
    ]);
  });

  it('carries times as the integers that DuckDB has', async () => {
    const sql = `SELECT DATE '1969-12-31' d, TIME '23:59:59.999999' t, TIMESTAMP '1600-01-01 00:00:00.000001' ts, TIMESTAMPTZ '2026-01-01 00:00:00+02' tz, '2020-01-01'::TIMESTAMP_NS ns`;
    const { table } = await arrowOf({ sql, scans: [], columns: await columnsOf(sql) });
    const raw = (name: string) => table.getChild(name)?.data[0]?.values[0] as unknown;
    expect([raw('d'), raw('t'), raw('ts'), raw('tz'), raw('ns')]).toEqual([
      -1,
      86_399_999_999n,
      -11_676_096_000_000_000n + 1n,
      1_767_218_400_000_000n,
      1_577_836_800_000_000_000n,
    ]);
  });

  it('carries nested values, slices of lists and empty ones', async () => {
    const sql = `SELECT * FROM (VALUES ([1, NULL, 3], {'a': 1, 'b': 'x'}, MAP {'k': [1.5]}, [['p'], []]), ([], {'a': NULL, 'b': NULL}, MAP {}, NULL), (NULL, NULL, NULL, [NULL])) t(l, s, m, n) ORDER BY s.a NULLS LAST`;
    const { table } = await arrowOf({ sql, scans: [], columns: await columnsOf(sql) });
    const text = (name: string) => [...(table.getChild(name) ?? [])].map((value) => JSON.stringify(value));
    expect(text('l')).toEqual(['[1,null,3]', '[]', 'null']);
    expect(text('n')).toEqual(['[["p"],[]]', 'null', '[null]']);
    expect(text('s')).toEqual(['{"a":1,"b":"x"}', '{"a":null,"b":null}', 'null']);
  });

  it('gives what has no Arrow form as text, inside of lists too, with duplicate names', async () => {
    const sql = `SELECT 'a'::ENUM ('a', 'b') AS x, uuid '00000000-0000-0000-0000-000000000001' AS x, INTERVAL '1 month 2 days' AS i, [INTERVAL '3 hours'] AS li, '101'::BIT AS b, 340282366920938463463374607431768211455::UHUGEINT AS u`;
    const { table } = await arrowOf({ sql, scans: [], columns: await columnsOf(sql) });
    const row = table.schema.fields.map((_, index) => JSON.stringify(table.getChildAt(index)?.get(0)));
    expect(row).toEqual([
      '"a"',
      '"00000000-0000-0000-0000-000000000001"',
      '"1 month 2 days"',
      '["03:00:00"]',
      '"101"',
      '"340282366920938463463374607431768211455"',
    ]);
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['x', 'x', 'i', 'li', 'b', 'u']);
  });

  it('carries columns of one name and several types', async () => {
    const sql =
      "SELECT i::INTEGER AS id, 'a' || i AS id, i / 2 AS ID, i::INTEGER AS id FROM range(3000) t(i)";
    const { table } = await arrowOf({ sql, scans: [], columns: await columnsOf(`(${sql})`) });
    expect(table.numRows).toBe(3000);
    const last = table.batches.at(-1);
    expect(last?.data.children.map((child) => makeVector(child).get(child.length - 1) as unknown)).toEqual([
      2999,
      'a2999',
      1499.5,
      2999,
    ]);
  });

  it('gives an empty result its columns', async () => {
    const sql = 'SELECT 1 AS a WHERE false';
    const { table } = await arrowOf({ sql, scans: [], columns: await columnsOf(sql) });
    expect(table.numRows).toBe(0);
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['a']);
  });
});

describe('running', () => {
  const numbers = (sql: string): ExecuteInput => ({
    sql,
    scans: [],
    columns: [{ name: 'i', type: 'BIGINT' }],
  });

  it('stops at the limit and says whether there was more', async () => {
    expect(await engine.json({ ...numbers('FROM range(5000)'), limit: 3000 })).toMatchObject({
      truncated: true,
      rows: { length: 3000 },
    });
    expect(await engine.json({ ...numbers('FROM range(3000)'), limit: 3000 })).toMatchObject({
      truncated: false,
      rows: { length: 3000 },
    });
    const { table } = await arrowOf({ ...numbers('FROM range(100_000_000)'), limit: 2500 });
    expect(table.numRows).toBe(2500);
  });

  it('reads columns by field id from the files of a scan, and counts rows without reading', async () => {
    const path = join(folder, 'renamed.parquet');
    await native(
      `COPY (SELECT 7 AS before, 'x' AS other) TO '${path}' (FORMAT parquet, FIELD_IDS {before: 1, other: 2})`,
    );
    const files = [{ path, rows: 1 }];
    const scan = {
      view: 's',
      files,
      columns: [
        { fieldId: 1, name: 'after', sqlType: 'BIGINT', type: 'long' },
        { fieldId: 9, name: 'added', sqlType: 'VARCHAR', type: 'string' },
      ],
    };
    const columns = [
      { name: 'after', type: 'BIGINT' },
      { name: 'added', type: 'VARCHAR' },
    ];
    expect(await engine.json({ sql: 'SELECT after, added FROM s', scans: [scan], columns })).toEqual({
      rows: [['7', null]],
      truncated: false,
    });
    const counted = await engine.json({
      sql: 'SELECT count(*) FROM s',
      scans: [
        {
          view: 's',
          columns: [],
          files: [
            { path: '/nowhere', rows: 41 },
            { path, rows: 1 },
          ],
        },
      ],
      columns,
    });
    expect(counted.rows).toEqual([['42']]);
    const none = await engine.json({
      sql: 'SELECT count(after) FROM s',
      scans: [{ ...scan, files: [] }],
      columns,
    });
    expect(none.rows).toEqual([['0']]);
  });

  it('fails after its first rows as it does before, whoever takes them', async () => {
    const sql =
      "SELECT CAST(CASE WHEN range < 300000 THEN '1' ELSE 'one' END AS INTEGER) AS n FROM range(400000)";
    const input = { sql, scans: [], columns: [{ name: 'n', type: 'INTEGER' }] };
    const failure = { code: 'SQL_RUNTIME', message: expect.stringContaining("'one'") as string };
    await expect(engine.json(input)).rejects.toMatchObject(failure);
    await expect(arrowOf(input)).rejects.toMatchObject(failure);
    const rows = async () => {
      for await (const some of engine.rows(input)) expect(some.length).toBeGreaterThan(0);
    };
    await expect(rows()).rejects.toMatchObject(failure);
    const numbered = {
      ...input,
      sql: `SELECT range FROM range(1000000) WHERE range < 700000 OR error('late')`,
    };
    const integers = async () => {
      for await (const [some] of engine.integers(numbered)) expect(some?.length).toBeGreaterThan(0);
    };
    await expect(integers()).rejects.toMatchObject({ message: expect.stringContaining('late') as string });
  });

  it('is cancelled, while it runs and while it waits', async () => {
    const controller = new AbortController();
    const endless = 'SELECT count(*) FROM range(100_000_000_000) a WHERE a.range % 7 = 3';
    const running = [1, 2, 3].map(() => engine.json({ ...numbers(endless), signal: controller.signal }));
    setTimeout(() => controller.abort(), 100);
    const outcomes = await Promise.allSettled(running);
    expect(
      outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as Error).name),
    ).toEqual(['AbortError', 'AbortError', 'AbortError']);
    expect((await engine.json(numbers('SELECT 1'))).rows).toEqual([[1]]);
  });

  const hastyEngine = (timeoutMs: number) =>
    createServerEngine({
      allowedDirectories: [],
      memoryLimit: '200MB',
      threads: 1,
      timeoutMs,
      maxConcurrent: 1,
    });

  it('ends at its time, and lives on', async () => {
    const hasty = await hastyEngine(50);
    await expect(
      hasty.json(
        numbers('WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT count(*) FROM r'),
      ),
    ).rejects.toMatchObject({ code: 'TIMEOUT' });
    // On a busy machine that, too, may take longer than it may.
    const rows = await vi.waitFor(async () => (await hasty.json(numbers('SELECT 1'))).rows, 30_000);
    expect(rows).toEqual([[1]]);
    hasty.close();
  });

  /** Some rows at once, and then none for as long as nobody stops it. */
  const slowly = numbers('SELECT range FROM range(100_000_000_000) WHERE range < 2_000_000 OR range % 7 = 9');

  it('stops what it fetched ahead where nobody takes it', async () => {
    const rows = engine.rows(slowly);
    expect((await rows.next()).value?.length).toBeGreaterThan(0);
    expect(engine.load().running).toBe(1);
    await rows.return(undefined);
    expect(engine.load().running).toBe(0);
  });

  it('gives the place of whoever does not come back to others, at its time', async () => {
    const hasty = await hastyEngine(2000);
    const rows = hasty.rows(slowly);
    expect((await rows.next()).value?.length).toBeGreaterThan(0);
    expect((await hasty.json(numbers('SELECT 1'))).rows).toEqual([[1]]);
    await expect(rows.next()).rejects.toMatchObject({ code: 'TIMEOUT' });
    hasty.close();
  });

  it('reads nothing outside of its folders and changes no setting', async () => {
    for (const sql of [
      "FROM read_text('/etc/hostname')",
      "FROM read_csv('https://example.org/x.csv')",
      "FROM glob('/etc/*')",
    ]) {
      await expect(engine.json(numbers(sql))).rejects.toMatchObject({ name: 'AppError' });
    }
    await expect(engine.json(numbers('SET threads = 1'))).rejects.toMatchObject({ name: 'AppError' });
  });

  it('names the file that is broken or gone', async () => {
    const foreign = join(folder, 'foreign.parquet');
    await writeFile(foreign, 'this is no parquet file at all, by far');
    const scan = (path: string) => [
      {
        view: 's',
        columns: [{ fieldId: 1, name: 'a', sqlType: 'BIGINT', type: 'long' }],
        files: [{ path, rows: 1 }],
      },
    ];
    await expect(engine.json({ ...numbers('FROM s'), scans: scan(foreign) })).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      context: { path: foreign },
    });
    await expect(
      engine.json({ ...numbers('FROM s'), scans: scan(join(folder, 'gone.parquet')) }),
    ).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  it('tells a failing cast from its own failure', async () => {
    await expect(engine.json(numbers("SELECT 'x'::INT"))).rejects.toMatchObject({ code: 'SQL_RUNTIME' });
  });
});

function toBigInt(words: Uint32Array): bigint {
  const value = words.reduceRight((high, word) => (high << 32n) | BigInt(word), 0n);
  return BigInt.asIntN(128, value);
}
