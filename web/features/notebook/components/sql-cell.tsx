import { memo, useMemo } from 'react';
import type { SqlCell as SqlCellData } from '#shared/contract/notebooks.ts';
import { writesAnything } from '#shared/sql/write-statements.ts';
import { errorMessage } from '#shared/errors/app-error.ts';
import { cn } from '#web/lib/class-names.ts';
import type { CompletionTable } from '../language/language-facts.ts';
import type { EditorHandle } from '../model/editor-handle.ts';
import { errorPlace, errorSuggestions } from '../model/error-place.ts';
import { namesOf, wantColumns } from '../model/notebook-names.ts';
import { partOf } from '../model/run-part.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import type { NotebookEditor } from '../model/use-notebook-editor.ts';
import { useLiveCheck } from '../model/use-live-check.ts';
import { useNamedColumns } from '../model/use-named-columns.ts';
import { useRun } from '../model/use-store.ts';
import { CellProblem } from './cell-problem.tsx';
import type { CellSlots } from './cell-slots.ts';
import { EditorSlot } from './editor-slot.tsx';
import { ResultArea } from './result-area.tsx';
import { RunBar } from './run-bar.tsx';

interface SqlCellProps {
  readonly cell: SqlCellData;
  /** "cell 3", for accessible names. */
  readonly name: string;
  readonly store: NotebookStore;
  readonly editor: NotebookEditor;
  readonly editing: boolean;
  readonly tables: readonly CompletionTable[];
  readonly slots: CellSlots;
  /** The notebook's ref; the cell's own goes first. */
  readonly notebookRef: string;
  /** What it shows was made from something else than what is here now. */
  readonly stale: boolean;
  readonly onHandle: (handle: EditorHandle | null) => void;
}

export const SqlCell = memo(function SqlCell(props: SqlCellProps) {
  const { cell, name, store, editor, editing, tables, slots, notebookRef, stale, onHandle } = props;
  const run = useRun(store.runs, cell.id);
  const live = useLiveCheck(store, cell, cell.ref ?? notebookRef, editing);
  useNamedColumns(store, cell, notebookRef, editing);
  const failure = run?.kind === 'failed' && run.sql === cell.source ? run.error : live;
  const error = useMemo(() => {
    const place = failure === null ? null : errorPlace(failure, cell.source);
    return place === null
      ? null
      : { place, message: errorMessage(failure), suggestions: errorSuggestions(failure) };
  }, [failure, cell.source]);
  const setSource = (source: string) => store.edit({ type: 'source', id: cell.id, source });

  return (
    <div
      className={cn(
        'overflow-clip rounded-md border bg-surface',
        cell.ref !== undefined && 'border-past-line border-l-2 border-l-past',
      )}
    >
      <div className={cn('bg-(--code-line)', cell.ref !== undefined && 'bg-past-soft')}>
        <EditorSlot
          value={cell.source}
          onChange={setSource}
          label={`SQL, ${name}`}
          tables={tables}
          at={cell.ref ?? notebookRef}
          names={() => namesOf(store, cell.id, notebookRef)}
          onNames={(text) => wantColumns(store, cell.id, text, notebookRef)}
          onOpenCell={(id) => editor.select(id, 'command')}
          error={error}
          editing={editing}
          onFocus={() => editor.select(cell.id, 'edit')}
          onBlur={() => editor.leave(cell.id)}
          onRun={() => editor.run(cell.id)}
          onRunNext={() => editor.runNext(cell.id)}
          onRunPart={(start, end) => {
            const part = partOf(cell.source, start, end);
            if (part !== null) editor.run(cell.id, part);
          }}
          onEscape={() => {
            if (run?.kind === 'running' || run?.kind === 'queued') store.runs.cancel(cell.id);
            else editor.select(cell.id, 'command');
          }}
          onFormat={() => editor.format(cell.id)}
          onHandle={onHandle}
        />
      </div>
      <RunBar
        cell={cell}
        run={run}
        name={name}
        place={cell.ref ?? notebookRef}
        store={store}
        editor={editor}
        changed={isChanged(run, cell, notebookRef)}
        stale={stale}
        onEnlarge={() => editor.enlarge(cell.id)}
        onRun={() => editor.run(cell.id)}
        onStop={() => store.runs.cancel(cell.id)}
        onView={(view) => store.edit({ type: 'view', id: cell.id, view })}
        snapshotPicker={slots.renderSnapshotPicker({
          value: cell.ref,
          cellName: name,
          open: editor.picking === cell.id,
          onOpenChange: (open) => editor.pickSnapshot(open ? cell.id : null),
          onChange: (ref) => {
            store.edit({ type: 'ref', id: cell.id, ref });
            if (run !== undefined && !writesAnything(cell.source)) editor.run(cell.id);
          },
        })}
      />
      <CellProblem store={store} id={cell.id} />
      <ResultArea
        cell={cell}
        run={run}
        name={name}
        store={store}
        slots={slots}
        onSource={setSource}
        onServer={() => {
          const now = isOutdated(run, cell, notebookRef) ? store.target(cell.id, notebookRef) : null;
          void store.runs.runOnServer(cell.id, now ?? undefined);
        }}
        onAgain={() => {
          if (isOutdated(run, cell, notebookRef)) editor.run(cell.id);
          else void store.runs.runAgain(cell.id);
        }}
      />
    </div>
  );
});

/** Whether what failed is not what stands there now. A pinned run is what it was, whatever the cell says. */
function isOutdated(run: ReturnType<typeof useRun>, cell: SqlCellData, notebookRef: string): boolean {
  if (run?.kind !== 'failed') return false;
  return (run.again ?? run.elsewhere)?.exact === undefined && isChanged(run, cell, notebookRef);
}

/** Whether what is shown was made from other SQL, or at another place in history, than the cell now says. */
function isChanged(run: ReturnType<typeof useRun>, cell: SqlCellData, notebookRef: string): boolean {
  if (run?.kind !== 'done' && run?.kind !== 'failed') return false;
  return run.sql !== cell.source || run.ref !== (cell.ref ?? notebookRef);
}
