// @vitest-environment node
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Scan } from '#shared/contract/plan.ts';
import { openNodeTab, type NodeTab } from '../testing/node-tab.ts';
import { fileNeeds } from './needs.ts';

const ROWS = 30_000;
const MIB = 1024 ** 2;

let folder: string;
let instance: DuckDBInstance;
let native: DuckDBConnection;
let tab: NodeTab;
let scan: Scan;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-loose-'));
  instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  native = await instance.connect();
  tab = await openNodeTab({ loose: 2 * MIB });
});
afterAll(async () => {
  native.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true });
});
afterEach(async () => {
  await tab.loader.clear();
  // Rows that nobody reads any more are nowhere.
  expect([inTables(), tab.cache.bytes]).toEqual([[], 0]);
  expect(tab.engine.rows("FROM duckdb_views() WHERE view_name LIKE 'timestream%'")).toEqual([]);
});

/** A new file with its rows in three row groups, as a table that is read; natively the same under `t`. */
async function write(rows = ROWS): Promise<void> {
  const path = join(folder, `${files++}.parquet`);
  await native.run(
    `CREATE OR REPLACE TABLE t AS SELECT i::INTEGER AS n, CASE WHEN i % 7 > 0 THEN ['a', 'bee', 'c'][1 + i % 3] END AS word,
       (i * 37 % 1000)::DECIMAL(9, 2) AS price, DATE '2020-01-01' + (i % 500)::INTEGER AS day FROM range(${rows}) AS r(i)`,
  );
  await native.run(
    `COPY t TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 10240, FIELD_IDS {n: 1, word: 2, price: 3, day: 4})`,
  );
  const types = [
    ['n', 'int', 'INTEGER'],
    ['word', 'string', 'VARCHAR'],
    ['price', 'decimal(9, 2)', 'DECIMAL(9,2)'],
    ['day', 'date', 'DATE'],
  ] as const;
  const columns = types.map(([name, type, sqlType], at) => ({ fieldId: at + 1, name, type, sqlType }));
  scan = {
    view: 't',
    table: 'bronze.t',
    columns,
    files: [
      {
        url: pathToFileURL(path).href,
        bytes: 1000,
        rows,
        columns: columns.map(({ name }) => ({ name, bytes: 1 })),
      },
    ],
    filesKnown: 1,
    pruning: [],
  };
}

const inTables = () =>
  tab.engine.rows("SELECT table_name FROM duckdb_tables() WHERE database_name = 'cache'");

/** The same answer as native DuckDB's. */
async function expectAlike(sql: string): Promise<void> {
  const text = `SELECT COLUMNS(*)::VARCHAR FROM (${sql}) AS answer`;
  const rows = (await native.runAndReadAll(text)).getRowObjectsJson();
  expect(await tab.rows([scan], text)).toEqual(rows);
}

describe('rows that are in no table yet', () => {
  it.each([
    'SELECT count(*) AS n FROM t',
    'SELECT count(word) AS n, sum(price) AS s FROM t',
    'SELECT price, n FROM t WHERE n = 12345',
    'SELECT count(*) AS n FROM t WHERE n BETWEEN 5000 AND 25000 AND price < 500',
    "SELECT n FROM t WHERE word = 'bee' AND day > DATE '2021-04-01' ORDER BY n",
    'SELECT count(*) AS n, min(n) AS low FROM t WHERE word IS NULL',
    "SELECT sum(n) AS s FROM t WHERE word IN ('a', 'c') OR price = 3",
    "SELECT max(day) AS d FROM t WHERE word LIKE 'b%' AND NOT n > 20000",
    'SELECT word, day, n FROM t LIMIT 5 OFFSET 10235',
    'SELECT price, n FROM t ORDER BY price DESC, n LIMIT 7',
    'SELECT word, count(*) AS n, avg(price) AS p FROM t GROUP BY ROLLUP (word) ORDER BY ALL',
    'SELECT n, row_number() OVER (PARTITION BY word ORDER BY price, n) AS r FROM t QUALIFY r = 9 ORDER BY n',
    'SELECT DISTINCT word FROM t ORDER BY word',
    'SELECT n FROM t WHERE n + price > 30900 ORDER BY n',
    'SELECT count(*) AS n FROM t WHERE price IN (SELECT unnest([1, 2, 3]))',
  ])('are read where they lie: %s', async (sql) => {
    await write();
    await expectAlike(sql);
    expect(inTables()).toEqual([]);
    // Again and again.
    await expectAlike(sql);
    expect(inTables()).toEqual([]);
  });

  it.each([
    'SELECT count(*) AS n FROM t AS a JOIN t AS b ON a.n = b.n + 1',
    'WITH few AS (SELECT word, n FROM t WHERE n < 100) SELECT count(*) AS n FROM few AS a, few AS b WHERE a.n < b.n',
    'SELECT n FROM t WHERE price = (SELECT max(price) FROM t) ORDER BY n',
    'SELECT n FROM t WHERE n < 3 UNION ALL SELECT -n FROM t WHERE n < 3 ORDER BY ALL',
    'SELECT word, n, count(*) OVER (PARTITION BY word) AS c FROM t ORDER BY n LIMIT 10',
    'SELECT word, sum(price) OVER (PARTITION BY word) AS s, n FROM t ORDER BY n',
    'WITH RECURSIVE steps AS (SELECT 0 AS step UNION ALL SELECT step + 1 FROM steps, t WHERE n = step AND step < 5) SELECT step FROM steps ORDER BY step',
  ])('give the right answer where a query reads them more than once: %s', async (sql) => {
    await write();
    await expectAlike(sql);
  });

  it('go into tables for a query of several tables, and are read there by the next', async () => {
    await write();
    await expectAlike('SELECT sum(n) AS s FROM t');
    expect(inTables()).toEqual([]);
    const other = { ...scan, view: 'other' };
    const sql = 'SELECT count(*)::INTEGER AS n FROM t JOIN other USING (n)';
    expect(await tab.rows([scan, other], sql)).toEqual([{ n: ROWS }]);
    expect(inTables()).toHaveLength(1);
    await expectAlike('SELECT sum(n) AS s FROM t');
  });

  it('go into tables at once where there are too many, those before them with them', async () => {
    await write(200_000);
    await expectAlike('SELECT sum(n) AS s, count(word) AS w FROM t');
    expect(inTables()).toHaveLength(1);
  });

  it('stay readable for a query that began, when another needs the table', async () => {
    await write();
    const { signal } = new AbortController();
    const pin = await tab.loader.acquire(fileNeeds([scan]), {
      signal,
      priority: 0,
      loose: true,
      onProgress: () => undefined,
    });
    const exposed = await tab.loader.expose(pin.segments);
    await tab.loader.settle(pin.segments);
    expect(inTables()).toHaveLength(1);
    const source = exposed?.sourceOf(pin.segments[0]?.table ?? '');
    expect(tab.engine.rows(`SELECT count(*)::INTEGER AS n FROM ${source}`)).toEqual([{ n: ROWS }]);
    await exposed?.hide();
    pin.release();
    expect(await tab.loader.expose(pin.segments)).toBeNull();
  });

  it('are not mistaken for others of their file that came with an earlier query', async () => {
    await write();
    const all = scan;
    scan = { ...all, columns: all.columns.slice(0, 2), files: all.files };
    await expectAlike('SELECT count(word) AS w, sum(n) AS s FROM (SELECT n, word FROM t)');
    scan = all;
    await expectAlike("SELECT sum(price) AS p, max(day) AS d FROM t WHERE word = 'a' AND n % 2 = 0");
  });
});
