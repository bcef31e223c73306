import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { ResultCache } from '#server/engine/results/result-cache.ts';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { checkQuery, planQuery, queryJson } from './index.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
  await db.run(
    `CREATE TABLE s.t AS FROM (VALUES (1, 'x', 10), (1, 'y', 20), (2, 'x', 5), (2, NULL, 7), (3, 'Z ''q''', NULL)) v(a, b, n)`,
  );
});
afterAll(() => db.close());

const run = async (sql: string, ref?: string) => {
  const { columns, rows } = await queryJson(db.ctx, { sql, ...(ref === undefined ? {} : { ref }) });
  return [columns.map(({ name }) => name), ...rows];
};
const failure = async (sql: string) => {
  const error: unknown = await queryJson(db.ctx, { sql }).catch((thrown: unknown) => thrown);
  if (error instanceof AppError) return { code: error.code, message: error.message, ...error.context };
  throw new Error(`${sql} did not fail`);
};

it('takes the columns of PIVOT from the data, whatever it is in', async () => {
  const all = [
    ['a', "Z 'q'", 'x', 'y'],
    [1, null, '10', '20'],
    [2, null, '5', null],
    [3, null, null, null],
  ];
  for (const sql of [
    'PIVOT s.t ON b USING sum(n) GROUP BY a ORDER BY a;',
    'pivot_wider s.t -- by ON c\n ON b -- only\n USING sum(n) GROUP BY a ORDER BY a',
    'WITH q AS (FROM s.t) PIVOT q ON b USING sum(n) GROUP BY a ORDER BY a',
    'FROM (PIVOT s.t AS t(a, "b", n) ON "b" USING sum(n) GROUP BY a) ORDER BY a',
    'WITH p AS MATERIALIZED (PIVOT (SELECT * FROM s.t) ON b USING sum(n) GROUP BY a) SELECT * FROM p ORDER BY a',
    'WITH q AS (SELECT 1 AS one), r AS (WITH q AS (FROM s.t) PIVOT q ON b USING sum(n) GROUP BY a) FROM r ORDER BY a',
    'PIVOT s.t ON b IN (SELECT DISTINCT b FROM s.t WHERE b IS NOT NULL ORDER BY b) USING sum(n) GROUP BY a ORDER BY a',
  ])
    expect([sql, await run(sql)]).toEqual([sql, all]);
  expect(await run('PIVOT s.t ON a IN (1, 3), b USING count(*) GROUP BY ()').catch(() => 'refused')).toBe(
    'refused',
  );
  expect(await run("PIVOT s.t ON b IN ('y'), a USING sum(n)")).toEqual([
    ['y_1', 'y_2', 'y_3'],
    ['20', null, null],
  ]);
  expect((await run('EXPLAIN PIVOT s.t ON b USING sum(n)')).length).toBeGreaterThan(2);
  expect((await run('DESCRIBE PIVOT s.t ON b')).slice(1).map(([name]) => name)).toEqual([
    'a',
    'n',
    "Z 'q'",
    'x',
    'y',
  ]);
});

it('has no columns of what is never there, and leaves PIVOT in other places alone', async () => {
  const none =
    'PIVOT (SELECT a, b, n FROM s.t WHERE b IS NULL) ON b USING sum(n), max(n) AS most GROUP BY a ORDER BY a';
  expect(await run(none)).toEqual([['a'], [2]]);
  expect(await run('SELECT count(*) AS n, max(a) AS pivot FROM s.t JOIN s.t u USING (a)')).toEqual([
    ['n', 'pivot'],
    ['9', 3],
  ]);
  expect(
    await run("FROM (SELECT a AS pivot, b, n FROM s.t) PIVOT (sum(n) FOR b IN ('x')) ORDER BY 1"),
  ).toEqual([
    ['pivot', 'x'],
    [1, '10'],
    [2, '5'],
    [3, null],
  ]);
});

it('asks at the place in history that the query reads, once', async () => {
  const { commit } = await db.run("INSERT INTO s.t VALUES (4, 'new', 1)");
  const before = `main@${(await db.ctx.catalog.log(commit?.hash ?? '', { limit: 2 })).commits[1]?.hash ?? ''}`;
  const sql = 'PIVOT s.t ON b USING sum(n)';
  expect((await run(sql))[0]).toContain('new');
  expect((await run(sql, before))[0]).not.toContain('new');
  expect((await run(`PIVOT s.t AT (VERSION => '${before}') ON b USING sum(n)`))[0]).not.toContain('new');
  const ctx = { ...db.ctx, results: new ResultCache({ maxBytes: 1e6, maxAnswerBytes: 1e6 }) };
  const asked = vi.spyOn(ctx.engine, 'json');
  await planQuery(ctx, { sql });
  await queryJson(ctx, { sql });
  expect(asked.mock.calls.map(([{ sql: ran }]) => /DISTINCT/.test(ran))).toEqual([true, false]);
  asked.mockRestore();
});

it('says what is wrong where it stands, before anything is asked of the data where it can', async () => {
  const asked = vi.spyOn(db.ctx.engine, 'json');
  expect(await failure('FROM (PIVOT s.t ON bb USING sum(n))')).toMatchObject({
    code: 'COLUMN_NOT_FOUND',
    position: 19,
  });
  expect(await failure('PIVOT s.t ON b USING sum(n) GROUP BY a SELECT')).toMatchObject({
    code: 'SQL_SYNTAX',
    position: 39,
  });
  expect(await failure('PIVOT s.tt ON b USING sum(n)')).toMatchObject({
    code: 'TABLE_NOT_FOUND',
    position: 6,
  });
  expect(await failure('PIVOT s.t ON getenv(b) USING sum(n)')).toMatchObject({
    code: 'FORBIDDEN',
    position: 13,
  });
  expect(asked).not.toHaveBeenCalled();
  asked.mockRestore();
  expect(await failure('PIVOT s.t ON b USING sum(nn)')).toMatchObject({
    code: 'COLUMN_NOT_FOUND',
    position: 25,
  });
  expect(await failure('PIVOT s.t ON b IN (SELECT a, b FROM s.t) USING sum(n)')).toMatchObject({
    code: 'SQL_BINDING',
    position: 19,
  });
  expect(await failure('PIVOT (FROM range(100001) t(i)) ON i USING count(*)')).toMatchObject({
    code: 'SQL_BINDING',
    position: 35,
    message: expect.stringContaining('100,000 columns') as string,
  });
});

it('runs nothing to check one that is being written', async () => {
  const asked = vi.spyOn(db.ctx.engine, 'json');
  expect(await checkQuery(db.ctx, { sql: 'PIVOT s.t ON b USING sum(n)' })).toEqual({ problem: null });
  expect(await checkQuery(db.ctx, { sql: 'PIVOT s.t ON bb USING sum(n)' })).toMatchObject({
    problem: { code: 'COLUMN_NOT_FOUND', context: { position: 13 } },
  });
  expect(asked).not.toHaveBeenCalled();
  asked.mockRestore();
});

it('is the query of a write, and of no view, which has to keep its columns', async () => {
  await db.run("CREATE TABLE s.wide AS PIVOT (FROM s.t WHERE b IN ('x', 'y')) ON b USING sum(n) GROUP BY a");
  expect(await db.rows('FROM s.wide ORDER BY a')).toEqual([
    [1, '10', '20'],
    [2, '5', null],
  ]);
  await db.run("INSERT INTO s.wide BY NAME PIVOT (SELECT 9 AS a, 'y' AS k, 1 AS n) ON k USING sum(n)");
  expect(await db.rows('FROM s.wide WHERE a = 9')).toEqual([[9, null, '1']]);
  for (const kind of ['VIEW', 'MATERIALIZED VIEW'])
    await expect(db.run(`CREATE ${kind} s.v AS PIVOT s.t ON b USING sum(n)`)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('Name the values') as string,
    });
  await db.run("CREATE VIEW s.v AS PIVOT s.t ON b IN ('x') USING sum(n) GROUP BY a");
  expect(await run('FROM s.v WHERE a = 1')).toEqual([
    ['a', 'x'],
    [1, '10'],
  ]);
});
