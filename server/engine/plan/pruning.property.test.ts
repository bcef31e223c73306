import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataLocation } from '../../iceberg/metadata/locations.ts';
import type { ResolvedView } from './scan-source.ts';
import { TableFixture } from '../testing/table-fixture.ts';

let tables: TableFixture;
let instance: DuckDBInstance;
let plain: DuckDBConnection;

/** The names of columns of one type, with values far from each other, are each other's. */
const SWAP = 'SELECT day AS cal, cal AS day, ts AS clock, clock AS ts, * EXCLUDE (cal, day, clock, ts)';
const SWAPPED = `${SWAP} FROM t`;

/** Four files whose ranges meet and overlap, with NULL, NaN, infinities, zeros of both signs and odd text. */
const part = (n: number): string => `SELECT
    ${n * 10} + i AS n,
    CASE WHEN i % 5 = 0 THEN NULL ELSE ((${n} - 2) * 1000000000000 + i)::BIGINT END AS big,
    CASE WHEN i = 3 AND ${n} = 1 THEN 'nan'::DOUBLE WHEN i = 4 AND ${n} = 3 THEN 'inf'::DOUBLE
      WHEN i = 5 THEN -0.0 ELSE (${n} - 2) * i / 4.0 END::DOUBLE AS d,
    (CASE WHEN ${n} = 2 AND i = 1 THEN 'nan'::FLOAT ELSE ${n} + i / 10.0 END)::FLOAT AS f,
    (${n} * i / 3.0)::DECIMAL(9, 2) AS dec,
    CASE WHEN ${n} = 0 THEN NULL ELSE ['a', 'ab', 'b', 'é', '😀', '�', '', 'it''s'][1 + (i + ${n}) % 8] || ${n} END AS s,
    DATE '1969-12-${28 + n}' + i::INTEGER AS day,
    TIMESTAMP '1969-12-31 23:59:59.999999' + INTERVAL (i * ${n + 1}) HOUR AS ts,
    (TIMESTAMP '2020-01-01' + INTERVAL (i * ${n}) MINUTE)::TIMESTAMPTZ AS tz,
    i % 2 = ${n % 2} AS odd,
    (CASE WHEN i = 0 THEN NULL WHEN i = 1 AND ${n} = 0 THEN '-infinity' WHEN i = 1 AND ${n} = 3 THEN 'infinity'
      WHEN i = 2 AND ${n} = 0 THEN '0044-03-15 (BC)' WHEN i = 2 AND ${n} = 3 THEN '10000-02-03'
      ELSE DATE '${2000 + n}-11-20' + (i * 7)::INTEGER END)::DATE AS cal,
    cal::TIMESTAMP + INTERVAL (i * 5) HOUR AS clock
  FROM range(12) t(i)`;

beforeAll(async () => {
  tables = await TableFixture.open();
  const metadata = await tables.append('t', part(0), part(1), part(2), part(3));
  instance = await DuckDBInstance.create(':memory:');
  plain = await instance.connect();
  await plain.run("SET TimeZone = 'UTC'");
  const folder = tables.io.localPath(dataLocation(metadata)) ?? '';
  await plain.run(`CREATE VIEW t AS FROM read_parquet('${folder}/*.parquet')`);
  await plain.run(`CREATE VIEW v AS ${SWAPPED}`);
});
afterAll(async () => {
  instance.closeSync();
  await tables.close();
});

const values: Readonly<Record<string, readonly string[]>> = {
  n: ['0', '11', '25', '39', '40', '-1', '20.5', "'12'"],
  big: ['0', '-2000000000000', '1000000000003', '5', '0.5', '9223372036854775807'],
  d: ['0', '-0.0', '0.25', '-1.5', "'nan'", "'inf'", '1e300', '2'],
  f: ['0.1', '1.1', '3.2', "'nan'", '2', '1.1::DOUBLE'],
  dec: ['0', '1.33', '1.335', '11', '-4', '3.67::DOUBLE'],
  s: ["'a1'", "'ab'", "'é2'", "'😀3'", "''", "'it''s1'", "'\u{FFFD}2'", "'a\n_c0_=1--'"],
  day: [
    "'1970-01-01'",
    "DATE '1969-12-31'",
    "DATE '1970-01-01' + 5",
    "TIMESTAMP '1970-01-02 12:00'",
    "'1969-12-28'",
  ],
  ts: [
    "'1970-01-01'",
    "TIMESTAMP '1969-12-31 23:59:59.999999'",
    "DATE '1970-01-01'",
    "'1970-01-02 00:00:00.5'",
  ],
  tz: ["'2020-01-01'", "TIMESTAMPTZ '2020-01-01 02:10:00+02'", "TIMESTAMP '2020-01-01 00:09:00'"],
  odd: ['true', 'false'],
};

const leaf = fc.constantFrom(...Object.keys(values)).chain((column) => {
  const value = fc.constantFrom(...(values[column] ?? []));
  const compare = fc
    .tuple(fc.constantFrom('=', '<>', '<', '<=', '>', '>=', 'IS DISTINCT FROM'), value, fc.boolean())
    .map(([op, v, flip]) => (flip ? `${v} ${op} ${column}` : `${column} ${op} ${v}`));
  const others = [
    fc.constantFrom(`${column} IS NULL`, `${column} IS NOT NULL`),
    fc.tuple(value, value).map(([a, b]) => `${column} BETWEEN ${a} AND ${b}`),
    fc
      .tuple(fc.constantFrom('IN', 'NOT IN'), fc.array(value, { minLength: 1, maxLength: 4 }))
      .map(([op, list]) => `${column} ${op} (${list.join(', ')})`),
  ];
  const special: Readonly<Record<string, readonly string[]>> = {
    s: ["s LIKE 'a%'", "s NOT LIKE 'ab%'", "starts_with(s, 'é')", "s ILIKE 'A%'", "s LIKE '_1'"],
    d: ['isnan(d)', 'NOT isnan(d)', 'isinf(d)', 'd + 1 > 2'],
    f: ['isnan(f)', 'NOT (f > 2)'],
    odd: ['odd', 'NOT odd', 'odd IS TRUE', 'odd IS NOT TRUE'],
    day: ['month(day) = 1', "day::TIMESTAMP < '1970-01-02'"],
    n: ['n + 1 = 12', 'n % 10 = 1', '-n < -20'],
  };
  return fc.oneof(
    compare,
    compare,
    ...others,
    fc.constantFrom(...(special[column] ?? [`${column} IS NOT NULL`])),
  );
});

const dateFunctions: readonly (readonly [(column: string) => string, readonly string[]])[] = [
  [(c) => `year(${c})`, ['2000', '2001', '2003', '-43', '10000', '2002.5', '9223372036854775807']],
  [(c) => `extract(year FROM ${c})`, ['2001', '2004']],
  [(c) => `datepart('year', ${c})`, ['2001', '2004']],
  [(c) => `year(${c} + INTERVAL '40 days 3 hours')`, ['2001', '2002']],
  [(c) => `strftime(${c}, '%Y')`, ["'2001'", "'2003'", "'0000'", "'9999'", "'200'", "'a'"]],
  [(c) => `strftime(${c}, '%Y-%m')`, ["'2001-12'", "'2003-01'", "'2001-13'", "'9999-12'"]],
  [(c) => `strftime('%Y-%m-%d', ${c})`, ["'2001-12-04'", "'2002-02-30'", "'1999-12-31'", "'2003-01-08'"]],
  [
    (c) => `${c} + INTERVAL 30 DAY`,
    ["DATE '2001-12-31'", "TIMESTAMP '2002-12-20 05:00'", "'infinity'::TIMESTAMP"],
  ],
  [(c) => `${c} - INTERVAL '1 day 00:00:00.5'`, ["DATE '2001-12-10'", "TIMESTAMP '2003-12-03 23:59:59.5'"]],
  [(c) => `INTERVAL 3 HOUR + ${c}`, ["TIMESTAMP '2001-12-11 18:00'", "DATE '2000-12-01'"]],
  [(c) => `(${c} - INTERVAL 1 HOUR)::DATE`, ["DATE '2001-12-11'", "DATE '2003-11-20'"]],
  [(c) => `${c} + INTERVAL 1 MONTH`, ["DATE '2001-12-31'"]],
];
const dateLeaf = fc
  .tuple(fc.constantFrom('cal', 'clock', 'day', 'ts'), fc.constantFrom(...dateFunctions))
  .chain(([column, [call, constants]]) => {
    const value = fc.constantFrom(...constants);
    const left = call(column);
    return fc.oneof(
      fc
        .tuple(fc.constantFrom('=', '<>', '<', '<=', '>', '>=', 'IS DISTINCT FROM'), value, fc.boolean())
        .map(([op, v, flip]) => (flip ? `${v} ${op} ${left}` : `${left} ${op} ${v}`)),
      fc
        .tuple(value, value, fc.constantFrom('', 'NOT '))
        .map(([a, b, not]) => `${left} ${not}BETWEEN ${a} AND ${b}`),
      fc
        .tuple(fc.constantFrom('IN', 'NOT IN'), fc.array(value, { minLength: 1, maxLength: 3 }))
        .map(([op, list]) => `${left} ${op} (${list.join(', ')})`),
    );
  });

const conditionsOf = (leaves: fc.Arbitrary<string>) =>
  fc.letrec<{ predicate: string }>((tie) => ({
    predicate: fc.oneof(
      { depthSize: 'small' },
      leaves,
      fc
        .tuple(tie('predicate'), fc.constantFrom('AND', 'OR'), tie('predicate'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
      tie('predicate').map((inner) => `NOT (${inner})`),
    ),
  })).predicate;

/** Ways in which a condition reaches a scan, or must not. */
const SHAPES: readonly ((p: string) => string)[] = [
  (p) => `SELECT n, d, s FROM t WHERE ${p} ORDER BY ALL`,
  (p) => `WITH q AS (SELECT * FROM t) SELECT count(*), sum(n) FROM q WHERE ${p}`,
  (p) =>
    `SELECT t.n, o.n FROM (SELECT n FROM t) o LEFT JOIN t ON o.n = t.n AND ${p.replaceAll(/\bn\b/g, 't.n')} ORDER BY ALL`,
  (p) => `SELECT odd, count(*) FROM t GROUP BY ALL HAVING count(*) FILTER (WHERE ${p}) > 1 ORDER BY ALL`,
  (p) => `SELECT n, ts AS day, cal AS clock, clock AS cal FROM t WHERE ${p} ORDER BY ALL`,
  (p) =>
    `SELECT n FROM (SELECT n, d, s, day, odd, clock AS cal, cal AS clock, ts, * EXCLUDE (n, d, s, day, odd, cal, clock, ts) FROM t) WHERE ${p} ORDER BY ALL`,
  (p) => `SELECT n, (${p}) AS hit FROM t ORDER BY ALL`,
  (p) => `(SELECT n FROM t WHERE ${p}) UNION ALL (SELECT n FROM t WHERE NOT (${p})) ORDER BY ALL`,
  (p) => `SELECT n FROM t JOIN (SELECT n AS m FROM t WHERE odd) ON n = m WHERE ${p} ORDER BY ALL`,
  (p) => `WITH q AS (${SWAPPED}) SELECT count(*), sum(n) FROM q WHERE ${p}`,
  (p) =>
    `WITH q AS MATERIALIZED (${SWAPPED}) SELECT x.n, y.n FROM (FROM q WHERE ${p}) x JOIN q y ON x.n = y.n + 1 WHERE year(y.cal) < 2003 ORDER BY ALL`,
  (p) => `SELECT n, cal FROM v WHERE ${p} ORDER BY ALL`,
  (p) => `SELECT m, n FROM (SELECT n AS m FROM v) LEFT JOIN t ON m = n AND (${p}) ORDER BY ALL`,
  (p) =>
    `SELECT m FROM (SELECT n AS m FROM t WHERE year(cal) > 2000) WHERE m IN (SELECT n FROM v WHERE ${p}) ORDER BY ALL`,
  (p) =>
    `SELECT m, (SELECT count(*) FROM v WHERE n < m AND ${p}) AS hits FROM (SELECT n AS m FROM t) ORDER BY ALL`,
  (p) => `SELECT n FROM (FROM t UNION ALL BY NAME FROM v) WHERE ${p} ORDER BY ALL`,
  (p) => `SELECT n, count(*) FROM (${SWAP} FROM v WHERE ${p}) WHERE ${p} GROUP BY ALL ORDER BY ALL`,
];

/** With the view, which plain DuckDB has too. */
const plan = async (sql: string) =>
  tables.plan(sql, {
    resolveTable: async ([name]) =>
      name === 'v' ? view : { name: name ?? '', metadata: tables.table(name ?? '') },
  });
const view: ResolvedView = {
  kind: 'view',
  name: 'v',
  uuid: 'v',
  versionId: 1,
  sql: SWAPPED,
  dialect: 'duckdb',
  columns: [],
  defaultNamespace: [],
  defaultCatalog: null,
  commit: 'c',
};

describe('pruning', () => {
  it.each([
    ['of any kind', conditionsOf(leaf)],
    ['on functions of dates', conditionsOf(fc.oneof(dateLeaf, dateLeaf, dateLeaf, leaf))],
    ['on one function of a date', dateLeaf],
  ])('never changes an answer with conditions %s', async (_, predicate) => {
    let pruned = 0;
    await fc.assert(
      fc.asyncProperty(predicate, fc.constantFrom(...SHAPES), async (condition, shape) => {
        const sql = shape(condition);
        const expected = (await (await plain.run(sql)).getRowsJson()).map((row) => JSON.stringify(row));
        const planned = await plan(sql);
        pruned += planned.plan.scans.some((scan) => scan.files.length < scan.filesKnown) ? 1 : 0;
        const actual = (await tables.execute(planned)).rows.map((row) => JSON.stringify(row));
        expect(actual, sql).toEqual(expected);
      }),
      { numRuns: 200 },
    );
    expect(pruned).toBeGreaterThan(10);
  });

  it('reads long conditions whole', async () => {
    const list = Array.from({ length: 2000 }, (_, i) => `'${'x'.repeat(20)}${i}'`).join(', ');
    for (const sql of [
      `SELECT count(*) FROM t WHERE s IN ('a1', ${list})`,
      `SELECT count(*) FROM t WHERE n IN (25, ${Array.from({ length: 3000 }, (_, i) => 7000 + 3 * i).join(', ')})`,
      `SELECT count(*) FROM t WHERE s < '${'z'.repeat(5000)}'`,
    ]) {
      const expected = await (await plain.run(sql)).getRowsJson();
      expect((await tables.run(sql)).rows).toEqual(expected);
    }
  });
});
