// @vitest-environment node
import { beforeAll, describe, expect, it } from 'vitest';
import { collectArrow } from '#web/lib/arrow-result-table.ts';
import type { ColumnStats } from '#web/lib/relation/column-stats.ts';
import { readTopValues, topValuesSql } from '#web/lib/relation/column-stats.ts';
import { viewSql, type Relation } from '#web/lib/relation/relation-sql.ts';
import { exactSql } from '../exact-sql.ts';
import { openNodeEngine, type NodeEngine } from '../testing/node-engine.ts';
import type { RunOutcome } from '../types.ts';
import type { AskableResult } from './ask-result.ts';
import { ColumnStatsStore } from './column-stats-store.ts';

const WIDE = 1000;
const relation: Relation = {
  sql: `SELECT i AS n, i % 4 = 0 AS flag, CASE WHEN i % 10 > 0 THEN 'v' || (i % 3) END AS word,
    TIMESTAMP '2001-01-01' + INTERVAL (i) HOUR AS "at", DATE '2001-01-01' + CAST(i % 7 AS INTEGER) AS "day",
    CASE i % 50 WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN 'inf'::DOUBLE ELSE i / 8 END AS odd, [i, 1] AS list, 7::DECIMAL(9,2) AS same,
    NULL::INTEGER AS nothing, (i % 5)::TINYINT AS few, ${Array.from({ length: WIDE }, (_, k) => `(i * ${k})::INTEGER AS w${k}`).join(', ')}
    FROM range(1000) t(i);`,
  columns: [
    ...[
      ['n', 'BIGINT'],
      ['flag', 'BOOLEAN'],
      ['word', 'VARCHAR'],
      ['at', 'TIMESTAMP'],
      ['day', 'DATE'],
      ['odd', 'DOUBLE'],
      ['list', 'BIGINT[]'],
      ['same', 'DECIMAL(9,2)'],
      ['nothing', 'INTEGER'],
      ['few', 'TINYINT'],
    ].map(([name = '', type = '']) => ({ name, type })),
    ...Array.from({ length: WIDE }, (_, k) => ({ name: `w${k}`, type: 'INTEGER' })),
  ],
};

describe('statistics of columns, by the page’s own engine', () => {
  let engine: NodeEngine;
  let asked: string[];
  let result: AskableResult;
  beforeAll(async () => {
    engine = await openNodeEngine();
    asked = [];
    const run = async (sql: string): Promise<RunOutcome> => {
      asked.push(sql);
      const described = engine.rows(`DESCRIBE ${sql}`);
      const columns = described.map((row) => ({
        name: String(row['column_name']),
        type: String(row['column_type']),
      }));
      const pieces = engine.stream(exactSql({ sql, columns }));
      return (await collectArrow(columns, pieces, { maxRows: 1e6 })) as unknown as RunOutcome;
    };
    const progress = () => ({
      phase: 'running' as const,
      files: { done: 0, total: 0 },
      bytes: { done: 0, total: 0 },
    });
    const handle = { cancel: () => undefined, progress, subscribe: () => () => undefined };
    result = { relation, ref: 'main', ask: (sql) => ({ ...handle, result: run(sql) }) };
  });

  const statsOf = async (columns: readonly number[], store = new ColumnStatsStore(result, [])) => {
    store.want(columns);
    await new Promise<void>((resolve) => {
      const check = () => columns.every((column) => store.get(column) !== undefined) && resolve();
      store.subscribe(check);
    });
    return columns.map((column) => store.get(column) as ColumnStats);
  };

  it('has the figures of every kind of column', async () => {
    const [n, flag, word, at, day, odd, list, same, nothing, few] = await statsOf([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(n).toMatchObject({ rows: 1000, nulls: 0, min: '0', max: '999', mean: 499.5 });
    expect(n?.distribution).toEqual({
      kind: 'range',
      axis: 'number',
      from: 0,
      to: 999,
      counts: Array.from({ length: 20 }, () => 50),
    });
    expect(flag?.distribution).toEqual({
      kind: 'values',
      values: [
        { label: 'false', count: 750 },
        { label: 'true', count: 250 },
      ],
    });
    expect(word).toMatchObject({ nulls: 100, min: 'v0', max: 'v2', mean: null, distinct: 3 });
    expect(at).toMatchObject({ min: '2001-01-01 00:00:00', distribution: { axis: 'time' } });
    expect(day?.distribution?.kind === 'range' && day.distribution.counts.reduce((a, b) => a + b)).toBe(1000);
    // What is no number has no place on the axis, and does not push the others together.
    expect(odd?.distribution?.kind === 'range' && odd.distribution.counts.reduce((a, b) => a + b)).toBe(960);
    expect(odd?.distribution).toMatchObject({ from: 0.25, to: 124.875 });
    expect(odd).toMatchObject({ max: 'nan', boundless: 40 });
    expect(list).toEqual({
      rows: 1000,
      nulls: 0,
      distinct: null,
      min: null,
      max: null,
      mean: null,
      boundless: 0,
      distribution: null,
    });
    expect(same?.distribution).toMatchObject({ counts: [1000] });
    expect(nothing).toMatchObject({ nulls: 1000, min: null, distribution: null });
    expect(few?.distribution).toEqual({
      kind: 'range',
      axis: 'number',
      from: 0,
      to: 5,
      counts: [200, 200, 200, 200, 200],
    });
  });

  it('asks for no column that is not in view, though there are a thousand', async () => {
    asked.length = 0;
    await statsOf([500, 501]);
    expect(asked).toHaveLength(2);
    expect(asked[0]?.match(/approx_count_distinct/g)).toHaveLength(2);
  });

  it('goes on with what is in view now, and keeps what it has', async () => {
    const store = new ColumnStatsStore(result, [{ column: 0, operator: 'less', value: '10' }]);
    store.want([20, 21]);
    store.want([30]);
    await statsOf([30], store);
    expect(store.get(20)).toBeUndefined();
    expect(store.get(30)).toMatchObject({ rows: 10 });
    asked.length = 0;
    store.want([30]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(asked).toEqual([]);
  });

  it('counts the most frequent values exactly, and sorts and filters the whole', async () => {
    const top = await result.ask(topValuesSql(relation, [], 2, 2)).result;
    expect(readTopValues(top.table)).toEqual([
      { label: 'v0', count: 300 },
      { label: 'v1', count: 300 },
    ]);
    const view = await result.ask(
      viewSql(relation, {
        sort: [
          { column: 2, direction: 'desc' },
          { column: 0, direction: 'asc' },
        ],
        filters: [{ column: 3, operator: 'at-most', value: '2001-01-01 12:00:00' }],
      }),
    ).result;
    expect(view.table.rowCount).toBe(13);
    expect(view.table.value(0, 0)).toBe(2n);
    expect(view.table.value(12, 2)).toBeNull();
  });
});
