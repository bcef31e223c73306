// @vitest-environment node
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChartConfig } from '#shared/contract/notebooks.ts';
import type { Relation } from '#web/lib/relation/relation-sql.ts';
import { chartQuery } from './chart-sql.ts';

const relation: Relation = {
  sql: `SELECT TIMESTAMP '2001-01-01' + INTERVAL (i) MINUTE AS "at", i AS n, CASE WHEN i = 31234 THEN 1e6 WHEN i = 40001 THEN -1e6 ELSE sin(i / 100) END AS y,
    'g' || (i % 3) AS "a group", CASE WHEN i % 100 > 0 THEN i % 50 END AS small, -180 + i % 360 AS lon, -90 + i % 180 AS lat FROM range(100000) t(i)`,
  columns: [
    { name: 'at', type: 'TIMESTAMP' },
    { name: 'n', type: 'BIGINT' },
    { name: 'y', type: 'DOUBLE' },
    { name: 'a group', type: 'VARCHAR' },
    { name: 'small', type: 'BIGINT' },
    { name: 'lon', type: 'BIGINT' },
    { name: 'lat', type: 'BIGINT' },
  ],
};
const ALL = { rows: 100_000, truncated: false };

describe('charts of all rows, by DuckDB', () => {
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(':memory:')).connect();
  });
  afterAll(() => connection.closeSync());

  const rows = async (config: ChartConfig, size = ALL, of = relation) => {
    const query = chartQuery(of, config, size);
    if (query === null) throw new TypeError('drawn by the page');
    const read = await connection.runAndReadAll(query.sql);
    expect(read.currentRowCount).toBeLessThanOrEqual(query.maxRows);
    const names = read.columnNames();
    const rows = read.getRowsJS() as (number | string | null)[][];
    const columns = names.map((name) => ({ name, type: 'VARCHAR' }));
    const answer = {
      columns,
      rowCount: rows.length,
      value: (row: number, at: number) => rows[row]?.[at] ?? null,
    };
    return { names, rows, query, notes: query.notes(answer).join(' ') };
  };

  const mean = async (condition: string) => {
    const read = await connection.runAndReadAll(`SELECT avg(n) FROM (${relation.sql}) WHERE ${condition}`);
    return read.getRowsJS()[0]?.[0];
  };

  it('leaves few rows, of which nothing is to be computed, to the page', () => {
    const few = { rows: 500, truncated: false };
    expect(chartQuery(relation, { type: 'line', x: 'at', y: ['y'] }, few)).toBeNull();
    expect(chartQuery(relation, { type: 'bar', x: 'a group', y: ['y'] }, few)).toBeNull();
    expect(
      chartQuery(relation, { type: 'line', x: 'at', y: ['y'] }, { rows: 500, truncated: true }),
    ).not.toBeNull();
    expect(
      chartQuery(relation, { type: 'bar', x: 'a group', y: ['y'], aggregate: 'avg' }, few),
    ).not.toBeNull();
  });

  it('thins a line to M4: every extreme stays at its true place, and both ends', async () => {
    const { names, rows: points, notes } = await rows({ type: 'line', x: 'n', y: ['y'] });
    expect(names).toEqual(['n', 'y', 'most rows']);
    expect(points.length).toBeGreaterThan(1000);
    expect(points.length).toBeLessThanOrEqual(2000);
    expect(points[0]?.[0]).toBe(0n);
    expect(points.at(-1)?.[0]).toBe(99_999n);
    expect(points).toContainEqual([31_234n, 1e6, 1n]);
    expect(points).toContainEqual([40_001n, -1e6, 1n]);
    expect(notes).toContain('M4');
    expect(notes).not.toContain('added up');
  });

  it('keeps a line for each series and each measure', async () => {
    const { names, rows: points } = await rows({
      type: 'area',
      x: 'at',
      y: ['y', 'small'],
      series: 'a group',
    });
    expect(names).toEqual(['at', 'a group', 'y', 'small', 'most rows']);
    expect(new Set(points.map((point) => point[1]))).toEqual(new Set(['g0', 'g1', 'g2']));
    const many = await rows({ type: 'line', x: 'n', y: ['y'], series: 'small' });
    expect(new Set(many.rows.map((point) => point[1])).size).toBe(8);
    expect(many.notes).toContain('The 8 series with the most rows are drawn.');
  });

  it('puts the values of a place together, the largest name first', async () => {
    const {
      names,
      rows: bars,
      query,
    } = await rows({ type: 'bar', x: 'a group', y: ['n'], aggregate: 'max' });
    expect(names.slice(0, 2)).toEqual(['a group', 'max of n']);
    expect(bars.map((bar) => bar.slice(0, 2))).toEqual([
      ['g0', 99_999n],
      ['g2', 99_998n],
      ['g1', 99_997n],
    ]);
    expect(query.config.y).toEqual(['max of n']);
    const counted = await rows({ type: 'heatmap', x: 'small', y: [], series: 'a group' });
    expect(counted.rows.reduce((sum, row) => sum + Number(row[2]), 0)).toBe(100_000);
  });

  it('draws the largest places, and makes one of the rows of all others', async () => {
    const bars = await rows({ type: 'bar', x: 'small', y: ['n'], aggregate: 'avg', top: 3 });
    expect(bars.rows.map((row) => row.slice(0, 2))).toEqual([
      ['49', 50_024],
      ['48', 50_023],
      ['47', 50_022],
      ['Other (48)', (await mean('small IS NULL OR small < 47')) as number],
    ]);
    expect(bars.notes).toContain(
      'The 3 largest of 51 values of small are drawn; “Other” is the mean of the rest.',
    );
    const stacked = await rows({ type: 'stacked', x: 'small', y: ['n'], series: 'a group', top: 3 });
    const drawn = stacked.rows.reduce((sum, row) => sum + Number(row[2]), 0);
    expect(drawn).toBe((99_999 * 100_000) / 2);
    expect(stacked.rows).toHaveLength(12);
    const days = await rows({ type: 'bar', x: 'at', y: ['y'], aggregate: 'max', unit: 'day', top: 2 });
    expect(days.rows.map((row) => row[0])).toEqual(['2001-01-22', expect.any(String), 'Other (68)']);
    const slices = await rows({ type: 'pie', x: 'a group', y: ['n'], top: 1 });
    expect(slices.rows.map((row) => row[0])).toEqual(['g0', 'Other (2)']);
  });

  it('counts what a log scale has no place for before a line is thinned, and keeps the lowest above zero', async () => {
    const line = await rows({ type: 'line', x: 'n', y: ['y'], scale: 'log' });
    const [below] = (
      await connection.runAndReadAll(`SELECT count(*) FROM (${relation.sql}) WHERE y <= 0`)
    ).getRowsJS();
    expect(line.notes).toContain(
      `${Number(below?.[0]).toLocaleString('en')} values of zero or below have no place`,
    );
    expect(line.rows.every((point) => point[1] === null || Number(point[1]) > 0)).toBe(true);
    const [least] = (
      await connection.runAndReadAll(`SELECT min(y) FROM (${relation.sql}) WHERE y > 0`)
    ).getRowsJS();
    expect(line.rows.some((point) => point[1] === least?.[0])).toBe(true);
  });

  it('counts into parts that begin at round numbers and have every row once', async () => {
    const { rows: bins } = await rows({ type: 'histogram', x: 'n', y: [] });
    expect(bins[0]?.slice(0, 2)).toEqual([0, 5000]);
    expect(bins.reduce((sum, bin) => sum + Number(bin[2]), 0)).toBe(100_000);
    const whole = await rows({ type: 'histogram', x: 'small', y: [] });
    expect(whole.rows[1]?.slice(0, 2)).toEqual([2, 2]);
    expect(whole.rows.reduce((sum, bin) => sum + Number(bin[2]), 0)).toBe(99_000);
    const coarse = await rows({ type: 'histogram', x: 'n', y: [], bins: 10 });
    expect(coarse.rows.map((bin) => Number(bin[2]))).toEqual(Array.from({ length: 10 }, () => 10_000));
    const times = await rows({ type: 'histogram', x: 'at', y: [] });
    expect(times.rows.reduce((sum, bin) => sum + Number(bin[2]), 0)).toBe(100_000);
  });

  it('leaves out the lowest and highest hundredth where that is asked for, and says what they were', async () => {
    const all = await rows({ type: 'histogram', x: 'y', y: [] });
    expect(all.rows.filter((bin) => Number(bin[2]) > 0).length).toBeLessThan(5);
    expect(all.notes).toBe('');
    const cut = await rows({ type: 'histogram', x: 'y', y: [], cut: true });
    const drawn = cut.rows.reduce((sum, bin) => sum + Number(bin[2]), 0);
    const [below, above] = [Number(cut.rows[0]?.[3]), Number(cut.rows[0]?.[4])];
    expect(drawn + below + above).toBe(100_000);
    expect(below).toBeGreaterThan(900);
    expect(above).toBeLessThan(1100);
    expect(cut.rows.length).toBeGreaterThan(15);
    expect(cut.notes).toMatch(
      /^From the 1st to the 99th percentile; 9\d\d values below -0\.99\S* and [\d,]+ values above 0\.99\S* are left out\.$/,
    );
    const times = await rows({ type: 'histogram', x: 'at', y: [], cut: true });
    expect(times.notes).toContain('999 values below 2001-01-01 16:39:00 and 1,000 values above 2001-03-10');
  });

  it('has the quartiles of each box, and counts what lies outside of the whiskers', async () => {
    const { names, rows: boxes } = await rows({ type: 'box', x: 'a group', y: ['y'] });
    expect(names).toEqual(['name', 'n', 'q1', 'q2', 'q3', 'low', 'high', 'outside', 'names']);
    expect(boxes.map((box) => Number(box[7]))).toEqual([0, 1, 1]);
    const [, , q1 = 0, q2 = 0, q3 = 0] = boxes[0] ?? [];
    expect(Number(q1)).toBeLessThan(Number(q2));
    expect(Number(q2)).toBeLessThan(Number(q3));
    expect((await rows({ type: 'box', y: ['y'] })).rows).toHaveLength(1);
  });

  it('makes candles of a price: first, highest, lowest, last', async () => {
    const { rows: all } = await rows({ type: 'candlestick', x: 'at', y: ['n'] });
    expect(all).toHaveLength(160);
    expect(all[0]?.slice(2, 7)).toEqual([0, 624, 0, 624, 625n]);
    const given = await rows({ type: 'candlestick', x: 'at', y: ['y', 'n', 'small', 'y'] });
    expect(given.rows[0]?.[3]).toBe(624);
    expect(given.notes).not.toContain('several');
    const twice = {
      ...relation,
      sql: `${relation.sql} UNION ALL SELECT * REPLACE (n + 1 AS n) FROM (${relation.sql}) WHERE n < 3`,
    };
    const mixed = await rows({ type: 'candlestick', x: 'at', y: ['n'] }, ALL, twice);
    expect(mixed.notes).toContain('At 3 times there are several prices');
  });

  it('makes candles of the one of several things that is chosen', async () => {
    const config: ChartConfig = { type: 'candlestick', x: 'at', y: ['n'], series: 'a group' };
    const { rows: candles, query } = await rows({ ...config, only: 'g1' });
    expect(candles.reduce((sum, candle) => sum + Number(candle[6]), 0)).toBe(33_333);
    expect(candles[0]?.slice(2, 6)).toEqual([1, 625, 1, 625]);
    expect(query.sql).toContain(" AND c3 = CAST('g1' AS VARCHAR)");
    const quoted = { ...relation, sql: `SELECT * REPLACE ('it''s' AS "a group") FROM (${relation.sql})` };
    expect((await rows({ ...config, only: "it's" }, ALL, quoted)).rows[0]?.[2]).toBe(0);
    const numbers = await rows({ ...config, series: 'lat', only: '-90' });
    expect(numbers.rows[0]?.slice(2, 4)).toEqual([0, 540]);
    expect((await rows({ ...config, only: 'gone' })).rows).toEqual([]);
  });

  it('samples a map, the same points each time', async () => {
    const first = await rows({ type: 'map', x: 'lon', y: ['lat'], series: 'a group' });
    expect(first.rows).toHaveLength(5000);
    expect(first.notes).toContain('sample');
    const again = await rows({ type: 'map', x: 'lon', y: ['lat'], series: 'a group' });
    expect(again.rows.slice(0, 5)).toEqual(first.rows.slice(0, 5));
  });

  it('has the whole in its slices, however many names there are', async () => {
    const { rows: slices, notes } = await rows({ type: 'pie', x: 'n', y: ['small'], aggregate: 'sum' });
    expect(slices).toHaveLength(8);
    expect(slices[7]?.[0]).toBe('Other (97993)');
    const read = await connection.runAndReadAll(`SELECT sum(small) FROM (${relation.sql})`);
    const sum = slices.reduce((total, slice) => total + Number(slice[1]), 0);
    expect(sum).toBe(Number(read.getRowsJS()[0]?.[0]));
    expect(notes).toBe('');
    // One of the values of y is far below zero.
    const some = await rows({ type: 'pie', x: 'small', y: ['y'] });
    expect(some.notes).toMatch(/less than zero/);
    expect(some.rows.at(-1)?.[0]).toMatch(/^Other \(\d+\)$/);
  });

  it('leaves out no row for a series that the chart does not have', async () => {
    const series = 'small';
    const { rows: bins } = await rows({ type: 'histogram', x: 'n', y: [], series });
    expect(bins.reduce((sum, bin) => sum + Number(bin[2]), 0)).toBe(100_000);
    const boxes = await rows({ type: 'box', x: 'a group', y: ['n'], series });
    expect(boxes.rows.reduce((sum, box) => sum + Number(box[1]), 0)).toBe(100_000);
  });

  it('counts NULL among the series, and takes the largest by what is drawn', async () => {
    const of: Relation = {
      sql: `SELECT i % 10 AS x, CASE WHEN i % 12 > 0 THEN i % 12 END AS s, CASE WHEN i % 12 = 11 THEN 0 ELSE 1 END AS y FROM range(120000) t(i)`,
      columns: ['x', 's', 'y'].map((name) => ({ name, type: 'BIGINT' })),
    };
    const summed = await rows({ type: 'bar', x: 'x', y: ['y'], series: 's', aggregate: 'sum' }, ALL, of);
    const drawn = new Set(summed.rows.map((row) => row[1]));
    expect(drawn.size).toBe(8);
    expect(drawn.has(11n as never)).toBe(false);
    expect(summed.notes).toContain('largest sum of y');
    const by = await rows({ type: 'line', x: 'x', y: ['y'], series: 's' }, ALL, {
      ...of,
      sql: `SELECT * FROM (${of.sql}) WHERE s IS NULL OR s < 4`,
    });
    expect(new Set(by.rows.map((row) => row[1])).has(null)).toBe(true);
    expect(by.notes).toContain('Rows with the same x were added up.');
  });

  it('puts times together by what their span asks for, or by what a person says', async () => {
    const config: ChartConfig = { type: 'bar', x: 'at', y: [], aggregate: 'count' };
    const fitting = await rows(config);
    expect(fitting.rows).toHaveLength(70);
    expect(fitting.notes).toContain('by day');
    expect(fitting.rows.reduce((sum, row) => sum + Number(row[1]), 0)).toBe(100_000);
    const weeks = await rows({ ...config, unit: 'week' });
    expect(weeks.rows).toHaveLength(10);
    const hourly = await rows({ ...config, unit: 'hour' });
    expect(hourly.rows).toHaveLength(200);
    expect(hourly.notes).toContain('The 200 first of 1,667 values of at are drawn.');
    const line = await rows({ type: 'line', x: 'at', y: ['n'], aggregate: 'max', unit: 'day' });
    expect(line.rows).toHaveLength(70);
    const candles = await rows({ type: 'candlestick', x: 'at', y: ['n'], unit: 'day' });
    expect(candles.rows[0]?.slice(2, 6)).toEqual([0, 1439, 0, 1439]);
  });

  it('has a place for all times, whatever stands at each of them', async () => {
    const of = (days: number, series: number): Relation => ({
      sql: `SELECT TIMESTAMP '2001-01-01' + INTERVAL (i % ${days}) DAY AS at, i AS n, -i AS m, 'g' || (i // ${days} % ${series}) AS g FROM range(${days * series * 50}) t(i)`,
      columns: ['TIMESTAMP', 'BIGINT', 'BIGINT', 'VARCHAR'].map((type, at) => ({
        name: ['at', 'n', 'm', 'g'][at] ?? '',
        type,
      })),
    });
    const size = { rows: 50_000, truncated: false };
    const bars = async (days: number, series: number, y: string[], more: Partial<ChartConfig> = {}) => {
      const split = series === 1 ? {} : { series: 'g' };
      const config = { type: 'bar' as const, x: 'at', y, ...split, ...more };
      const { rows: drawn, notes } = await rows(config, size, of(days, series));
      return { places: new Set(drawn.map(([at]) => String(at))).size, drawn: drawn.length, notes };
    };
    // 100 days with eight bars each are 800 bars: weeks are drawn, and all of them.
    const eight = await bars(100, 8, ['n']);
    expect(eight).toMatchObject({ places: 15, drawn: 120 });
    expect(eight.notes).toContain('by week');
    expect(eight.notes).not.toContain('first of');
    const two = await bars(100, 2, ['n']);
    expect(two).toMatchObject({ places: 100, drawn: 200 });
    expect(await bars(101, 2, ['n'])).toMatchObject({ places: 15 });
    // Several measures are as many bars.
    expect(await bars(101, 1, ['n', 'm'])).toMatchObject({ places: 15 });
    expect(await bars(101, 1, ['n'])).toMatchObject({ places: 101 });
    // What a person asks for is cut, and it is said how far.
    const cut = await bars(100, 8, ['n'], { unit: 'day' });
    expect(cut).toMatchObject({ places: 25, drawn: 200 });
    expect(cut.notes).toContain('The 25 first of 100 values of at are drawn.');
    expect(await bars(300, 1, ['n', 'm'], { unit: 'day' })).toMatchObject({ places: 100 });
  });

  it('draws the largest of many names, and says of how many', async () => {
    const of: Relation = {
      sql: `SELECT 'name ' || (i % 997) AS name, i % 997 AS size, i % 40 AS part FROM range(30000) t(i)`,
      columns: [
        { name: 'name', type: 'VARCHAR' },
        { name: 'size', type: 'BIGINT' },
        { name: 'part', type: 'BIGINT' },
      ],
    };
    const bars = await rows({ type: 'bar', x: 'name', y: ['size'] }, ALL, of);
    expect(bars.rows.map((row) => row[0])).toEqual(
      Array.from({ length: 200 }, (_, at) => `name ${996 - at}`),
    );
    expect(bars.notes).toContain('The 200 largest of 997 values of name are drawn.');
    expect(bars.notes).toContain('Rows with the same name were added up.');
    const heat = await rows({ type: 'heatmap', x: 'name', y: ['size'], series: 'part' }, ALL, of);
    expect(new Set(heat.rows.map((row) => row[0])).size).toBe(60);
    expect(heat.notes).toContain('Of 997 values of name, the 60 with the most rows are drawn.');
    expect(heat.notes).toContain('At most 30 values of part are drawn');
    const boxes = await rows({ type: 'box', x: 'part', y: ['size'] }, ALL, of);
    expect(boxes.rows.map((row) => Number(row[0]))).toEqual(Array.from({ length: 24 }, (_, at) => at));
    expect(boxes.notes).toContain('Of 40 values of part, the 24 with the most rows');
  });
});
