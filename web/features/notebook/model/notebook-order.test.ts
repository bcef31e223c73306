import { describe, expect, it } from 'vitest';
import { copyTitle, freeTitle } from './free-title.ts';
import { beginning, orderedNotebooks, sameNamed } from './notebook-order.ts';

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

  it('knows which share a name within a folder', () => {
    const more = [...list, { id: 'd', title: 'SALES 10', version: 1, updatedAt: at(4) }];
    expect([...sameNamed(more)]).toEqual(['a', 'd']);
  });
});

it('gives new notebooks and copies a name that is free', () => {
  expect(freeTitle('Untitled', ['Rates'])).toBe('Untitled');
  expect(freeTitle('Untitled', ['untitled', 'Untitled 2'])).toBe('Untitled 3');
  expect(copyTitle('Rates', [])).toBe('Rates (copy)');
  expect(copyTitle('Rates (copy)', ['Rates (copy)'])).toBe('Rates (copy) 2');
  expect(copyTitle('x'.repeat(200), [])).toHaveLength(200);
});
