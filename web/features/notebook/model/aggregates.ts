import type { PivotCell } from '#shared/contract/notebooks.ts';

export type PivotAggregate = PivotCell['value']['aggregate'];

/** "Mean of delay" */
export function measureName(aggregate: PivotAggregate, column = ''): string {
  const name = AGGREGATES.find(({ value }) => value === aggregate)?.label ?? aggregate;
  return column === '' ? name : `${name} of ${column}`;
}

/** What can become of several values, as people call it. */
export const AGGREGATES: readonly { readonly value: PivotAggregate; readonly label: string }[] = [
  { value: 'count', label: 'Count' },
  { value: 'count-distinct', label: 'Distinct' },
  { value: 'sum', label: 'Sum' },
  { value: 'avg', label: 'Mean' },
  { value: 'min', label: 'Min' },
  { value: 'max', label: 'Max' },
];
