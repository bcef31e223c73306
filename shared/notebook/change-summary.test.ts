import { expect, it } from 'vitest';
import type { Cell, NotebookContent } from '../contract/notebooks.ts';
import { summarizeChanges } from './change-summary.ts';

const sql = (id: string, source: string, more: Partial<Cell> = {}): Cell =>
  ({ id, kind: 'sql', source, view: 'grid', ...more }) as Cell;
const of = (...cells: Cell[]): NotebookContent => ({ title: 'T', cells });

it('names cells that changed by name or number, and counts those that came and went', () => {
  const before = of(sql('a', '1'), sql('b', '2'), sql('c', '3'), sql('d', '4'));
  const after = of(sql('a', '1'), sql('b', '20'), sql('d', '40', { name: 'totals' }), sql('e', '5'));
  expect(summarizeChanges(before, after)).toEqual({
    about: [],
    changed: ['cell 2', 'totals'],
    added: 1,
    removed: 1,
  });
});

it('tells a title, a folder, another way to rerun, and another order', () => {
  const before = of(sql('a', '1'), sql('b', '2'));
  const after = { ...of(sql('b', '2'), sql('a', '1')), title: 'U', folder: 'F', mode: 'manual' as const };
  expect(summarizeChanges(before, after)).toEqual({
    about: ['title', 'folder', 'reruns', 'order'],
    changed: [],
    added: 0,
    removed: 0,
  });
});

it('is nothing where the same is to be seen', () => {
  const collapsed = of(sql('a', '1', { collapsed: true }));
  expect(summarizeChanges(of(sql('a', '1')), { ...collapsed, mode: 'auto' })).toBeNull();
});
