import { expect, it } from 'vitest';
import type { Cell } from '../contract/notebooks.ts';
import { compareNotebooks } from './compare.ts';

const sql = (id: string, source: string): Cell => ({ id, kind: 'sql', source, view: 'grid' });

it('has lines of one side alone for cells that came and went, and none for empty ones', () => {
  const before = { cells: [sql('gone', 'SELECT 1'), sql('stays', 'SELECT 2')] };
  const after = { cells: [sql('stays', 'SELECT 2'), sql('new', 'SELECT 3\nFROM t'), sql('empty', '')] };
  expect(compareNotebooks(before, after)).toMatchObject([
    { kind: 'added', cell: { id: 'new' }, lines: [{ before: [], after: ['SELECT 3', 'FROM t'] }] },
    { kind: 'added', cell: { id: 'empty' }, lines: [{ before: [], after: [] }] },
    { kind: 'removed', cell: { id: 'gone' }, lines: [{ before: ['SELECT 1'], after: [] }] },
  ]);
});
