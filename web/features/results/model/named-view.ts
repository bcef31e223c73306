import type { RowsView } from '#shared/contract/notebooks.ts';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { operatorsOf, WHOLE_RELATION, type RelationView } from '#web/lib/relation/relation-sql.ts';

/** A view that a notebook keeps, of these columns; what names none of them, or asks what it can't be asked, is left out. */
export function viewOf(kept: RowsView | undefined, columns: readonly ResultColumn[]): RelationView {
  if (kept === undefined) return WHOLE_RELATION;
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  return {
    sort: kept.sort.flatMap(({ column, direction }) =>
      at(column) < 0 ? [] : [{ column: at(column), direction }],
    ),
    filters: kept.filters.flatMap(({ column, operator, value }) => {
      const found = columns[at(column)];
      return found !== undefined && operatorsOf(found).includes(operator)
        ? [{ column: at(column), operator, value }]
        : [];
    }),
  };
}

/** A view by the names of its columns; undefined where all rows are shown as they come. */
export function namedView(view: RelationView, columns: readonly ResultColumn[]): RowsView | undefined {
  if (view.sort.length + view.filters.length === 0) return undefined;
  const name = (column: number) => columns[column]?.name ?? '';
  return {
    sort: view.sort.map(({ column, direction }) => ({ column: name(column), direction })),
    filters: view.filters.map(({ column, operator, value }) => ({ column: name(column), operator, value })),
  };
}
