import { expect, it } from 'vitest';
import { fileNameOf } from './file-name.ts';
import type { NotebookStore } from './notebook-store.ts';

it('calls files of a cell as the cell is called, and else by its place', () => {
  const store = {
    document: () => ({
      cells: [
        { id: 'a', kind: 'sql', source: '', view: 'grid', name: 'q' },
        { id: 'b', kind: 'sql', source: '', view: 'grid' },
      ],
    }),
  } as unknown as NotebookStore;
  expect(fileNameOf(store, 'a')).toBe('q');
  expect(fileNameOf(store, 'b')).toBe('cell 2');
});
