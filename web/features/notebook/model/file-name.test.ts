import { expect, it } from 'vitest';
import { fileNameOf } from './file-name.ts';
import type { NotebookStore } from './notebook-store.ts';

it('calls files of a cell as the cell is called, and else by its place in the notebook', () => {
  const store = {
    document: () => ({
      title: 'Round trip: 1/2',
      cells: [
        { id: 'a', kind: 'sql', source: '', view: 'grid', name: 'q' },
        { id: 'b', kind: 'sql', source: '', view: 'grid' },
        {
          id: 'c',
          kind: 'pivot',
          name: 'by_day',
          relation: 'q',
          rows: [],
          columns: [],
          value: { aggregate: 'count' },
        },
      ],
    }),
  } as unknown as NotebookStore;
  expect(fileNameOf(store, 'a')).toBe('q');
  expect(fileNameOf(store, 'b')).toBe('Round trip 1 2 cell 2');
  expect(fileNameOf(store, 'c')).toBe('by_day');
});
