import { expect, it } from 'vitest';
import { tableFilters } from './table-filters.ts';

const HELPS = { filter_type: 'OPTIONAL_FILTER' };
const both = (kind: string, ...parts: readonly object[]) => ({ filter_type: kind, child_filters: parts });
const IS_NULL = { filter_type: 'IS_NULL' };
const IS_NOT_NULL = { filter_type: 'IS_NOT_NULL' };

it.each([
  ['all of both', both('CONJUNCTION_AND', IS_NULL, IS_NOT_NULL), ['((x1 IS NULL) AND (x1 IS NOT NULL))']],
  ['one of both', both('CONJUNCTION_OR', IS_NULL, IS_NOT_NULL), ['((x1 IS NULL) OR (x1 IS NOT NULL))']],
  ['one and what only helps', both('CONJUNCTION_AND', IS_NULL, HELPS), ['((x1 IS NULL))']],
  ['one or what only helps', both('CONJUNCTION_OR', IS_NULL, HELPS), []],
  ['what only helps', both('CONJUNCTION_OR', HELPS, HELPS), []],
])('lets through no row less: %s', (_, value, conditions) => {
  const type = { kind: 'name', name: 'INTEGER' } as const;
  const filters = { filters: [{ key: 0, value }] };
  expect(tableFilters(filters as never, () => ({ sql: 'x1', type }))).toEqual(conditions);
});
