import { expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import { sqlParser } from '../../testing/sql-parser.ts';
import { analyzeSql } from './analyze.ts';

const parser = sqlParser();
const times = (count: number, write: (index: number) => string, between = ''): string =>
  Array.from({ length: count }, (_, index) => write(index)).join(between);
const within = (count: number, before: string, middle: string, after: string): string =>
  `${before.repeat(count)}${middle}${after.repeat(count)}`;

it.each([
  ['UNION ALL of many', times(4002, (at) => `SELECT ${at}`, ' UNION ALL '), 'VALUES'],
  ['UNION in parentheses', `FROM (${times(4002, (at) => `(SELECT ${at})`, ' UNION ')})`, 'VALUES'],
  ['EXCEPT of many', times(200, (at) => `SELECT ${at}`, ' EXCEPT '), '199 parts of EXCEPT or INTERSECT'],
  ['joins of many', `SELECT 1 FROM ${times(600, (at) => `t t${at}`, ', ')}`, '599 joins'],
  ['subqueries of many', `SELECT ${times(300, () => '(SELECT max(a) FROM t)', ', ')}`, '300 subqueries'],
  [
    'WITH of many',
    `WITH c0 AS (SELECT 1 x), ${times(520, (at) => `c${at + 1} AS (FROM c${at})`, ', ')} FROM c520`,
    '521 WITH queries',
  ],
  [
    'joins by one column',
    `SELECT 1 FROM t t0${times(70, (at) => ` JOIN t t${at + 1} ON t${at}.a = t${at + 1}.a`)}`,
    'same column',
  ],
  ['joins by USING', `SELECT 1 FROM t t0${times(70, (at) => ` JOIN t t${at + 1} USING (a)`)}`, 'same column'],
  [
    'joins in WHERE',
    `SELECT 1 FROM ${times(70, (at) => `t t${at}`, ', ')} WHERE ${times(69, (at) => `t0.a = t${at + 1}.A`, ' AND ')}`,
    'same column',
  ],
  ['calls', `SELECT ${within(600, 'abs(', '1', ')')}`, '400 deep'],
  ['a chain of +', `SELECT ${times(600, () => 'a', ' + ')} FROM t`, 'list_sum'],
  ['lists', `SELECT ${within(250, '[', '1', ']')}`, 'lists and structs 145'],
  [
    'conditions',
    `SELECT 1 FROM t WHERE (${times(20_002, (at) => `a = ${at}`, ' OR ')})`,
    'More than 20,000 conditions',
  ],
  ['arrows', `SELECT j${times(25, () => "->'a'")} FROM t`, 'json_extract'],
  [
    'lambdas',
    `SELECT ${within(25, 'list_transform([1], lambda x: ', '1', ')')}`,
    'DuckDB works twice as long',
  ],
  [
    'names of names',
    `SELECT a AS c0, ${times(20, (at) => `c${at} + c${at} AS c${at + 1}`, ', ')} FROM t`,
    'subquery',
  ],
])('refuses %s', async (_, sql, says) => {
  const error: unknown = await analyzeSql(parser(), sql).catch((thrown: unknown) => thrown);
  expect(isAppError(error, 'UNSUPPORTED') && error.message).toContain(says);
});

it('says where', async () => {
  const sql = `SELECT 1,\n ${within(600, 'abs(', '1', ')')}`;
  await expect(analyzeSql(parser(), sql)).rejects.toMatchObject({ context: { line: 2 } });
});

it.each([
  ['UNION ALL', times(3000, (at) => `SELECT ${at}`, ' UNION ALL ')],
  ['VALUES', `VALUES ${times(20_000, (at) => `(${at})`, ', ')}`],
  [
    'parts of a UNION that are large together',
    times(
      300,
      (at) => `SELECT (SELECT max(a) FROM t) FROM t JOIN u USING (a) WHERE b > ${at}`,
      ' UNION ALL ',
    ),
  ],
  [
    'joins of tables by columns of their own',
    `SELECT 1 FROM t t0${times(100, (at) => ` JOIN t t${at + 1} ON t${at}.b = t${at + 1}.a`)}`,
  ],
  ['outer joins', `SELECT 1 FROM t t0${times(100, (at) => ` LEFT JOIN t t${at + 1} USING (a)`)}`],
  ['conditions', `SELECT 1 FROM t WHERE ${times(5000, (at) => `a = ${at}`, ' OR ')}`],
  ['calls', `SELECT ${within(380, 'abs(', '1', ')')}`],
  ['CASE', `SELECT ${within(200, 'CASE WHEN a > 1 THEN ', '1', ' END')} FROM t`],
  ['arrows', `SELECT ${times(300, () => "j->'a'->'b'->>'c'", ', ')} FROM t`],
  ['columns', `SELECT ${times(2000, (at) => `a + ${at} AS c${at}`, ', ')} FROM t`],
  ['names', `SELECT ${times(300, (at) => `a + ${at} AS c${at}, c${at} * c${at} AS d${at}`, ', ')} FROM t`],
  [
    'columns that have the names of others',
    `SELECT ${times(60, (at) => `x${at} || x${at + 1} || x${at + 1} AS x${at + 1}`, ', ')} FROM t`,
  ],
])('takes %s', async (_, sql) => {
  await expect(analyzeSql(parser(), sql)).resolves.toBeDefined();
});
