import { expect, it } from 'vitest';
import { WHOLE_RELATION, type ColumnFilter } from './relation-sql.ts';
import { valueFilter, withValueFilter } from './value-filter.ts';

const origin = { name: 'origin', type: 'VARCHAR' };

it('keeps and leaves out NULL as what it is', () => {
  expect(valueFilter(2, origin, null, true)).toEqual({ column: 2, operator: 'is-null', value: '' });
  expect(valueFilter(2, origin, null, false)).toEqual({ column: 2, operator: 'not-null', value: '' });
});

it('has no filter for what a text can’t stand for', () => {
  expect(valueFilter(0, { name: 'b', type: 'BLOB' }, new Uint8Array(2), true)).toBeNull();
  expect(valueFilter(0, { name: 'l', type: 'INTEGER[]' }, [1], true)).toBeNull();
  expect(valueFilter(0, { name: 't', type: 'TIMESTAMP_NS' }, 5n, true)).toBeNull();
  expect(valueFilter(0, origin, 'x'.repeat(10_001), true)).toBeNull();
});

it('adds up what is left out, and what is kept takes the place of all that its column had', () => {
  const filter = (column: number, operator: ColumnFilter['operator'], value: string) => ({
    column,
    operator,
    value,
  });
  let view = withValueFilter(WHOLE_RELATION, filter(1, 'at-least', '60'));
  view = withValueFilter(view, filter(0, 'differs', 'ORD'));
  view = withValueFilter(view, filter(0, 'differs', 'SFO'));
  view = withValueFilter(view, filter(0, 'differs', 'ORD'));
  expect(view.filters.map(({ value }) => value)).toEqual(['60', 'SFO', 'ORD']);
  expect(withValueFilter(view, filter(0, 'equals', 'LAX')).filters.map(({ value }) => value)).toEqual([
    '60',
    'LAX',
  ]);
});
