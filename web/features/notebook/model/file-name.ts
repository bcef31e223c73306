import { givenName } from '#shared/notebook/named-cells.ts';
import { titleOf } from './free-title.ts';
import type { NotebookStore } from './notebook-store.ts';

/** Letters of a title that a file of one cell begins with: what the file systems take has an end. */
const LONGEST = 100;

/** What a file of a cell's rows is called, without what says the format: as the cell, else by its place in the notebook. */
export function fileNameOf(store: NotebookStore, cellId: string): string {
  const { title, cells } = store.document();
  const place = cells.findIndex(({ id }) => id === cellId);
  return givenName(cells[place]) ?? `${fileName(titleOf(title)).slice(0, LONGEST)} cell ${place + 1}`;
}

/** Without what file systems refuse. */
export function fileName(title: string): string {
  const clean = title
    .replaceAll(/[^\p{L}\p{N}._ -]+/gu, ' ')
    .replaceAll(/ +/g, ' ')
    .trim();
  return clean === '' ? 'notebook' : clean;
}
