import { expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import { sqlParser } from '../../testing/sql-parser.ts';
import { analyzeSql } from './analyze.ts';

const parser = sqlParser();

it.each([
  ["SELECT repeat('x', 3000000000)", 7],
  ["SELECT length(repeat(repeat('xy', 30_000), 10 ** 5))", 14],
  ["SELECT 1 FROM t WHERE a < length(lpad('x', 2_000_000_000, 'y'))", 33],
  ['SELECT len(range(3000000000))', 11],
  ['FROM unnest(generate_series(-1e9::BIGINT, 1000000000, 2))', 12],
  ['SELECT list_resize([1], 1 << 30)', 7],
  ["SELECT printf('%2000000000d', 1)", 7],
  ["SELECT format('{:>2000000000}', 'x')", 7],
  ['SELECT repeat([1, 2], 300 * 1000 * 1000)', 7],
  ['SELECT flatten(list_transform(range(10000), x -> range(10000)))', 15],
  ['SELECT [range(100000) for x in range(100000)]', 7],
  ["SELECT repeat('x', 200000000), repeat('y', 100000000), repeat('z', 100000000)", 7],
  ['SELECT repeat(name, 9000000000) FROM t', 7],
  ['SELECT max(len(range(300000000 + id))) FROM t', 15],
  ["SELECT repeat('x', id * 1_000_000_000) FROM t", 7],
])('refuses what would take the memory of the process: %s', async (sql, position) => {
  const error: unknown = await analyzeSql(parser(), sql).catch((thrown: unknown) => thrown);
  expect(isAppError(error, 'UNSUPPORTED') && error.message).toContain('too large for one value');
  expect(isAppError(error) && error.context['position']).toBe(position);
});

it.each([
  ["SELECT levenshtein(repeat('ab', 60000), repeat('ba', 60000))", 7],
  ["SELECT 1 FROM t WHERE a > damerau_levenshtein(lpad('', 20000, 'x'), repeat('y', 6000))", 26],
  [
    "SELECT jaro_similarity(repeat('a', 8000), repeat('b', 8000)) + levenshtein(repeat('a', 9000), repeat('b', 9000))",
    63,
  ],
])('refuses to compare constants that are long: %s', async (sql, position) => {
  const error: unknown = await analyzeSql(parser(), sql).catch((thrown: unknown) => thrown);
  expect(isAppError(error, 'UNSUPPORTED') && error.message).toContain('too long for constants');
  expect(isAppError(error) && error.context['position']).toBe(position);
});

it.each([
  'FROM range(1000000000)',
  "SELECT levenshtein(a, repeat('x', 1000000)), levenshtein('kitten', 'sitting'), editdist3(a, b) FROM t",
  "SELECT levenshtein(repeat('x', 9000), repeat('y', 9000))",
  'SELECT i FROM generate_series(1, 1000000000) t(i) LIMIT 1',
  'SELECT unnest(range(10000000))',
  "SELECT repeat('x', 1000000), repeat('', 3000000000), repeat(a, b), lpad(a, 20, '0') FROM t",
  "SELECT printf('%20.3f', a), format('{:>20}', a), '%2000000000d' FROM t",
  "SELECT range(TIMESTAMP '2020-01-01', TIMESTAMP '2030-01-01', INTERVAL 1 DAY), range(a, b) FROM t",
  'SELECT list_transform(a, x -> range(x)), list_resize(a, 100), range(a + 1, a * 2), range(300000000 - a) FROM t',
])('takes what is not: %s', async (sql) => {
  await expect(analyzeSql(parser(), sql)).resolves.toBeDefined();
});
