import { expect, it } from 'vitest';
import type { NestedField } from '#shared/iceberg/types.ts';
import type { Expression } from '#shared/iceberg/expression.ts';
import { filterExpression } from './filter-expression.ts';

const FIELDS: readonly NestedField[] = [{ id: 1, name: 'id', required: false, type: 'long' }];
const COLUMN = { class: 'COLUMN_REF', type: 'COLUMN_REF', column_names: ['_c0_'] };
const isNotNull = { type: 'OPERATOR_IS_NOT_NULL', children: [COLUMN] };

/** How many conditions of an expression are within each other. */
function depthOf(expression: Expression): number {
  if (expression.op !== 'and' && expression.op !== 'or') return 1;
  return 1 + Math.max(depthOf(expression.left), depthOf(expression.right));
}

it.each(['CONJUNCTION_AND', 'CONJUNCTION_OR'])(
  'joins thousands of conditions of a %s in halves',
  async (type) => {
    const node = { type, children: Array.from({ length: 5000 }, () => isNotNull) };
    const found = await filterExpression({ read: async () => node }, { filters: [['all of them']] }, FIELDS);
    expect(depthOf(found)).toBeLessThan(20);
  },
);

it('joins thousands of conditions of a scan, and thousands of scans, in halves', async () => {
  const reader = { read: async () => isNotNull };
  const many = Array.from({ length: 5000 }, (_, index) => `condition ${index}`);
  expect(depthOf(await filterExpression(reader, { filters: [many] }, FIELDS))).toBeLessThan(20);
  const scans = many.map((each) => [each]);
  expect(depthOf(await filterExpression(reader, { filters: scans }, FIELDS))).toBeLessThan(20);
});

it('keeps conditions in their order', async () => {
  const reader = { read: async (text: string) => ({ type: text, children: [COLUMN] }) };
  const filters = [['OPERATOR_IS_NULL', 'UNKNOWN', 'OPERATOR_IS_NOT_NULL', 'OPERATOR_IS_NULL']];
  expect(await filterExpression(reader, { filters }, FIELDS)).toEqual({
    op: 'and',
    left: {
      op: 'and',
      left: { op: 'is-null', fieldId: 1 },
      right: { op: 'not-null', fieldId: 1 },
    },
    right: { op: 'is-null', fieldId: 1 },
  });
});
