import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ResultCache } from '#server/engine/results/result-cache.ts';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { queryArrow, queryJson, type QueryContext } from './index.ts';

let db: DmlFixture;
let ctx: QueryContext;
beforeAll(async () => {
  db = await DmlFixture.open();
  ctx = { ...db.ctx, results: new ResultCache({ maxBytes: 1e7, maxAnswerBytes: 1e6 }) };
  await db.run('CREATE TABLE c.t AS SELECT range AS x FROM range(1000)');
});
afterAll(async () => db.close());

const isCached = async (sql: string) => (await queryJson(ctx, { sql })).fromCache === true;

it('takes an answer from the run before, while the table is the same', async () => {
  const sql = 'SELECT sum(x) AS s FROM c.t WHERE x > 10';
  const first = await queryJson(ctx, { sql });
  const again = await queryJson(ctx, { sql: `-- the same\n${sql.replaceAll(' ', '  ')};` });
  expect([first.fromCache, again.fromCache]).toEqual([undefined, true]);
  expect(again.rows).toEqual(first.rows);
  expect(await isCached('SELECT sum(x) AS S FROM c.t WHERE x > 10')).toBe(false);
  expect((await queryJson(ctx, { sql, cache: false })).fromCache).toBeUndefined();

  await db.run('INSERT INTO c.t VALUES (1000000)');
  const after = await queryJson(ctx, { sql });
  expect(after.fromCache).toBeUndefined();
  expect(after.rows).not.toEqual(first.rows);
  // The old snapshot is where it was.
  const [{ snapshotId } = {}] = first.snapshots;
  const old = `SELECT sum(x) AS s FROM c.t AT (VERSION => ${snapshotId}) WHERE x > 10`;
  expect((await queryJson(ctx, { sql: old })).rows).toEqual(first.rows);
});

it('keeps no answer that could be another one next time', async () => {
  for (const sql of [
    'SELECT random() < 2, sum(x) FROM c.t',
    'SELECT uuid() IS NULL, sum(x) FROM c.t',
    'SELECT now() IS NULL, sum(x) FROM c.t',
    'SELECT current_date IS NULL, sum(x) FROM c.t',
    'SELECT sum(x) FROM c.t USING SAMPLE 10%',
    'SELECT sum(x) FROM c.t TABLESAMPLE 10%',
    'EXPLAIN SELECT sum(x) FROM c.t',
  ])
    expect([sql, await isCached(sql), await isCached(sql)]).toEqual([sql, false, false]);
});

it('gives every field of structs that name none, by its place, as Arrow does', async () => {
  const sql = `SELECT row(1, 'a', [row(2, NULL)]) AS r, MAP {'k': row(row(3, 4), 5)} AS m, {'s': row(6, 7), 't': 8} AS n,
    row('"" (,'::ENUM('"" (,'), 9::DECIMAL(4, 1)) AS e, x FROM c.t ORDER BY x LIMIT 2`;
  const { rows, columns } = await queryJson(ctx, { sql });
  expect(columns.map(({ name }) => name)).toEqual(['r', 'm', 'n', 'e', 'x']);
  expect(rows[1]).toEqual([
    { 1: 1, 2: 'a', 3: [{ 1: 2, 2: null }] },
    [{ key: 'k', value: { 1: { 1: 3, 2: 4 }, 2: 5 } }],
    { s: { 1: 6, 2: 7 }, t: 8 },
    { 1: '"" (,', 2: '9.0' },
    '1',
  ]);
  await expect(
    queryJson(ctx, { sql: "SELECT row(1, x), CAST('q' || x AS INT) FROM c.t" }),
  ).rejects.toMatchObject({
    code: 'SQL_RUNTIME',
    context: { position: 18 },
  });
});

it('keeps rows of different limits and forms apart', async () => {
  const sql = 'SELECT x FROM c.t ORDER BY x';
  const two = await queryJson(ctx, { sql, limit: 2 });
  const three = await queryJson(ctx, { sql, limit: 3 });
  expect([two.rowCount, two.truncated, three.rowCount, three.fromCache]).toEqual([2, true, 3, undefined]);
  const arrow = async () => {
    const { stream, fromCache } = await queryArrow(ctx, { sql, limit: 2 });
    return { fromCache, bytes: Buffer.from(await new Response(stream).arrayBuffer()).toString('base64') };
  };
  const first = await arrow();
  expect(first.fromCache).toBe(false);
  expect(await arrow()).toEqual({ ...first, fromCache: true });
});

it('runs once for all who ask at once, and goes on for the others when one gives up', async () => {
  const json = vi.spyOn(ctx.engine, 'json');
  const sql = 'SELECT count(*) AS n FROM c.t a, c.t b, range(60) r(y) WHERE (a.x * b.x + y) % 7 = 3';
  const first = new AbortController();
  const given = queryJson(ctx, { sql }, first.signal);
  const others = [1, 2, 3].map(async () => queryJson(ctx, { sql }));
  await vi.waitFor(() => expect(json).toHaveBeenCalled());
  first.abort();
  await expect(given).rejects.toMatchObject({ name: 'AbortError' });
  const answers = await Promise.all(others);
  expect(new Set(answers.map(({ rows }) => String(rows))).size).toBe(1);
  expect(answers.filter(({ fromCache }) => fromCache === true).length).toBeGreaterThanOrEqual(2);
  expect(json.mock.calls.length).toBeLessThanOrEqual(2);
  json.mockRestore();
});

it('does not keep what failed', async () => {
  const sql = "SELECT CAST('x' || x AS INTEGER) FROM c.t";
  await expect(queryJson(ctx, { sql })).rejects.toMatchObject({ code: 'SQL_RUNTIME' });
  await expect(queryJson(ctx, { sql })).rejects.toMatchObject({
    code: 'SQL_RUNTIME',
    context: { position: expect.any(Number) as number },
  });
});

it('plans anew, once, where a file has gone since and the table is another by now', async () => {
  await db.run('CREATE TABLE c.gone AS SELECT range AS x FROM range(10)');
  /** What happens between the plan of a query and its run, as maintenance may. */
  const after = (work: () => Promise<unknown>): QueryContext => {
    let done: Promise<unknown> | null = null;
    const { opener } = db.ctx;
    return {
      ...db.ctx,
      opener: { open: async (...file) => (done ??= work()).then(() => opener.open(...file)) },
    };
  };
  const [old] = await db.files('c.gone');
  const remove = async (location = '') => db.ctx.io.delete(location);
  const replaced = after(async () => {
    await db.run('INSERT OVERWRITE c.gone SELECT range AS x FROM range(100)');
    await remove(old?.file.filePath);
  });
  const sql = 'SELECT sum(x + 1)::INTEGER AS s FROM c.gone';
  expect((await queryJson(replaced, { sql })).rows).toEqual([[5050]]);

  const [present] = await db.files('c.gone');
  const gone = after(async () => remove(present?.file.filePath));
  await expect(queryJson(gone, { sql })).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
    message: expect.stringMatching(/^The file ….*planned again.*RESTORE TABLE/) as string,
    context: { path: expect.stringMatching(/^…\/[^/]+\/[^/]+\/[^/]+\.parquet$/) as string },
  });
});

it('gathers no more of an answer than it can hold, and says how it can be had', async () => {
  const sql = "SELECT repeat('x', 1000000) AS x FROM range(1000)";
  await expect(queryJson(ctx, { sql })).rejects.toMatchObject({
    code: 'PAYLOAD_TOO_LARGE',
    message: expect.stringContaining('/api/v1/results') as string,
    context: { rows: 67 },
  });
  expect((await queryJson(ctx, { sql, limit: 3 })).truncated).toBe(true);
});
