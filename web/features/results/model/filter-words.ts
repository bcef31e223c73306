import type { ResultColumn } from '#shared/contract/plan.ts';
import type { ColumnFilter, FilterOperator } from '#web/lib/relation/relation-sql.ts';

export const FILTER_WORDS: Readonly<Record<FilterOperator, string>> = {
  equals: 'is',
  differs: 'is not',
  contains: 'contains',
  less: 'is less than',
  'at-most': 'is at most',
  greater: 'is more than',
  'at-least': 'is at least',
  'is-null': 'is NULL',
  'not-null': 'is not NULL',
};

export function needsValue(operator: FilterOperator): boolean {
  return operator !== 'is-null' && operator !== 'not-null';
}

/** "delay is at least 60" */
export function filterText(filter: ColumnFilter, columns: readonly ResultColumn[]): string {
  const name = columns[filter.column]?.name ?? '';
  const value = needsValue(filter.operator) ? ` ${filter.value === '' ? '“”' : filter.value}` : '';
  return `${name} ${FILTER_WORDS[filter.operator]}${value}`;
}
