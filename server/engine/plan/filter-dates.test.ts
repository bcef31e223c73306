import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TableFixture } from '../testing/table-fixture.ts';

let tables: TableFixture;

/** A file for each year from 2000 on, one of times at the ends of the calendar, and one of nothing but NULL. */
beforeAll(async () => {
  tables = await TableFixture.open();
  const year = (n: number): string =>
    `SELECT DATE '${n}-01-01' + i::INTEGER AS d, TIMESTAMP '${n}-01-01' + INTERVAL (i * 24) HOUR AS ts,
      (TIMESTAMP '${n}-01-01' + INTERVAL (i * 24) HOUR)::TIMESTAMPTZ AS tz FROM range(365) t(i)`;
  await tables.append(
    't',
    year(2000),
    year(2001),
    year(2002),
    year(2003),
    `SELECT unnest(['infinity', '-infinity', '0044-03-15 (BC)', '20011-05-01']::DATE[]) AS d,
      unnest(['infinity', '-infinity', '0044-03-15 (BC)', '20011-05-01']::TIMESTAMP[]) AS ts, NULL::TIMESTAMPTZ AS tz`,
    'SELECT NULL::DATE AS d, NULL::TIMESTAMP AS ts, NULL::TIMESTAMPTZ AS tz',
  );
  await tables.append(
    'small',
    "SELECT unnest(['2001-05-01', '2002-02-03', '2002-07-08', '2002-08-09']::DATE[]) AS d",
  );
});
afterAll(() => tables.close());

describe('files that conditions on functions of dates leave', () => {
  it.each<[string, number, number]>([
    ['year(d) = 2002', 2, 365],
    ['year(ts) >= 2002', 3, 731],
    ['2002 < year(d)', 2, 366],
    ['year(d) BETWEEN 2001 AND 2002', 3, 730],
    ["date_part('year', ts) = 2002", 2, 365],
    ["datepart('year', d) = 2002", 2, 365],
    ['extract(year FROM d) <= 2000', 2, 366],
    ['year(d + INTERVAL 1 DAY) = 2003', 3, 365],
    ['year(ts::DATE) = 2002', 2, 365],
    ['year(d) = -43', 1, 1],
    ["strftime(d, '%Y-%m') = '2001-03'", 2, 31],
    ["strftime('%Y-%m-%d', ts) = '2001-03-31'", 2, 1],
    ["strftime(d, '%Y') IN ('2001', '2003')", 3, 730],
    ["strftime(d, '%Y') > '2002'", 2, 366],
    ["strftime(ts, '%Y-%m-%d') >= '2003-02-01'", 2, 335],
    ["strftime(d, '%Y-%m') < '2000-02'", 2, 33],
    ["strftime(ts, '%Y') BETWEEN '2001' AND '2002'", 3, 731],
    ["d + INTERVAL 1 DAY > DATE '2003-06-30'", 2, 187],
    ["d - INTERVAL 7 DAY < DATE '2000-01-02'", 2, 10],
    ["ts + INTERVAL '1 day 12:00:00' <= TIMESTAMP '2000-01-03 06:00'", 2, 3],
    ["INTERVAL 3 HOUR + ts = TIMESTAMP '2002-01-05 03:00'", 2, 1],
    ["d + 7 >= DATE '2003-12-31'", 2, 10],
    ['year(d) IN (2001, 2003)', 3, 730],
    ['year(d) = 2002 AND month(d) = 3', 2, 31],
    ['year(d) = 2002 OR d IS NULL', 3, 366],
    ["(ts - INTERVAL 1 HOUR)::DATE = DATE '2002-01-05'", 2, 1],
  ])('%s', async (condition, files, rows) => {
    const sql = `SELECT d FROM t WHERE ${condition}`;
    const { plan } = await tables.plan(sql);
    // The file of all ends is within the bounds of everything, that of NULLs never is.
    expect(plan.scans[0]?.files.length).toBeLessThanOrEqual(files);
    expect((await tables.run(sql)).rows).toHaveLength(rows);
  });

  it.each([
    'NOT year(d) = 2002',
    'year(d) <> 2002',
    '(year(d) = 2002) IS NOT TRUE',
    'year(d) NOT BETWEEN 2000 AND 2001',
    'year(d) = 9223372036854775807 OR d IS NULL',
    'year(tz) = 2002',
    "tz + INTERVAL 1 HOUR > TIMESTAMPTZ '2002-01-01 00:00:00+00'",
    "d + INTERVAL 1 MONTH > DATE '2003-06-30'",
    "strftime(d, '%d.%m.%Y') = '01.03.2001'",
    "strftime(d, '%Y-%m') >= '2003-13'",
    "strftime(d, '%Y-%m-%d') > '2003-02-30'",
    "d - INTERVAL 40000000 DAY < TIMESTAMP '2000-01-01'",
    `ts${' - INTERVAL 4000000 DAY'.repeat(20)} > TIMESTAMP '2000-01-01'`,
  ])('%s: all of them', async (condition) => {
    const { plan } = await tables.plan(`SELECT d FROM t WHERE ${condition}`);
    expect(plan.scans[0]?.files.length).toBeGreaterThanOrEqual(5);
  });

  it.each([
    'SELECT x FROM (SELECT ts::DATE + 365 AS d, d AS x FROM t) WHERE year(d) = 2002',
    'WITH q AS (SELECT d + 365 AS d FROM t) SELECT d FROM q WHERE year(d) = 2002',
  ])('are those of the right column in %s', async (sql) => {
    expect((await tables.plan(sql)).plan.scans[0]?.files).toHaveLength(6);
    expect((await tables.run(sql)).rows).toHaveLength(365);
  });

  it.each<[string, readonly number[], number]>([
    ['SELECT d + 365 AS "year(d) = 2002" FROM t WHERE year("year(d) = 2002") = 2002', [2], 365],
    ['WITH q AS (SELECT * FROM t) SELECT d FROM q WHERE year(d) = 2002', [2], 365],
    [
      'WITH q AS MATERIALIZED (SELECT ts AS d, d AS ts FROM t) SELECT d FROM q WHERE year(d) = 2002',
      [2],
      365,
    ],
    ['SELECT b FROM (SELECT ts AS d, d AS b FROM t) WHERE year(d) = 2002 AND b IS NOT NULL', [2], 365],
    [
      'SELECT * FROM (SELECT d AS x, ts AS y FROM (SELECT ts AS d, d AS ts FROM t)) WHERE year(y) = 2002',
      [2],
      365,
    ],
    ['SELECT a.d FROM t a JOIN small s ON a.d = s.d WHERE year(a.d) = 2002', [2, 1], 3],
    ['SELECT a.d FROM small s LEFT JOIN t a ON a.ts = s.d AND year(a.ts) = 2002', [1, 2], 4],
    ['SELECT a.d FROM t a, t b WHERE a.d = b.d AND year(a.ts) = 2002 AND year(b.ts) = 2001', [2, 2], 0],
    ['SELECT s.d FROM small s WHERE s.d IN (SELECT d FROM t WHERE year(ts) = 2002)', [1, 2], 3],
    ['SELECT d FROM t WHERE year(d) = 2002 AND d >= (SELECT min(d) FROM small)', [2, 1], 365],
    ['SELECT max(d) FROM t WHERE year(d) = 2002 GROUP BY month(ts) ORDER BY 1', [2], 12],
    [
      '(SELECT d FROM t WHERE year(d) = 2002) UNION ALL (SELECT ts FROM t WHERE year(ts) = 2001)',
      [2, 2],
      730,
    ],
    [
      "SELECT a.d FROM t a JOIN small s ON a.d + INTERVAL 1 DAY = s.d WHERE a.d + 1 > DATE '2002-06-30'",
      [3, 1],
      2,
    ],
    [
      'WITH q AS (FROM t) SELECT 1 FROM q a JOIN q b USING (d) WHERE year(a.d) = 2000 AND year(b.ts) = 2001',
      [3],
      0,
    ],
  ])('are spared whatever stands around their table: %s', async (sql, files, rows) => {
    const { plan } = await tables.plan(sql);
    for (const [index, scan] of plan.scans.entries())
      expect(scan.files.length, scan.table).toBeLessThanOrEqual(files[index] ?? 0);
    expect((await tables.run(sql)).rows).toHaveLength(rows);
  });

  it.each([
    'SELECT y FROM (SELECT year(d) AS y FROM small) AS s, t WHERE y = 2002',
    'SELECT t.d FROM t LEFT JOIN small s ON t.d = s.d AND year(t.d) = 2002',
    "SELECT d FROM t WHERE d IN (SELECT d FROM small WHERE year(small.d) = 2002) OR d IS NULL OR d < DATE '2003-01-01'",
    'SELECT d, max(ts) AS ts FROM t GROUP BY d HAVING year(max(ts)) = 2002',
    'SELECT d FROM (SELECT d, lag(d) OVER (ORDER BY ts) AS before FROM t) WHERE year(before) = 2002',
    'SELECT d FROM (SELECT d FROM t ORDER BY ts LIMIT 900) WHERE year(d) = 2002',
    'SELECT "true" FROM (SELECT d > ts AS flag, d = ts AS "true", d FROM t) WHERE flag = "true" OR year(d) = 2002',
  ])('are all read where other rows matter too: %s', async (sql) => {
    const { scans } = (await tables.plan(sql)).plan;
    expect(scans.find(({ table }) => table === 't')?.files.length).toBeGreaterThanOrEqual(5);
  });

  it('says of none that all its rows pass', async () => {
    const { plan } = await tables.plan('SELECT count(*) FROM t WHERE year(d) = 2002');
    expect(plan.scans[0]?.files).toHaveLength(2);
    expect((await tables.run('SELECT count(*) FROM t WHERE year(d) >= 2000')).rows).toEqual([['1461']]);
    expect((await tables.run('SELECT count(*) FROM t WHERE NOT (year(d) >= 2000)')).rows).toEqual([['1']]);
  });
});
