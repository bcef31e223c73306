import { FastForward, Play, Plus, Square, Trash2, Undo2 } from 'lucide-react';
import { useMemo } from 'react';
import { useCommands } from '#web/lib/commands.tsx';
import type { NotebookStore } from './notebook-store.ts';
import type { NotebookEditor } from './use-notebook-editor.ts';

/** The notebook's entries in the command palette. */
export function useNotebookCommands(store: NotebookStore, editor: NotebookEditor): void {
  const { selected, run, runAll, insert, remove } = editor;
  useCommands(
    useMemo(() => {
      const group = 'This notebook';
      const below = () => store.document().cells.findIndex((cell) => cell.id === selected) + 1;
      const ofCell =
        selected === null
          ? []
          : [
              {
                id: 'cell.run',
                title: 'Run the cell',
                group,
                icon: Play,
                hint: 'Mod+Enter',
                run: () => run(selected),
              },
              {
                id: 'cell.remove',
                title: 'Delete the cell',
                group,
                icon: Trash2,
                hint: 'd d',
                run: () => remove(selected),
              },
            ];
      return [
        {
          id: 'cells.run',
          title: 'Run all cells',
          group,
          icon: FastForward,
          shortcut: 'Mod+Shift+Enter',
          run: runAll,
        },
        { id: 'cells.stop', title: 'Stop all runs', group, icon: Square, run: () => store.runs.cancelAll() },
        ...ofCell,
        {
          id: 'cell.sql',
          title: 'New SQL cell below',
          group,
          icon: Plus,
          hint: 'b',
          run: () => insert('sql', below()),
        },
        {
          id: 'cell.text',
          title: 'New text cell below',
          group,
          icon: Plus,
          run: () => insert('markdown', below()),
        },
        {
          id: 'cells.undo',
          title: 'Undo the last change of cells',
          group,
          icon: Undo2,
          hint: 'z',
          run: () => store.undo(),
        },
      ];
    }, [store, selected, run, runAll, insert, remove]),
  );
}
