import { expect, it } from 'vitest';
import { formatSql } from './format-sql.ts';

it('writes clauses in capitals, also those that look like functions, and leaves functions and texts alone', async () => {
  const formatted = await formatSql(
    `select count(*) filter(where a > 1), row_number() over(order by b), filter(list, x -> x > 1), 'over (' from t at (version => 'v') where over = 1`,
  );
  expect(formatted.replaceAll(/\s+/g, ' ')).toBe(
    `SELECT count(*) FILTER ( WHERE a > 1 ), row_number() OVER ( ORDER BY b ), filter(list, x -> x > 1), 'over (' FROM t AT (VERSION => 'v') WHERE over = 1`,
  );
});

it.each([
  ['select * exclude (a) replace(b + 1 as b) from t', 'SELECT * EXCLUDE (a) REPLACE (b + 1 AS b) FROM t'],
  [`select columns('x.*'), try_cast(a as int) from t`, `SELECT columns('x.*'), try_cast(a AS int) FROM t`],
  ['select a from t order by a desc nulls last', 'SELECT a FROM t ORDER BY a DESC NULLS LAST'],
  [
    'select replace(a, b), first(c ignore nulls) from t',
    'SELECT replace(a, b), first(c IGNORE NULLS) FROM t',
  ],
  [`select a ilike 'x', ts at time zone 'UTC'`, `SELECT a ILIKE 'x', ts AT TIME ZONE 'UTC'`],
  ['create table a.b partitioned by (d) as from t', 'CREATE TABLE a.b PARTITIONED BY (d) AS FROM t'],
  [
    'merge into t using s on t.a = s.a when matched then delete when not matched then insert *',
    'MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT *',
  ],
  ['select nulls, matched, 2 * exclude, at from t', 'SELECT nulls, matched, 2 * exclude, at FROM t'],
])('%s', async (sql, wanted) => {
  expect((await formatSql(sql)).replaceAll(/\s+/g, ' ')).toBe(wanted);
});

it('takes the inputs of a notebook', async () => {
  expect(await formatSql('select $p::int as p from t where delay>$least')).toBe(
    'SELECT $p::int AS p\nFROM t\nWHERE delay > $least',
  );
});

it('writes a clause of one thing in one line, and one of several in lines of their own', async () => {
  expect(await formatSql('select a, b from t where a = 1 and b = 2 order by a limit 10')).toBe(
    `SELECT
  a,
  b
FROM t
WHERE
  a = 1
  AND b = 2
ORDER BY a
LIMIT 10`,
  );
  const text = `SELECT 'a\nWHERE\n  b\nc' AS d`;
  expect(await formatSql(text)).toContain(`'a\nWHERE\n  b\nc'`);
});
