import type { ResultColumn } from '#shared/contract/plan.ts';
import { inputParameters } from '#shared/notebook/cell-sql.ts';
import { isNamedRelation, type RelationCell } from '#shared/notebook/named-cells.ts';
import { namesIn } from './outliner.ts';
import type { CompletionTable, NotebookNames } from '../language/language-facts.ts';
import type { NotebookStore } from './notebook-store.ts';
import { shownTable } from './run-store.ts';

/** What the other cells of a notebook are called, with their columns as far as these are known. */
export function namesOf(store: NotebookStore, own: string, notebookRef: string): NotebookNames {
  const { cells } = store.document();
  return {
    parameters: inputParameters(cells).map(({ name, value }) => ({
      name,
      value: value ?? '',
    })),
    cells: cells.flatMap((cell): CompletionTable[] => {
      if (!isNamedRelation(cell) || cell.id === own) return [];
      const answer = cell.kind === 'sql' ? shownTable(store.runs.get(cell.id)) : null;
      return [
        {
          id: cell.name,
          namespace: [],
          name: cell.name,
          cell: cell.id,
          rows: String(answer?.rowCount ?? 0),
          ...(answer === null ? {} : { held: answer }),
          columns: columnsOfCell(store, cell, notebookRef).map(({ name, type }) => ({ name, sqlType: type })),
        },
      ];
    }),
  };
}

/**
 * What those that read a cell find in it: the columns of its answer, where that is of what its SQL says now; else those
 * that its query would have.
 */
export function columnsOfCell(
  store: NotebookStore,
  cell: RelationCell,
  notebookRef: string,
): readonly ResultColumn[] {
  // What a chart, a metric or a pivot is to others is not the query that it draws.
  if (cell.kind !== 'sql') return store.columns.of(cell.id, notebookRef) ?? [];
  const answered = shownTable(store.runs.get(cell.id))?.columns ?? [];
  return hasAnswer(store, cell, notebookRef)
    ? answered
    : (store.columns.of(cell.id, notebookRef) ?? answered);
}

/** A text that names more of them is a script, and is not looked through at every key. */
const MOST_CELLS = 12;

/** Asks for columns of other cells that a text names; null where there is nothing to wait for. */
export function wantColumns(
  store: NotebookStore,
  own: string,
  text: string,
  notebookRef: string,
): Promise<void> | null {
  const others = store
    .document()
    .cells.flatMap((cell) => (isNamedRelation(cell) && cell.id !== own ? [cell] : []));
  const named = namesIn(text, new Set(others.map(({ name }) => name.toLowerCase())));
  const unknown = others
    .filter((cell) => named.has(cell.name.toLowerCase()) && !hasAnswer(store, cell, notebookRef))
    .map(({ id }) => id)
    .slice(0, MOST_CELLS);
  if (unknown.length === 0) return null;
  if (store.relations.known) return store.columns.want(unknown, notebookRef);
  // What a cell depends on is known only then.
  return store.relations.settled().then(() => store.columns.want(unknown, notebookRef) ?? undefined);
}

function hasAnswer(store: NotebookStore, cell: RelationCell, notebookRef: string): boolean {
  const { id } = cell;
  const run = store.runs.get(id);
  return (
    cell.kind === 'sql' &&
    run?.kind === 'done' &&
    run.part === undefined &&
    run.exact === undefined &&
    run.sql === cell.source &&
    shownTable(run) !== null &&
    !store.isStale(id, notebookRef)
  );
}
