import { describe, expect, it } from 'vitest';
import { textWidth } from '#web/lib/text-width.ts';
import type { CellValue, ResultTable } from '#web/lib/result-table.ts';
import { chartView } from './chart-view.ts';
import { plotFrame } from './plot-frame.ts';

const measure = textWidth('12px sans-serif');

function table(spec: Record<string, string>, rows: CellValue[][]): ResultTable {
  return {
    columns: Object.entries(spec).map(([name, type]) => ({ name, type })),
    rowCount: rows.length,
    value: (row, column) => rows[row]?.[column] ?? null,
  };
}

describe('plotFrame', () => {
  it.each([30_000_000, 1.5e15, 0.000_012, -98_765])(
    'leaves the left axis the room of its labels, to %d',
    (most) => {
      const rows = table({ n: 'INTEGER', m: 'DOUBLE' }, [
        [1, 0],
        [2, most],
      ]);
      const view = chartView(rows, { type: 'line', x: 'n', y: ['m'] });
      const { value, yWidth } = plotFrame(view, 'line', 900);
      for (const tick of value.ticks) expect(yWidth).toBeGreaterThanOrEqual(measure(value.format(tick)) + 8);
    },
  );

  it('leaves the last label of the axis below its half beyond the end', () => {
    const rows = table({ n: 'BIGINT', m: 'DOUBLE' }, [
      [0n, 1],
      [3_000_000_000_000n, 2],
    ]);
    const frame = plotFrame(chartView(rows, { type: 'line', x: 'n', y: ['m'] }), 'line', 900);
    const last = frame.place?.ticks.at(-1) ?? 0;
    expect(frame.margin.right).toBeGreaterThanOrEqual(measure(frame.place?.format(last) ?? '') / 2);
  });

  it('cuts the name of a bar so that it stays inside the figure', () => {
    const names = Array.from({ length: 40 }, (_, at) => [
      `${at} a very long name of an airport in the west`,
      at,
    ]);
    const view = chartView(table({ name: 'VARCHAR', m: 'INTEGER' }, names), {
      type: 'bar',
      x: 'name',
      y: ['m'],
    });
    const frame = plotFrame(view, 'bar', 900);
    const slot = (900 - frame.yWidth - frame.margin.right) / 40;
    expect(frame.horizontal).toBe(false);
    expect(measure(frame.shortLabel(0)) / 2).toBeLessThanOrEqual(frame.yWidth + slot / 2);
    expect(frame.shortLabel(0)).toMatch(/…$/);
  });
});

it('counts bars, not places: three series have a third of the places', () => {
  const rows = Array.from({ length: 300 }, (_, at) => [`p${Math.floor(at / 3)}`, `s${at % 3}`, at]);
  const view = chartView(table({ p: 'VARCHAR', s: 'VARCHAR', m: 'INTEGER' }, rows), {
    type: 'bar',
    x: 'p',
    y: ['m'],
    series: 's',
  });
  expect(view.places).toHaveLength(66);
  expect(view.notes).toEqual(['The first 198 of 300 bars are shown, in the result’s order.']);
});

it('lets bars of months stand, each labelled or left out alike, as the axis of a line calls them', () => {
  const months = Array.from({ length: 24 }, (_, at) => BigInt(Date.UTC(2000, at)) * 1000n);
  const rows = table(
    { at: 'TIMESTAMP', n: 'BIGINT' },
    months.map((month) => [month, 1n]),
  );
  const view = chartView(rows, { type: 'bar', x: 'at', y: ['n'] }, true);
  const wide = plotFrame(view, 'bar', 3000);
  expect(wide.horizontal).toBe(false);
  expect(wide.labelled?.length).toBe(24);
  expect(wide.labelled?.slice(10, 14).map((x) => wide.shortLabel(x))).toEqual([
    'Nov',
    'Dec',
    'Jan 2001',
    'Feb',
  ]);
  const narrow = plotFrame(view, 'bar', 500);
  const places = (narrow.labelled ?? []).map((x) => view.places.findIndex((place) => place.x === x));
  const [first = 0, second = 0] = places;
  expect(second - first).toBeGreaterThan(1);
  expect(places.every((place, at) => place === first + at * (second - first))).toBe(true);
  expect(narrow.shortLabel(narrow.labelled?.[0] ?? -1)).toBe('Jan 2000');
});
