import { expect, it } from 'vitest';
import type { RelationView } from '#web/lib/relation/relation-sql.ts';
import { namedView, viewOf } from './named-view.ts';

const columns = [
  { name: 'day', type: 'DATE' },
  { name: 'n', type: 'BIGINT' },
  { name: 'note', type: 'VARCHAR' },
];
const view: RelationView = {
  sort: [
    { column: 1, direction: 'desc' },
    { column: 0, direction: 'asc' },
  ],
  filters: [{ column: 2, operator: 'contains', value: 'x' }],
};

it('is the same view again, also where columns have other places', () => {
  const kept = namedView(view, columns);
  expect(viewOf(kept, columns)).toEqual(view);
  const moved = viewOf(kept, columns.toReversed());
  expect(moved.sort.map(({ column }) => column)).toEqual([1, 2]);
  expect(moved.filters).toEqual([{ column: 0, operator: 'contains', value: 'x' }]);
});

it('leaves out what the columns can’t be asked, and is nothing where nothing is asked', () => {
  const kept = namedView(view, columns);
  expect(viewOf(kept, [{ name: 'note', type: 'INTEGER' }])).toEqual({ sort: [], filters: [] });
  expect(namedView({ sort: [], filters: [] }, columns)).toBeUndefined();
  expect(viewOf(undefined, columns)).toEqual({ sort: [], filters: [] });
});
