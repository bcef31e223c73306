import { isNamedRelation, type NamedRelation } from '#shared/notebook/named-cells.ts';
import type { CompletionTable } from '../language/language-facts.ts';
import type { NotebookStore } from './notebook-store.ts';
import { columnsOfCell } from './notebook-names.ts';

/** Columns of a cell, or of a table; empty where they are not known. */
export function relationColumns(
  store: NotebookStore,
  tables: readonly CompletionTable[],
  relation: string,
  notebookRef: string,
): readonly string[] {
  const cell = cellOf(store, relation);
  if (cell !== undefined) return columnsOfCell(store, cell, notebookRef).map((column) => column.name);
  const wanted = relation.trim().toLowerCase();
  const table = tables.find((each) =>
    [each.name, [...each.namespace, each.name].join('.')].some((name) => name.toLowerCase() === wanted),
  );
  return table?.columns.map((column) => column.name) ?? [];
}

/** What the columns of a cell depend on, as text; empty for a table. */
export function relationKey(store: NotebookStore, relation: string, notebookRef: string): string {
  const cell = cellOf(store, relation);
  return cell === undefined ? '' : store.relations.relationSignature(cell.id, notebookRef);
}

function cellOf(store: NotebookStore, relation: string): NamedRelation | undefined {
  const wanted = relation.trim().toLowerCase();
  return store
    .document()
    .cells.filter(isNamedRelation)
    .find(({ name }) => name.toLowerCase() === wanted);
}
