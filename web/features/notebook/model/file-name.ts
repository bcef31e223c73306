import type { NotebookStore } from './notebook-store.ts';

/** What a file of a cell's rows is called, without what says the format: as the cell, else by its place. */
export function fileNameOf(store: NotebookStore, cellId: string): string {
  const { cells } = store.document();
  const place = cells.findIndex(({ id }) => id === cellId);
  const cell = cells[place];
  const name = cell?.kind === 'sql' ? cell.name : undefined;
  return name ?? `cell ${place + 1}`;
}

/** Without what file systems refuse. */
export function fileName(title: string): string {
  const clean = title.replaceAll(/[^\p{L}\p{N}._ -]+/gu, ' ').trim();
  return clean === '' ? 'notebook' : clean;
}
