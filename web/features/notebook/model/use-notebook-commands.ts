import {
  ArrowDown,
  ArrowUp,
  ChartColumn,
  Clock,
  Copy,
  ChevronsDownUp,
  Eraser,
  FastForward,
  Maximize2,
  Play,
  Plus,
  Redo2,
  Square,
  TextAlignStart,
  Trash2,
  Type,
  Undo2,
  Workflow,
} from 'lucide-react';
import { useMemo } from 'react';
import type { Cell } from '#shared/contract/notebooks.ts';
import { useCommands, type Command } from '#web/lib/commands.tsx';
import { setPreferredEngine } from '#web/lib/engine-preference.ts';
import { useHasCluster, useTabEngine } from '#web/lib/system.ts';
import { engineChoices } from './engine-choices.ts';
import type { NotebookStore } from './notebook-store.ts';
import { clearResults } from './reruns.ts';
import type { NotebookEditor } from './use-notebook-editor.ts';
import { useDocument } from './use-store.ts';

const CELL = 'The selected cell';
const NOTEBOOK = 'This notebook';

/** The notebook's entries in the command palette. */
export function useNotebookCommands(store: NotebookStore, editor: NotebookEditor): void {
  const {
    selected,
    runToHere,
    runStale,
    enlarge,
    run,
    runAll,
    insert,
    remove,
    duplicate,
    moveBy,
    format,
    pickSnapshot,
  } = editor;
  const kind = useDocument(store).cells.find((cell) => cell.id === selected)?.kind;
  const hasCluster = useHasCluster();
  const tabEngine = useTabEngine();
  useCommands(
    useMemo(() => {
      const cell = (id: string, rest: Omit<Command, 'id' | 'group'>): Command => ({
        id: `cell.${id}`,
        group: CELL,
        ...rest,
      });
      const notebook = (id: string, rest: Omit<Command, 'id' | 'group'>): Command => ({
        id: `cells.${id}`,
        group: NOTEBOOK,
        ...rest,
      });
      const at = () => store.document().cells.findIndex((each) => each.id === selected);
      const toggleView = (id: string) => {
        const found = store.document().cells[at()];
        if (found?.kind === 'sql')
          store.edit({ type: 'view', id, view: found.view === 'grid' ? 'chart' : 'grid' });
      };
      const ofSql = (id: string) => [
        cell('run', { title: 'Run the cell', icon: Play, hint: 'Mod+Enter', run: () => run(id) }),
        cell('format', {
          title: 'Format the SQL',
          icon: TextAlignStart,
          hint: 'Alt+Shift+F',
          run: () => format(id),
        }),
        cell('view', {
          title: 'Show the result as grid or chart',
          icon: ChartColumn,
          hint: 'g',
          run: () => toggleView(id),
        }),
        cell('snapshot', {
          title: 'Travel in time with this cell: choose its snapshot…',
          icon: Clock,
          shortcut: 'Alt+S',
          run: () => pickSnapshot(id),
        }),
      ];
      const ofAny = (id: string, is: Cell['kind']) => [
        cell('to-here', {
          title: 'Run all down to this cell',
          icon: FastForward,
          hint: 'u',
          run: () => runToHere(id),
        }),
        cell('enlarge', {
          title: 'Fill the page with the result',
          icon: Maximize2,
          hint: 'f',
          run: () => enlarge(id),
        }),
        cell('collapse', {
          title: 'Collapse or expand the cell',
          icon: ChevronsDownUp,
          hint: 'c',
          run: () =>
            store.edit({ type: 'collapse', id, collapsed: store.document().cells[at()]?.collapsed !== true }),
        }),
        cell('up', { title: 'Move the cell up', icon: ArrowUp, hint: 'Alt+↑', run: () => moveBy(id, -1) }),
        cell('down', {
          title: 'Move the cell down',
          icon: ArrowDown,
          hint: 'Alt+↓',
          run: () => moveBy(id, 1),
        }),
        cell('duplicate', { title: 'Duplicate the cell', icon: Copy, run: () => duplicate(id) }),
        ...(is === 'sql' || is === 'markdown'
          ? [
              cell('kind', {
                title: is === 'sql' ? 'Make the cell text' : 'Make the cell SQL',
                icon: Type,
                hint: is === 'sql' ? 'm' : 'y',
                run: () => store.edit({ type: 'kind', id, kind: is === 'sql' ? 'markdown' : 'sql' }),
              }),
            ]
          : []),
        cell('remove', { title: 'Delete the cell', icon: Trash2, hint: 'd d', run: () => remove(id) }),
      ];
      return [
        ...(selected !== null && kind === 'sql' ? ofSql(selected) : []),
        ...(selected !== null && kind !== undefined ? ofAny(selected, kind) : []),
        notebook('run', {
          title: 'Run all cells',
          icon: FastForward,
          shortcut: 'Mod+Shift+Enter',
          run: runAll,
        }),
        notebook('stale', { title: 'Run stale cells', icon: Workflow, run: runStale }),
        notebook('stop', { title: 'Stop all runs', icon: Square, run: () => store.runs.cancelAll() }),
        notebook('forget', {
          title: 'Clear all results',
          icon: Eraser,
          run: () => clearResults(store),
        }),
        notebook('sql-above', {
          title: 'New SQL cell above',
          icon: Plus,
          hint: 'a',
          run: () => insert('sql', Math.max(0, at())),
        }),
        notebook('sql', {
          title: 'New SQL cell below',
          icon: Plus,
          hint: 'b',
          run: () => insert('sql', at() + 1),
        }),
        notebook('text', {
          title: 'New text cell below',
          icon: Plus,
          run: () => insert('markdown', at() + 1),
        }),
        notebook('undo', {
          title: 'Undo the last change of the notebook',
          icon: Undo2,
          hint: 'z',
          run: () => store.undo(),
        }),
        notebook('redo', { title: 'Redo', icon: Redo2, hint: 'Shift+z', run: () => store.redo() }),
        ...(['input', 'chart', 'metric', 'pivot'] as const).map((each) =>
          notebook(each, {
            title: `New ${each} cell below`,
            icon: Plus,
            run: () => insert(each, at() + 1),
          }),
        ),
        ...engineChoices({ hasCluster, tabEngine }, 'auto')
          .filter(({ unavailable }) => unavailable === undefined)
          .map(({ value, command, icon }) =>
            notebook(`engine.${value}`, { title: command, icon, run: () => setPreferredEngine(value) }),
          ),
      ];
    }, [
      store,
      selected,
      kind,
      hasCluster,
      tabEngine,
      runToHere,
      runStale,
      enlarge,
      run,
      runAll,
      insert,
      remove,
      duplicate,
      moveBy,
      format,
      pickSnapshot,
    ]),
  );
}
