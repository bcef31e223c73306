import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellFormatter } from '#web/lib/format/cell.ts';
import type { CellValue, ResultTable } from '#web/lib/result-table.ts';
import { chartFields, defaultConfig, fittingConfig } from './chart-defaults.ts';
import { chartView, describeView, formatMeasure } from './chart-view.ts';
import { keepSpread, keepExtremes } from './downsample.ts';
import { seriesColours } from './series-colours.ts';

const columnsOf = (spec: Record<string, string>) =>
  Object.entries(spec).map(([name, type]) => ({ name, type }));
function tableOf(spec: Record<string, string>, rows: CellValue[][]): ResultTable {
  return {
    columns: columnsOf(spec),
    rowCount: rows.length,
    value: (row, column) => rows[row]?.[column] ?? null,
  };
}

describe('defaultConfig', () => {
  it.each([
    [
      { day: 'DATE', flights: 'BIGINT' },
      { type: 'line', x: 'day', y: ['flights'] },
    ],
    [
      { month: 'TIMESTAMP', origin: 'VARCHAR', delay: 'DOUBLE' },
      { type: 'line', x: 'month', y: ['delay'], series: 'origin' },
    ],
    [
      { origin: 'VARCHAR', flights: 'BIGINT', delay: 'DOUBLE' },
      { type: 'bar', x: 'origin', y: ['flights'] },
    ],
    [
      { year: 'INTEGER', flights: 'BIGINT' },
      { type: 'line', x: 'year', y: ['flights'] },
    ],
    [
      { hour_of_day: 'BIGINT', delay: 'DOUBLE' },
      { type: 'line', x: 'hour_of_day', y: ['delay'] },
    ],
    [
      { distance: 'DOUBLE', delay: 'DOUBLE' },
      { type: 'scatter', x: 'distance', y: ['delay'] },
    ],
    [
      { id: 'BIGINT', name: 'VARCHAR', amount: 'DECIMAL(9,2)' },
      { type: 'bar', x: 'name', y: ['amount'] },
    ],
    [{ n: 'BIGINT' }, { type: 'bar', x: 'n', y: ['n'] }],
    [{ name: 'VARCHAR' }, { type: 'bar', x: 'name', y: [] }],
  ])('%j', (spec, config) => {
    expect(defaultConfig(columnsOf(spec as Record<string, string>))).toEqual(config);
  });

  it('offers only what can be drawn', () => {
    const fields = chartFields(
      columnsOf({ tags: 'VARCHAR[]', name: 'VARCHAR', price: 'DOUBLE', n: 'INTEGER' }),
    );
    expect(fields).toMatchObject({
      x: ['name', 'price', 'n'],
      y: ['price', 'n'],
      series: ['name', 'n'],
      axis: ['price', 'n'],
      time: [],
    });
  });
});

describe('fittingConfig', () => {
  const columns = columnsOf({ day: 'DATE', origin: 'VARCHAR', flights: 'BIGINT', delay: 'DOUBLE' });

  it('keeps what still exists and replaces what does not', () => {
    const kept = { type: 'area', x: 'day', y: ['delay', 'gone'], series: 'origin' } as const;
    expect(fittingConfig({ ...kept, y: [...kept.y] }, columns)).toEqual({ ...kept, y: ['delay'] });
    expect(fittingConfig({ type: 'bar', x: 'gone', y: ['gone'], series: 'gone' }, columns)).toEqual({
      type: 'bar',
      x: 'day',
      y: ['flights'],
    });
  });
});

describe('chartView', () => {
  it('makes a series of each name and keeps NULL and absence apart', () => {
    const view = chartView(
      tableOf({ day: 'DATE', origin: 'VARCHAR', n: 'BIGINT' }, [
        [1, 'ATL', 5n],
        [0, 'ATL', 3n],
        [0, 'SFO', null],
      ]),
      { type: 'line', x: 'day', y: ['n'], series: 'origin' },
    );
    expect(view.axis).toBe('time');
    expect(view.series.map((each) => each.name)).toEqual(['ATL', 'SFO']);
    expect(view.places.map(({ x, values }) => [x, values])).toEqual([
      [0, [3, null]],
      [86_400_000, [5]],
    ]);
    expect(view.extent).toEqual([3, 5]);
    expect(view.notes).toEqual([]);
  });

  it('adds up rows of one name and says so', () => {
    const view = chartView(
      tableOf({ name: 'VARCHAR', price: 'DECIMAL(9,2)' }, [
        ['a', '0.10'],
        ['b', '1.00'],
        ['a', '0.20'],
      ]),
      { type: 'bar', x: 'name', y: ['price'] },
    );
    expect(
      view.places.map(({ label, values }) => [label, formatMeasure(values[0] ?? 0, view.series[0] as never)]),
    ).toEqual([
      ['a', '0.30'],
      ['b', '1.00'],
    ]);
    expect(view.notes).toEqual(['Rows with the same name were added up.']);
  });

  it('puts bars of times and numbers in their order, days without midnight', () => {
    const day = 86_400_000_000n;
    const view = chartView(
      tableOf({ month: 'TIMESTAMP', n: 'INTEGER' }, [
        [31n * day, 2],
        [0n, 1],
      ]),
      {
        type: 'bar',
        x: 'month',
        y: ['n'],
      },
    );
    expect(view.places.map((place) => place.label)).toEqual(['1970-01-01', '1970-02-01']);
  });

  it('leaves names in the result’s order', () => {
    const view = chartView(
      tableOf({ name: 'VARCHAR', n: 'INTEGER' }, [
        ['z', 1],
        ['a', 2],
        [null, 3],
      ]),
      {
        type: 'bar',
        x: 'name',
        y: ['n'],
      },
    );
    expect(view.places.map((place) => place.label)).toEqual(['z', 'a', 'NULL']);
  });

  it('keeps the largest eight series and says so', () => {
    const rows = Array.from({ length: 20 }, (_, at): CellValue[] => [0, `s${at}`, at]);
    const view = chartView(tableOf({ x: 'INTEGER', s: 'VARCHAR', y: 'INTEGER' }, rows), {
      type: 'line',
      x: 'x',
      y: ['y'],
      series: 's',
    });
    expect(view.series.map((each) => each.name)).toEqual([
      's12',
      's13',
      's14',
      's15',
      's16',
      's17',
      's18',
      's19',
    ]);
    expect(view.places[0]?.values).toEqual([12, 13, 14, 15, 16, 17, 18, 19]);
    expect(view.notes).toEqual(['The 8 largest of 20 series are shown.']);
  });

  it('thins a long line but keeps its peaks, and says so', () => {
    const table: ResultTable = {
      columns: columnsOf({ t: 'TIMESTAMP', v: 'DOUBLE' }),
      rowCount: 100_000,
      value: (row, column) =>
        column === 0 ? BigInt(row) * 1_000_000n : row === 77_777 ? 1e6 : Math.sin(row / 1000),
    };
    const view = chartView(table, { type: 'line', x: 't', y: ['v'] });
    expect(view.places.length).toBeLessThanOrEqual(2000);
    expect(view.places.find((place) => place.values[0] === 1e6)?.x).toBe(77_777_000);
    expect(view.notes.join()).toMatch(/^[\d,]+ of 100,000 points are drawn/);
  });

  it('reads a long line in any order, but not one whose rows share an x', () => {
    const shuffled: ResultTable = {
      columns: columnsOf({ x: 'INTEGER', a: 'INTEGER', b: 'DOUBLE' }),
      rowCount: 30_000,
      value: (row, column) => {
        const x = (row * 7919) % 30_000;
        return column === 0 ? (row === 5 ? null : x) : column === 1 ? x * 2 : row === 9 ? null : 1;
      },
    };
    const view = chartView(shuffled, { type: 'line', x: 'x', y: ['a', 'b'] });
    expect(view.placeCount).toBe(29_999);
    const xs = view.places.map((place) => place.x);
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
    expect(view.places.every(({ x, values }) => values[0] === x * 2)).toBe(true);

    const shared: ResultTable = { ...shuffled, value: (row, column) => (column === 0 ? row % 100 : 1) };
    const summed = chartView(shared, { type: 'line', x: 'x', y: ['a'] });
    expect(summed.places).toHaveLength(100);
    expect(summed.places[0]?.values).toEqual([300]);
    expect(summed.summed).toBe(true);
  });

  it('samples a cloud of points and says so', () => {
    const table: ResultTable = {
      columns: columnsOf({ a: 'DOUBLE', b: 'DOUBLE' }),
      rowCount: 1_000_000,
      value: (row, column) => row * (column + 1),
    };
    const view = chartView(table, { type: 'scatter', x: 'a', y: ['b'] });
    expect(view.places.length).toBeGreaterThan(3900);
    expect(view.notes[0]).toMatch(/^[34],\d{3} of 1,000,000 rows are drawn, a sample spread over all\.$/);
  });

  it('sorts slices, sums up the small ones and refuses negative ones', () => {
    const rows = [-3, ...Array.from({ length: 10 }, (_, at) => at + 1)].map((n): CellValue[] => [`n${n}`, n]);
    const view = chartView(tableOf({ name: 'VARCHAR', n: 'INTEGER' }, rows), {
      type: 'pie',
      x: 'name',
      y: ['n'],
    });
    expect(view.places.map((place) => [place.label, place.values[0]])).toEqual([
      ['n10', 10],
      ['n9', 9],
      ['n8', 8],
      ['n7', 7],
      ['n6', 6],
      ['n5', 5],
      ['n4', 4],
      ['Other (3)', 6],
    ]);
    expect(view.notes).toHaveLength(2);
  });

  it('stacks parts of a whole and nothing else', () => {
    const table = tableOf({ x: 'INTEGER', s: 'VARCHAR', y: 'INTEGER' }, [
      [0, 'a', 2],
      [0, 'b', 3],
    ]);
    expect(chartView(table, { type: 'area', x: 'x', y: ['y'], series: 's' })).toMatchObject({
      stacked: true,
      extent: [2, 5],
    });
    expect(chartView(table, { type: 'area', x: 'x', y: ['y'] }).stacked).toBe(false);
    // Means on top of each other would be a height that nothing has.
    const means = { x: 'x', y: ['y'], series: 's', aggregate: 'avg' as const };
    const bars = chartView(table, { ...means, type: 'bar', stacked: true });
    expect([bars.stacked, bars.notes.join(' ')]).toEqual([false, expect.stringContaining('do not add up')]);
    expect(chartView(table, { ...means, type: 'area' }).stacked).toBe(false);
  });

  it('rounds floats to what a reader needs', () => {
    const series = { name: 'd', column: cellFormatter({ name: 'd', type: 'DOUBLE' }) };
    expect(formatMeasure(-3.80776234327, series)).toBe('-3.80776');
    expect(formatMeasure(0.1 + 0.2, series)).toBe('0.3');
    expect(formatMeasure(123_456_789.123, series)).toBe('123,456,789.12');
    expect(formatMeasure(0, series)).toBe('0');
  });

  it('says in a sentence what it shows', () => {
    const view = chartView(tableOf({ origin: 'VARCHAR', n: 'BIGINT' }, [['ATL', 1200n]]), {
      type: 'bar',
      x: 'origin',
      y: ['n'],
    });
    expect(describeView(view, 'bar')).toBe('Bar chart of n by origin, 1 bar. Values from 1,200 to 1,200.');
  });
});

describe('downsampling', () => {
  it('keeps the ends, the extremes and the limit', () => {
    const values = fc.array(fc.option(fc.double({ noNaN: true }), { nil: null }), {
      minLength: 1,
      maxLength: 400,
    });
    fc.assert(
      fc.property(values, fc.integer({ min: 10, max: 100 }), (list, limit) => {
        const kept = keepExtremes(list.length, 1, (at) => list[at], limit);
        expect(kept.length).toBeLessThanOrEqual(Math.max(limit, 4));
        expect(kept[0]).toBe(0);
        expect(kept.at(-1)).toBe(list.length - 1);
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        const numbers = list.filter((value) => value !== null);
        if (numbers.length > 0) {
          const drawn = kept.map((at) => list[at]).filter((value) => value !== null) as number[];
          expect(Math.max(...drawn)).toBe(Math.max(...numbers));
          expect(Math.min(...drawn)).toBe(Math.min(...numbers));
        }
      }),
    );
  });

  it('samples once in each run, out of step with any rhythm', () => {
    expect(keepSpread(3, 10)).toEqual([0, 1, 2]);
    const kept = keepSpread(60_000, 3000);
    expect(kept.length).toBeGreaterThan(2900);
    expect(kept).toEqual(kept.toSorted((a, b) => a - b));
    for (const rest of [0, 1, 2]) {
      expect(Math.abs(kept.filter((row) => row % 3 === rest).length - kept.length / 3)).toBeLessThan(150);
    }
  });
});

describe('seriesColours', () => {
  it('gives a name the same colour in every chart, and no two names of a chart one', () => {
    const [atl, sfo] = seriesColours(['ATL', 'SFO']);
    expect(seriesColours(['DEN', 'SFO', 'ATL']).slice(1)).toEqual([sfo, atl]);
    const names = Array.from({ length: 8 }, (_, at) => `colour test ${at}`);
    expect(new Set(seriesColours(names)).size).toBe(8);
  });
});
