import type { ResultColumn } from '#shared/contract/plan.ts';
import { cellFormatter } from '#web/lib/format/cell.ts';
import type { CellValue } from '#web/lib/result-table.ts';
import { operatorsOf, type ColumnFilter, type RelationView } from './relation-sql.ts';

/** Letters of a filter that a notebook keeps. */
const LONGEST = 10_000;
/** What a page has of these is not all of the value: it would find other rows, or none. */
const PART_ONLY = /^(TIME(STAMP)?_NS|TIME WITH TIME ZONE|TIMETZ|UNION\(|VARIANT|GEOMETRY)/i;

/**
 * The filter that keeps the rows with just this value, or those without it; null where a text can't stand for the value:
 * nested ones, bytes, and what is too long to be kept.
 */
export function valueFilter(
  column: number,
  info: ResultColumn,
  value: CellValue,
  keep: boolean,
): ColumnFilter | null {
  if (value === null) return { column, operator: keep ? 'is-null' : 'not-null', value: '' };
  const operator = keep ? 'equals' : 'differs';
  if (typeof value === 'object' || PART_ONLY.test(info.type) || !operatorsOf(info).includes(operator))
    return null;
  const text = cellFormatter(info).plain(value);
  return text.length > LONGEST ? null : { column, operator, value: text };
}

/** The view with a filter more: one that keeps a value takes the place of what its column had, others add up. */
export function withValueFilter(view: RelationView, filter: ColumnFilter): RelationView {
  const keeps = filter.operator === 'equals' || filter.operator === 'is-null';
  const others = view.filters.filter(
    (each) =>
      each.column !== filter.column ||
      !(keeps || (each.operator === filter.operator && each.value === filter.value)),
  );
  return { ...view, filters: [...others, filter] };
}
