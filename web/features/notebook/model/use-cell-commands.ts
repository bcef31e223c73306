import { useCallback } from 'react';
import type { CellCommand } from './command-keys.ts';
import type { NotebookStore } from './notebook-store.ts';
import type { NotebookEditor } from './use-notebook-editor.ts';

/** Does what a key says to the selected cell. */
export function useCellCommands(
  store: NotebookStore,
  editor: NotebookEditor,
): (command: CellCommand) => void {
  return useCallback(
    (command) => {
      const { cells } = store.document();
      const at = cells.findIndex((cell) => cell.id === editor.selected);
      const cell = cells[at];
      if (command === 'undo') return store.undo();
      if (command === 'redo') return store.redo();
      if (cell === undefined) return;
      const { id } = cell;
      const actions: Readonly<Record<Exclude<CellCommand, 'undo' | 'redo'>, () => void>> = {
        next: () => editor.step(1),
        previous: () => editor.step(-1),
        first: () => editor.step(-cells.length),
        last: () => editor.step(cells.length),
        edit: () => editor.select(id, 'edit'),
        run: () => editor.run(id),
        'run-next': () => editor.runNext(id),
        'run-to-here': () => editor.runToHere(id),
        collapse: () => store.edit({ type: 'collapse', id, collapsed: cell.collapsed !== true }),
        enlarge: () => editor.enlarge(id),
        'insert-above': () => editor.insert('sql', at),
        'insert-below': () => editor.insert('sql', at + 1),
        'to-markdown': () => store.edit({ type: 'kind', id, kind: 'markdown' }),
        'to-sql': () => store.edit({ type: 'kind', id, kind: 'sql' }),
        remove: () => editor.remove(id),
        'move-up': () => editor.moveBy(id, -1),
        'move-down': () => editor.moveBy(id, 1),
        'toggle-view': () => {
          if (cell.kind === 'sql')
            store.edit({ type: 'view', id, view: cell.view === 'grid' ? 'chart' : 'grid' });
        },
        snapshot: () => editor.pickSnapshot(id),
        stop: () => store.runs.cancel(id),
      };
      actions[command]();
    },
    [store, editor],
  );
}
