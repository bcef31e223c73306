import type { RowsView, SqlCell } from '#shared/contract/notebooks.ts';
import type { NotebookStore } from './notebook-store.ts';

/** How a cell's rows are sorted and filtered: part of the notebook, as its chart is. */
export function rowsViewOf(store: NotebookStore, { id, rows }: Pick<SqlCell, 'id' | 'rows'>) {
  return {
    value: rows,
    onChange: (value: RowsView | undefined) => {
      const cell = store.document().cells.find((each) => each.id === id);
      if (cell?.kind !== 'sql') return;
      const { rows: _before, ...rest } = cell;
      store.edit({ type: 'replace', cell: value === undefined ? rest : { ...rest, rows: value } });
    },
  };
}
