import { expect, it } from 'vitest';
import { changeWords } from './change-words.ts';

const nothing = { about: [], changed: [], added: 0, removed: 0 };

it('says in one line what a version changed', () => {
  expect(changeWords({ cells: 4 })).toBe('4 cells');
  const all = { about: ['title' as const], changed: ['cell 2', 'totals'], added: 1, removed: 2 };
  expect(changeWords({ cells: 4, changes: all })).toBe('cell 2, totals changed · +1 cell · −2 cells · title');
  const many = { ...nothing, changed: ['cell 1', 'cell 2', 'cell 3'] };
  expect(changeWords({ cells: 4, changes: many })).toBe('3 cells changed');
});
