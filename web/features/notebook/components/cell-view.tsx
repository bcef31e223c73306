import { memo, useCallback } from 'react';
import type { Cell } from '#shared/contract/notebooks.ts';
import type { CompletionTable } from '../language/language-facts.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import type { NotebookEditor } from '../model/use-notebook-editor.ts';
import { useRun } from '../model/use-store.ts';
import { CellFrame } from './cell-frame.tsx';
import type { CellSlots } from './cell-slots.ts';
import { MarkdownCell } from './markdown-cell.tsx';
import { SqlCell } from './sql-cell.tsx';

interface CellViewProps {
  readonly cell: Cell;
  readonly index: number;
  readonly count: number;
  readonly selected: boolean;
  readonly store: NotebookStore;
  readonly editor: NotebookEditor;
  readonly tables: readonly CompletionTable[];
  readonly slots: CellSlots;
  readonly notebookRef: string;
  readonly onInserter: (id: string, insert: ((text: string) => void) | null) => void;
}

export const CellView = memo(function CellView(props: CellViewProps) {
  const { cell, index, count, selected, store, editor, tables, slots, notebookRef, onInserter } = props;
  const run = useRun(store.runs, cell.id);
  const editing = selected && editor.mode === 'edit';
  const name = `cell ${index + 1}`;
  const takeInserter = useCallback(
    (insert: ((text: string) => void) | null) => onInserter(cell.id, insert),
    [onInserter, cell.id],
  );
  return (
    <CellFrame
      cell={cell}
      index={index}
      count={count}
      run={run}
      selected={selected}
      editing={editing}
      editor={editor}
      onStop={() => store.runs.cancel(cell.id)}
      onKind={() => store.edit({ type: 'kind', id: cell.id, kind: cell.kind === 'sql' ? 'markdown' : 'sql' })}
    >
      {cell.kind === 'sql' ? (
        <SqlCell
          cell={cell}
          name={name}
          store={store}
          editor={editor}
          editing={editing}
          tables={tables}
          slots={slots}
          notebookRef={notebookRef}
          onInserter={takeInserter}
        />
      ) : (
        <MarkdownCell cell={cell} name={name} store={store} editor={editor} editing={editing} />
      )}
    </CellFrame>
  );
});
