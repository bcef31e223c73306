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
    'SELECT d + 365 AS "year(d) = 2002" FROM t WHERE year("year(d) = 2002") = 2002',
    'WITH q AS (SELECT d + 365 AS d FROM t) SELECT d FROM q WHERE year(d) = 2002',
  ])('are those of the right column in %s', async (sql) => {
    expect((await tables.plan(sql)).plan.scans[0]?.files).toHaveLength(6);
    expect((await tables.run(sql)).rows).toHaveLength(365);
  });

  it('says of none that all its rows pass', async () => {
    const { plan } = await tables.plan('SELECT count(*) FROM t WHERE year(d) = 2002');
    expect(plan.scans[0]?.files).toHaveLength(2);
    expect((await tables.run('SELECT count(*) FROM t WHERE year(d) >= 2000')).rows).toEqual([['1461']]);
    expect((await tables.run('SELECT count(*) FROM t WHERE NOT (year(d) >= 2000)')).rows).toEqual([['1']]);
  });
});
