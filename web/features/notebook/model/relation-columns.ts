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
  const wanted = relation.trim().toLowerCase();
  const cell = store
    .document()
    .cells.find((each) => each.kind === 'sql' && each.name?.toLowerCase() === wanted);
  if (cell?.kind === 'sql') return columnsOfCell(store, cell, notebookRef).map((column) => column.name);
  const table = tables.find((each) =>
    [each.name, [...each.namespace, each.name].join('.')].some((name) => name.toLowerCase() === wanted),
  );
  return table?.columns.map((column) => column.name) ?? [];
}
