import { memo, useCallback } from 'react';
import type { Cell } from '#shared/contract/notebooks.ts';
import { ShownOrError } from '#web/components/shown-or-error.tsx';
import type { CompletionTable } from '../language/language-facts.ts';
import type { EditorHandle } from '../model/editor-handle.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import type { NotebookEditor } from '../model/use-notebook-editor.ts';
import { useRun, useStale } from '../model/use-store.ts';
import { CellFrame } from './cell-frame.tsx';
import type { CellSlots } from './cell-slots.ts';
import { ChartCell } from './chart-cell.tsx';
import { CollapsedCell } from './collapsed-cell.tsx';
import { InputCell } from './input-cell.tsx';
import { useKeepInView } from './keep-in-view.ts';
import { MarkdownCell } from './markdown-cell.tsx';
import { MetricCell } from './metric-cell.tsx';
import { PivotCell } from './pivot-cell.tsx';
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
  readonly onHandle: (id: string, handle: EditorHandle | null) => void;
}

export const CellView = memo(function CellView(props: CellViewProps) {
  const { cell, index, count, selected, store, editor, tables, slots, notebookRef, onHandle } = props;
  const run = useRun(store.runs, cell.id);
  const stale = useStale(store, cell.id, notebookRef);
  const editing = selected && editor.mode === 'edit';
  const name = `cell ${index + 1}`;
  useKeepInView({ cell: cell.id, running: run?.kind === 'running' || run?.kind === 'queued', editing });
  const takeHandle = useCallback(
    (handle: EditorHandle | null) => onHandle(cell.id, handle),
    [onHandle, cell.id],
  );
  const shown = { name, store, editor, tables, notebookRef, slots, run, stale, editing };
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
      onCollapse={() => store.edit({ type: 'collapse', id: cell.id, collapsed: cell.collapsed !== true })}
    >
      <ShownOrError key={cell.kind} what="This cell">
        {cell.collapsed === true ? (
          <CollapsedCell cell={cell} run={run} />
        ) : cell.kind === 'input' ? (
          <InputCell cell={cell} {...shown} />
        ) : cell.kind === 'metric' ? (
          <MetricCell cell={cell} {...shown} />
        ) : cell.kind === 'chart' ? (
          <ChartCell cell={cell} {...shown} />
        ) : cell.kind === 'pivot' ? (
          <PivotCell cell={cell} {...shown} />
        ) : cell.kind === 'sql' ? (
          <SqlCell
            cell={cell}
            name={name}
            store={store}
            editor={editor}
            editing={editing}
            tables={tables}
            slots={slots}
            notebookRef={notebookRef}
            stale={stale}
            onHandle={takeHandle}
          />
        ) : (
          <MarkdownCell cell={cell} name={name} store={store} editor={editor} editing={editing} />
        )}
      </ShownOrError>
    </CellFrame>
  );
});
