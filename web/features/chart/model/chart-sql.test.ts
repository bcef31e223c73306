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

  const rows = async (config: ChartConfig, size = ALL) => {
    const query = chartQuery(relation, config, size);
    if (query === null) throw new TypeError('drawn by the page');
    const read = await connection.runAndReadAll(query.sql);
    expect(read.currentRowCount).toBeLessThanOrEqual(query.maxRows);
    return { names: read.columnNames(), rows: read.getRowsJS() as (number | string | null)[][], query };
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
    const { names, rows: points, query } = await rows({ type: 'line', x: 'n', y: ['y'] });
    expect(names).toEqual(['n', 'y']);
    expect(points.length).toBeGreaterThan(1000);
    expect(points.length).toBeLessThanOrEqual(2000);
    expect(points[0]?.[0]).toBe(0n);
    expect(points.at(-1)?.[0]).toBe(99_999n);
    expect(points).toContainEqual([31_234n, 1e6]);
    expect(points).toContainEqual([40_001n, -1e6]);
    expect(query.notes.join(' ')).toContain('M4');
  });

  it('keeps a line for each series and each measure', async () => {
    const { names, rows: points } = await rows({
      type: 'area',
      x: 'at',
      y: ['y', 'small'],
      series: 'a group',
    });
    expect(names).toEqual(['at', 'a group', 'y', 'small']);
    expect(new Set(points.map((point) => point[1]))).toEqual(new Set(['g0', 'g1', 'g2']));
    const many = await rows({ type: 'line', x: 'n', y: ['y'], series: 'small' });
    expect(new Set(many.rows.map((point) => point[1])).size).toBe(8);
    expect(many.query.notes.join(' ')).toContain('8 largest');
  });

  it('puts the values of a place together, the largest name first', async () => {
    const {
      names,
      rows: bars,
      query,
    } = await rows({ type: 'bar', x: 'a group', y: ['n'], aggregate: 'max' });
    expect(names).toEqual(['a group', 'greatest of n']);
    expect(bars).toEqual([
      ['g0', 99_999n],
      ['g2', 99_998n],
      ['g1', 99_997n],
    ]);
    expect(query.config.y).toEqual(['greatest of n']);
    const counted = await rows({ type: 'heatmap', x: 'small', y: [], series: 'a group' });
    expect(counted.rows.reduce((sum, row) => sum + Number(row[2]), 0)).toBe(100_000);
  });

  it('counts into parts that begin at round numbers and have every row once', async () => {
    const { rows: bins } = await rows({ type: 'histogram', x: 'n', y: [] });
    expect(bins[0]?.slice(0, 2)).toEqual([0, 5000]);
    expect(bins.reduce((sum, bin) => sum + Number(bin[2]), 0)).toBe(100_000);
    const whole = await rows({ type: 'histogram', x: 'small', y: [] });
    expect(whole.rows[1]?.slice(0, 2)).toEqual([2, 2]);
    expect(whole.rows.reduce((sum, bin) => sum + Number(bin[2]), 0)).toBe(99_000);
    const times = await rows({ type: 'histogram', x: 'at', y: [] });
    expect(times.rows.reduce((sum, bin) => sum + Number(bin[2]), 0)).toBe(100_000);
  });

  it('has the quartiles of each box, and counts what lies outside of the whiskers', async () => {
    const { names, rows: boxes } = await rows({ type: 'box', x: 'a group', y: ['y'] });
    expect(names).toEqual(['name', 'n', 'q1', 'q2', 'q3', 'low', 'high', 'outside']);
    expect(boxes.map((box) => Number(box[7]))).toEqual([0, 1, 1]);
    const [, , q1 = 0, q2 = 0, q3 = 0] = boxes[0] ?? [];
    expect(Number(q1)).toBeLessThan(Number(q2));
    expect(Number(q2)).toBeLessThan(Number(q3));
    expect((await rows({ type: 'box', y: ['y'] })).rows).toHaveLength(1);
  });

  it('makes candles of a price: first, highest, lowest, last', async () => {
    const { rows: all } = await rows({ type: 'candlestick', x: 'at', y: ['n'] });
    expect(all).toHaveLength(160);
    expect(all[0]?.slice(2)).toEqual([0, 624, 0, 624, 625n]);
    const given = await rows({ type: 'candlestick', x: 'at', y: ['y', 'n', 'small', 'y'] });
    expect(given.rows[0]?.[3]).toBe(624);
  });

  it('samples a map, the same points each time', async () => {
    const first = await rows({ type: 'map', x: 'lon', y: ['lat'], series: 'a group' });
    expect(first.rows).toHaveLength(5000);
    expect(first.query.notes.join('')).toContain('sample');
    const again = await rows({ type: 'map', x: 'lon', y: ['lat'], series: 'a group' });
    expect(again.rows.slice(0, 5)).toEqual(first.rows.slice(0, 5));
  });
});
