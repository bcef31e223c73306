import { expect, it } from 'vitest';
import type { Cell } from '../contract/notebooks.ts';
import { slidesOf } from './slides.ts';

const text = (id: string, source: string): Cell => ({ id, kind: 'markdown', source });
const sql = (id: string, collapsed = false): Cell => ({
  id,
  kind: 'sql',
  source: 'SELECT 1',
  view: 'grid',
  collapsed,
});
const ids = (cells: readonly Cell[]) => slidesOf(cells).map((slide) => slide.map(({ id }) => id).join(''));

it('begins a slide at each heading, and has a slide for each cell where there is none', () => {
  expect(
    ids([
      sql('a'),
      text('b', '\n# One'),
      sql('c'),
      sql('d', true),
      text('e', '### part'),
      text('f', '## Two'),
    ]),
  ).toEqual(['a', 'bce', 'f']);
  expect(ids([sql('a'), text('b', 'no #heading'), sql('c', true), sql('d')])).toEqual(['a', 'b', 'd']);
  expect(ids([])).toEqual([]);
});
