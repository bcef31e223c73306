import { inputParameters } from '#shared/notebook/cell-sql.ts';
import type { CompletionTable, NotebookNames } from '../language/language-facts.ts';
import type { NotebookStore } from './notebook-store.ts';
import { shownTable } from './run-store.ts';

/** What the other cells of a notebook are called, with the columns of what they answered last. */
export function namesOf(store: NotebookStore, own: string): NotebookNames {
  const { cells } = store.document();
  return {
    parameters: inputParameters(cells).map(({ name, value }) => ({
      name,
      value: value ?? '',
    })),
    cells: cells.flatMap((cell): CompletionTable[] => {
      if (cell.kind !== 'sql' || cell.name === undefined || cell.id === own) return [];
      const answer = shownTable(store.runs.get(cell.id));
      return [
        {
          id: cell.name,
          namespace: [],
          name: cell.name,
          cell: cell.id,
          rows: String(answer?.rowCount ?? 0),
          columns: (answer?.columns ?? []).map(({ name, type }) => ({ name, sqlType: type })),
        },
      ];
    }),
  };
}
