import type { Cell, ChartCell, InputCell, MetricCell, PivotCell, SqlCell } from '../contract/notebooks.ts';

/** Cells that others read as relations, once they have a name. */
export type RelationCell = SqlCell | MetricCell | ChartCell | PivotCell;
export type NamedRelation = RelationCell & { readonly name: string };

export function isRelationCell(cell: Cell): cell is RelationCell {
  return cell.kind !== 'markdown' && cell.kind !== 'input';
}

/** Whether others can write FROM and its name. */
export function isNamedRelation(cell: Cell): cell is NamedRelation {
  return isRelationCell(cell) && cell.name !== undefined;
}

/** Whether a cell is of a kind that has a name. */
export function canBeNamed(cell: Cell): cell is RelationCell | InputCell {
  return cell.kind !== 'markdown';
}

/** What a person named a cell. */
export function givenName(cell: Cell | undefined): string | undefined {
  return cell !== undefined && canBeNamed(cell) ? cell.name : undefined;
}
