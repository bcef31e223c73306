import { describe, expect, it } from 'vitest';
import { formatDay } from '#web/lib/format/instants.ts';
import { distinctTitle, freeTitle } from './free-title.ts';
import { beginning, orderedNotebooks, tellApart } from './notebook-order.ts';

const at = (day: number) => `2026-11-0${day}T00:00:00.000Z`;
const list = [
  { id: 'a', title: 'Sales 10', version: 1, updatedAt: at(1), cells: 3, updatedBy: 'Ada' },
  { id: 'b', title: 'sales 9', version: 1, updatedAt: at(3), cells: 9, folder: 'Q1', excerpt: '# Flights' },
  { id: 'c', title: 'Rates', version: 1, updatedAt: at(2), cells: 3, folder: 'Finance' },
];
const ids = (wanted: string, order: Parameters<typeof orderedNotebooks>[2]) =>
  orderedNotebooks(list, wanted, order).map(({ id }) => id);

describe('the list of notebooks', () => {
  it('is ordered by what is asked for, and else by the last change', () => {
    expect(ids('', 'changed')).toEqual(['b', 'c', 'a']);
    expect(ids('', 'name')).toEqual(['c', 'b', 'a']);
    expect(ids('', 'folder')).toEqual(['c', 'b', 'a']);
    expect(ids('', 'cells')).toEqual(['b', 'c', 'a']);
  });

  it('finds words of the title, the folder, who it is by and how it begins', () => {
    expect(ids('sales', 'changed')).toEqual(['b', 'a']);
    expect(ids('q1 flights', 'changed')).toEqual(['b']);
    expect(ids('ada', 'changed')).toEqual(['a']);
    expect(beginning('## A **title**\n\nand\t![plot](https://a.example/p.png)')).toBe('A title and plot');
    expect(beginning('SELECT count(*), max(a_b)\nFROM t')).toBe('SELECT count(*), max(a_b) FROM t');
  });

  it('tells those of one name apart by what none of the others has', () => {
    const same = (id: string, more: object = {}) => ({
      id,
      title: 'SALES 10',
      version: 1,
      updatedAt: at(4),
      cells: 3,
      ...more,
    });
    const marks = (more: readonly ReturnType<typeof same>[], within = true) => [
      ...tellApart([...list, ...more], { within }),
    ];
    expect(marks([])).toEqual([]);
    expect(marks([same('d', { folder: 'Q1' })])).toEqual([]);
    expect(marks([same('d', { folder: 'Q1' })], false)).toEqual([
      ['a', 'in no folder'],
      ['d', 'Q1'],
    ]);
    expect(marks([same('d', { excerpt: '# Flights' })])).toEqual([
      ['a', 'nothing in it'],
      ['d', 'Flights'],
    ]);
    expect(marks([same('d')])).toEqual([
      ['a', 'Ada'],
      ['d', 'by nobody known'],
    ]);
    expect(marks([same('d', { updatedBy: 'Ada', cells: 1 })])).toEqual([
      ['a', '3 cells'],
      ['d', '1 cell'],
    ]);
    const days = marks([same('d', { updatedBy: 'Ada' })]).map(([, mark]) => mark);
    expect(days).toEqual([formatDay(at(1)), formatDay(at(4))]);
    const later = { updatedBy: 'Ada', updatedAt: at(1).replace('00:00:00', '00:20:30') };
    const clocks = marks([same('d', later)]).map(([, mark]) => mark);
    // Both of one day: what is seen of a narrow list is the clock.
    for (const mark of clocks) expect(mark).toMatch(/^\d\d:\d\d:\d\d, /);
    expect(clocks[0]?.slice(0, 8)).not.toBe(clocks[1]?.slice(0, 8));
  });
});

it('gives new notebooks and copies a name that is free', () => {
  expect(freeTitle('Untitled', ['Rates'])).toBe('Untitled');
  expect(freeTitle('Untitled', ['untitled', 'Untitled 2'])).toBe('Untitled 3');
  expect(distinctTitle('Rates', ['Sales'])).toBe('Rates');
  expect(distinctTitle('Rates', ['rates '])).toBe('Rates (2)');
  expect(distinctTitle('Rates (2)', ['Rates', 'Rates (2)'])).toBe('Rates (3)');
  expect(distinctTitle('x'.repeat(200), ['x'.repeat(200)])).toMatch(/^x{196} \(2\)$/);
});
