import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServerEngine, type ServerEngine } from '#server/engine/execute/server-engine.ts';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { planQuery, queryArrow, queryJson, type QueryContext } from './index.ts';

let db: DmlFixture;
let folder: string;
const engines: ServerEngine[] = [];
beforeAll(async () => {
  db = await DmlFixture.open();
  folder = await mkdtemp(join(tmpdir(), 'timestream-heavy-'));
});
afterAll(async () => {
  for (const engine of engines) engine.close();
  await db.close();
  await rm(folder, { recursive: true, force: true });
});

async function withEngine(options: {
  memory?: string;
  places?: number;
  forLight?: number;
  timeoutMs?: number;
}): Promise<QueryContext> {
  const engine = await createServerEngine({
    allowedDirectories: [dirname(db.ctx.stagingDirectory)],
    memoryLimit: options.memory ?? '512MB',
    threads: 1,
    tempDirectory: join(folder, `spill-${engines.length}`),
    timeoutMs: options.timeoutMs ?? 60_000,
    maxConcurrent: options.places ?? 2,
    forLight: options.forLight ?? 0,
  });
  engines.push(engine);
  return { ...db.ctx, engine };
}

const ENDLESS = 'WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT max(i) FROM r';

describe('the server engine under load', () => {
  it('lets ten heavy queries wait for a place each, and answers them all', async () => {
    const ctx = await withEngine({ memory: '200MB', places: 2 });
    const sql = (n: number) => `SELECT count(DISTINCT hash(i) % 200000)::INT + ${n} FROM range(1000000) t(i)`;
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_, n) => queryJson(ctx, { sql: sql(n) })),
    );
    const found = answers.map(({ rows }) => Number(rows[0]?.[0]));
    expect(found).toEqual(found.map((_, n) => Number(found[0]) + n));
    expect(found[0]).toBeGreaterThan(150_000);
  });

  it('starts no third query where two have not been taken to their end', async () => {
    const ctx = await withEngine({ places: 2 });
    const open = async () => (await queryArrow(ctx, { sql: 'SELECT i FROM range(2000000) t(i)' })).stream;
    const [one, two] = [await open(), await open()];
    const third = open();
    expect(await Promise.race([third.then(() => 'started'), wait(300, 'waits')])).toBe('waits');
    await one.cancel();
    await (await third).cancel();
    await two.cancel();
  });

  it('lets nobody who does not come for the rest keep a place beyond the time of a query', async () => {
    const ctx = await withEngine({ places: 1, timeoutMs: 8000 });
    const left = (await queryArrow(ctx, { sql: 'SELECT i FROM range(50000000) t(i)' })).stream.getReader();
    await left.read();
    expect((await queryJson(ctx, { sql: 'SELECT 1' })).rows).toEqual([[1]]);
    const rest = async () => {
      while (!(await left.read()).done);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect((await queryJson(ctx, { sql: 'SELECT 2' })).rows).toEqual([[2]]);
  });

  it.each([
    ['rows that it makes', 'SELECT count(*) FROM range(100000000000) t(i) WHERE i % 7 = 3'],
    ['a recursion', ENDLESS],
    [
      'a product',
      'SELECT count(*) FROM h.few a, h.few b, h.few c, h.few d, h.few e WHERE a.i + b.i + c.i + d.i + e.i < 0',
    ],
    [
      'a product without tables',
      `SELECT count(*) FROM ${['a', 'b', 'c'].map((name) => `range(9999) ${name}(i)`).join(', ')}`,
    ],
  ])('keeps the places of light queries from heavy ones that read little: %s', async (_, sql) => {
    await db.run('CREATE TABLE IF NOT EXISTS h.few AS SELECT i FROM range(1000) t(i)');
    const ctx = await withEngine({ places: 1, forLight: 1 });
    const stop = new AbortController();
    const heavy = [1, 2].map((n) =>
      queryJson(ctx, { sql: `SELECT ${n}, * FROM (${sql})` }, stop.signal).catch((error: unknown) => error),
    );
    await expect.poll(() => ctx.engine.load()).toMatchObject({ running: 1, waiting: 1 });
    for (const light of [
      'SELECT 1',
      'SELECT count(*)::INT / 1000 FROM h.few a JOIN h.few b USING (i)',
      'SELECT max(i) + 1 FROM range(1) t(i)',
    ])
      expect((await queryJson(ctx, { sql: light })).rows.map((row) => row.map(Number))).toEqual([[1]]);
    expect(ctx.engine.load()).toMatchObject({ running: 1, waiting: 1 });
    stop.abort();
    expect(await Promise.all(heavy)).toMatchObject([{ name: 'AbortError' }, { name: 'AbortError' }]);
  });

  it('spills what does not fit in memory, and gives the right answer', async () => {
    const ctx = await withEngine({ memory: '40MB' });
    const sql = `SELECT sum(i)::BIGINT FROM (
      SELECT i, row_number() OVER (ORDER BY hash(i)) AS r FROM range(1500000) t(i)) WHERE r > 0`;
    expect((await queryJson(ctx, { sql })).rows).toEqual([[String((1_500_000 * 1_499_999) / 2)]]);
    const explained = await planQuery(ctx, { sql: `EXPLAIN ANALYZE ${sql}` });
    expect(explained.explanation?.run?.spilledBytes).toBeGreaterThan(0);
  });

  it('says what to set where the memory is not enough', async () => {
    const ctx = await withEngine({ memory: '64MB' });
    const asked = queryJson(ctx, { sql: 'SELECT len(list(i)) FROM range(100000000) t(i)' });
    await expect(asked).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: expect.stringContaining('ENGINE_MEMORY'),
    });
  });

  it('sends a window of a result of fifty million rows, and is free for the next query', async () => {
    const ctx = await withEngine({ places: 1 });
    const sql = 'SELECT i FROM range(50000000) t(i)';
    const { stream } = await queryArrow(ctx, { sql, limit: 100_001 });
    const table = tableFromIPC(new Uint8Array(await new Response(stream).arrayBuffer()));
    expect([table.numRows, table.get(100_000)?.['i']]).toEqual([100_001, 100_000n]);
    const json = await queryJson(ctx, { sql });
    expect([json.rowCount, json.truncated]).toEqual([10_000, true]);
    const left = (await queryArrow(ctx, { sql })).stream.getReader();
    await left.read();
    await left.cancel();
    expect((await queryJson(ctx, { sql: 'SELECT 1' })).rows).toEqual([[1]]);
  });

  it('ends a recursion that never ends at its time, or when it is cancelled', async () => {
    const short = await withEngine({ timeoutMs: 300, places: 1 });
    await expect(queryJson(short, { sql: ENDLESS })).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect((await queryJson(short, { sql: 'SELECT 1' })).rows).toEqual([[1]]);

    const long = await withEngine({ places: 1 });
    const cancel = new AbortController();
    const running = queryJson(long, { sql: ENDLESS }, cancel.signal);
    setTimeout(() => cancel.abort(), 200);
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect((await queryJson(long, { sql: 'SELECT 2' })).rows).toEqual([[2]]);
  });
});

describe('large statements', () => {
  it('runs one of a megabyte', async () => {
    await db.run('CREATE TABLE h.t AS SELECT range AS x FROM range(10)');
    const list = Array.from({ length: 20_000 }, (_, i) => `'${String(i + 3).padStart(45, '0')}'`).join(',');
    const sql = `SELECT count(*)::INT FROM h.t WHERE lpad(x::VARCHAR, 45, '0') IN (${list})`;
    expect(sql.length).toBeGreaterThan(900_000);
    expect(await db.rows(sql)).toEqual([[7]]);
  });

  it.each([
    ['parentheses', `SELECT ${'('.repeat(200_000)}1${')'.repeat(200_000)}`],
    ['operators', `SELECT ${'1+'.repeat(100_000)}1`],
    ['subqueries', `${'SELECT * FROM ('.repeat(3000)}SELECT 1${')'.repeat(3000)}`],
    ['an open string', `SELECT '${'a'.repeat(900_000)}`],
  ])('refuses one that nests too deep and lives on: %s', async (_, sql) => {
    await expect(db.rows(sql)).rejects.toMatchObject({ status: 400 });
    expect(await db.rows('SELECT 1')).toEqual([[1]]);
  });

  it('reads and plans a thousand columns', async () => {
    const columns = Array.from({ length: 1000 }, (_, i) => `x + ${i} AS c${i}`);
    await db.run(`CREATE TABLE h.wide AS SELECT ${columns.join(', ')} FROM range(3) t(x)`);
    const [row] = await db.rows('SELECT * FROM h.wide ORDER BY c0 DESC LIMIT 1');
    expect(row).toHaveLength(1000);
    expect(row?.at(-1)).toBe('1001');
    const sums = Array.from({ length: 1000 }, (_, i) => `sum(c${i})::INT`);
    const [total] = await db.rows(`SELECT ${sums.join(', ')} FROM h.wide WHERE c7 > 7`);
    expect(total?.[999]).toBe(1000 + 1001);
    const { explanation } = await planQuery(db.ctx, {
      sql: 'EXPLAIN SELECT c1 FROM h.wide WHERE c999 = 1000',
    });
    expect(explanation?.tables[0]?.columns.map(({ name }) => name)).toEqual(['c1', 'c999']);
  });
});
