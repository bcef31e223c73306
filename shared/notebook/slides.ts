import type { Cell } from '../contract/notebooks.ts';

/**
 * The cells of a notebook as what is shown one after the other: a heading of the first or second level begins a slide,
 * and what stands under it belongs to it. Without any such heading, each cell is one. Collapsed cells stay away.
 */
export function slidesOf(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  const shown = cells.filter(({ collapsed }) => collapsed !== true);
  const begins = (cell: Cell) => cell.kind === 'markdown' && /^\s{0,3}#{1,2}\s/.test(cell.source.trimStart());
  const headed = shown.some(begins);
  const slides: Cell[][] = [];
  for (const cell of shown) {
    const last = slides.at(-1);
    if (last === undefined || !headed || begins(cell)) slides.push([cell]);
    else last.push(cell);
  }
  return slides;
}
