import { expect, it } from 'vitest';
import { sqlParser } from '../../testing/sql-parser.ts';
import { hasJoin, rowsMade } from './made-rows.ts';

const parser = sqlParser();

it.each([
  ['SELECT 1', 1],
  ["SELECT a, repeat('x', 1000), unnest([1, 2]) FROM t", 1],
  ['FROM range(10)', 10],
  ['SELECT count(*) FROM range(100000000000) t(i) WHERE i % 7 = 3', 100_000_000_000],
  ['SELECT (SELECT count(*) FROM range(1000) b(i) WHERE b.i < a.i) FROM range(2000) a(i)', 2_000_000],
  ['SELECT unnest(range(500)) FROM t', 500],
  ['SELECT unnest(repeat([1, 2], 500))', 1000],
  ['SELECT unnest(list_resize([1], 300))', 300],
  ['SELECT unnest(generate_series(1, i)) FROM t', Number.POSITIVE_INFINITY],
  ["FROM range(DATE '2020-01-01', DATE '2030-01-01', INTERVAL 1 DAY)", Number.POSITIVE_INFINITY],
  ['FROM repeat_row(1, 2, num_rows = 3)', Number.POSITIVE_INFINITY],
  ["FROM repeat('x', 3)", Number.POSITIVE_INFINITY],
  ['WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) FROM r', Number.POSITIVE_INFINITY],
])('knows how many rows a query makes: %s', async (sql, rows) => {
  expect(rowsMade(await parser().parse(sql))).toBe(rows);
});

it.each([
  ['FROM (VALUES (1)) a, (VALUES (2)) b', true],
  ['SELECT 1 IN (FROM (VALUES (1)) a(x) JOIN (VALUES (2)) b(x) USING (x))', true],
  ['SELECT 1 UNION ALL VALUES (2)', false],
])('knows whether it joins: %s', async (sql, joins) => {
  expect(hasJoin(await parser().parse(sql))).toBe(joins);
});
