import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CellValue, ResultTable } from '#web/lib/result-table.ts';
import { titleOf } from './chart-title.ts';
import { chartView } from './chart-view.ts';
import { logScale, numberScale, shareOf } from './nice-scale.ts';

function tableOf(rows: readonly (readonly CellValue[])[]): ResultTable {
  return {
    columns: [
      { name: 'town', type: 'VARCHAR' },
      { name: 'n', type: 'INTEGER' },
      { name: 'm', type: 'INTEGER' },
    ],
    rowCount: rows.length,
    value: (row, column) => rows[row]?.[column] ?? null,
  };
}
const towns = tableOf([
  ['a', 1, 10],
  ['b', 500, 0],
  ['c', -3, null],
  ['d', 0, 40],
  ['e', 20, 50],
]);

describe('a log scale', () => {
  it('covers the values with powers of ten, with steps between where there are few', () => {
    expect(logScale(3, 40_000, 6, false)).toMatchObject({
      domain: [1, 100_000],
      ticks: [1, 10, 100, 1000, 10_000, 100_000],
    });
    expect(logScale(12, 180, 6, false).ticks).toEqual([10, 20, 50, 100, 200]);
    expect(logScale(0.002, 1, 6, false).ticks).toEqual([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]);
    // A bar of the lowest value has a length.
    expect(logScale(10, 1000, 6, true).domain[0]).toBeLessThan(10);
    expect(logScale(7, 7, 6, false).domain).toEqual([5, 10]);
  });

  it('has every value within, its ticks in order, and few of them', () => {
    const positive = fc.double({ min: 1e-30, max: 1e30, noNaN: true });
    fc.assert(
      fc.property(positive, positive, fc.boolean(), (a, b, room) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const { domain, ticks } = logScale(low, high, 6, room);
        expect(domain[0]).toBeLessThanOrEqual(low);
        expect(domain[1]).toBeGreaterThanOrEqual(high);
        if (room) expect(domain[0]).toBeLessThan(low);
        expect(ticks.toSorted((x, y) => x - y)).toEqual(ticks);
        expect(new Set(ticks).size).toBe(ticks.length);
        expect(ticks.length).toBeLessThanOrEqual(10);
      }),
    );
  });

  it('puts equal factors at equal distances', () => {
    const scale = logScale(1, 100, 6, false);
    expect(shareOf(scale, 10) - shareOf(scale, 1)).toBeCloseTo(shareOf(scale, 100) - shareOf(scale, 10));
    expect(shareOf(numberScale(0, 100, 6, true), 25)).toBeCloseTo(0.25);
  });

  it('counts what it has no place for, and draws the rest', () => {
    const view = chartView(towns, { type: 'bar', x: 'town', y: ['n', 'm'], scale: 'log' });
    expect(view.places.map(({ values }) => values)).toEqual([
      [1, 10],
      [500, undefined],
      [undefined, null],
      [undefined, 40],
      [20, 50],
    ]);
    expect(view.extent).toEqual([1, 500]);
    expect(view.notes.join(' ')).toBe(
      '3 values of zero or below have no place on a log scale and are left out. On a log scale only the ends of bars and areas compare, not their lengths.',
    );
    expect(chartView(towns, { type: 'line', x: 'town', y: ['m'], scale: 'log' }).notes).toEqual([
      '1 value of zero or below has no place on a log scale and is left out.',
    ]);
    const nothing = chartView(tableOf([['a', -1, 0]]), { type: 'line', x: 'town', y: ['n'], scale: 'log' });
    expect(nothing.extent).toBeNull();
  });
});

describe('the largest', () => {
  it('stand by their value, and all others as one, so that the sum stays', () => {
    const view = chartView(towns, { type: 'bar', x: 'town', y: ['n'], top: 2 });
    expect(view.places.map(({ label, values }) => [label, values[0]])).toEqual([
      ['b', 500],
      ['e', 20],
      ['Other (3)', -2],
    ]);
    expect(view.notes).toEqual([
      'The 2 largest of 5 values of town are drawn; “Other” is the sum of the rest.',
    ]);
    // The others' sum is that of all of them, also where a scale has no place for it.
    const log = chartView(towns, { type: 'bar', x: 'town', y: ['n'], top: 2, scale: 'log' });
    expect(log.places.at(-1)?.values).toEqual([undefined]);
    expect(chartView(towns, { type: 'bar', x: 'town', y: ['n'], top: 5 }).places).toHaveLength(5);
  });

  it('are slices, as many as are asked for', () => {
    const view = chartView(towns, { type: 'pie', x: 'town', y: ['m'], top: 1 });
    expect(view.places.map(({ label, values }) => [label, values[0]])).toEqual([
      ['e', 50],
      ['Other (2)', 50],
    ]);
  });
});

it('is called by its columns', () => {
  expect(
    titleOf({ type: 'bar', x: 'day', y: ['delay'], series: 'origin', aggregate: 'avg', unit: 'month' }),
  ).toBe('mean of delay by month of day and origin');
  expect(titleOf({ type: 'pie', x: 'town', y: ['n'] })).toBe('n by town');
  expect(titleOf({ type: 'histogram', x: 'delay', y: [] })).toBe('Distribution of delay');
  expect(titleOf({ type: 'bar', x: 'town', y: [] })).toBe('rows by town');
});
