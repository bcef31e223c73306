import { FilePlus2 } from 'lucide-react';
import { Fragment, useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import { isAppError } from '#shared/errors/app-error.ts';
import { EmptyState } from '#web/components/empty-state.tsx';
import { useTakeText } from '#web/lib/insert-text.ts';
import { commandFor } from '../model/command-keys.ts';
import type { CompletionTable } from '../language/language-facts.ts';
import type { EditorHandle } from '../model/editor-handle.ts';
import type { Match } from '../model/find.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import { useCellCommands } from '../model/use-cell-commands.ts';
import { useGoToCommands } from '../model/use-go-to-commands.ts';
import { useNotebookCommands } from '../model/use-notebook-commands.ts';
import { useNotebookEditor } from '../model/use-notebook-editor.ts';
import { useDocument, useSaveState } from '../model/use-store.ts';
import type { CellSlots } from './cell-slots.ts';
import { CellView } from './cell-view.tsx';
import { ConflictBanner, DeletedBanner } from './elsewhere-banners.tsx';
import { EnlargedResult } from './enlarged-result.tsx';
import { FindBar } from './find-bar.tsx';
import { InsertRow } from './insert-row.tsx';
import { MergedBanner } from './merged-banner.tsx';
import { NotebookHeader } from './notebook-header.tsx';
import { Presentation } from './presentation.tsx';

interface NotebookPageProps {
  readonly store: NotebookStore;
  /** Ref expression where cells without one of their own read. */
  readonly notebookRef: string;
  readonly tables: readonly CompletionTable[];
  readonly slots: CellSlots;
  readonly initialCell: string | undefined;
  readonly onSelect: (cellId: string | null) => void;
  readonly onDuplicate: () => void;
  readonly onDelete: () => void;
  /** After a conflict: drops what is here, or saves it as a notebook of its own. */
  readonly onReload: () => void;
  readonly onSaveCopy: () => void;
}

export function NotebookPage(props: NotebookPageProps) {
  const { store, notebookRef, tables, slots, initialCell, onSelect } = props;
  const { cells } = useDocument(store);
  const saveState = useSaveState(store);
  const editor = useNotebookEditor(store, notebookRef, initialCell);
  const [presenting, setPresenting] = useState(false);
  const stopPresenting = useCallback(() => setPresenting(false), []);
  const pending = useRef<string | null>(null);
  const handles = useRef(new Map<string, EditorHandle>());
  const { selected, select } = editor;
  const runCommand = useCellCommands(store, editor);
  useNotebookCommands(store, editor);
  useGoToCommands(store, editor.select);
  useEffect(() => onSelect(selected), [selected, onSelect]);
  useTakeText(useCallback((text: string) => handles.current.get(selected ?? '')?.insert(text), [selected]));
  const onHandle = useCallback((id: string, handle: EditorHandle | null) => {
    if (handle === null) handles.current.delete(id);
    else handles.current.set(id, handle);
  }, []);
  const onReveal = useCallback(
    ({ cell, start, end }: Match) => {
      select(cell, 'command');
      handles.current.get(cell)?.reveal({ start, end });
    },
    [select],
  );

  const page = useRef<HTMLDivElement>(null);
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const { target } = event;
    // What is presented is not edited.
    if (presenting) return;
    // While an editor is on its way, what is typed is meant for it and is no command.
    if (!(target instanceof HTMLElement) || event.defaultPrevented || editor.mode === 'edit') return;
    // Only a cell itself takes these keys: inside of an editor, a grid or a button they mean something else.
    if (target !== document.body && target.dataset['cell'] === undefined) return;
    const press = {
      key: event.key,
      mod: event.ctrlKey || event.metaKey,
      shift: event.shiftKey,
      alt: event.altKey,
    };
    const { command, pending: next } = commandFor(press, pending.current);
    pending.current = next;
    if (command === null) return;
    event.preventDefault();
    runCommand(command);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKeyDown(event);
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
  const takeFocus = useEffectEvent(() => {
    if (editor.mode === 'edit') return;
    const busy = document.activeElement?.closest('input, textarea, [role=dialog], [data-notebook]');
    if (busy !== null && busy !== undefined) return;
    page.current?.querySelector<HTMLElement>('[data-cell][tabindex="0"]')?.focus({ preventScroll: true });
  });
  // Whoever came here by a link goes on with the keys of the notebook.
  useEffect(() => takeFocus(), []);

  return (
    <div ref={page} data-notebook className="flex min-h-0 flex-1 flex-col">
      <NotebookHeader
        store={store}
        editor={editor}
        notebookRef={notebookRef}
        onPresent={() => setPresenting(true)}
        onDuplicate={props.onDuplicate}
        onDelete={props.onDelete}
      />
      {saveState.kind === 'conflict' && (
        <ConflictBanner onReload={props.onReload} onSaveCopy={props.onSaveCopy} />
      )}
      {saveState.kind === 'failed' && isAppError(saveState.error, 'NOT_FOUND') && (
        <DeletedBanner onMakeAgain={() => void store.makeAgain()} onLetGo={props.onDelete} />
      )}
      <FindBar store={store} onReveal={onReveal} />
      <MergedBanner store={store} onShow={(id) => editor.select(id)} />
      {presenting && <Presentation store={store} editor={editor} slots={slots} onClose={stopPresenting} />}
      <EnlargedResult store={store} editor={editor} slots={slots} />
      <div data-scrolls className="min-h-0 flex-1 overflow-y-auto">
        {/* All cells alike, as wide as results of many columns want: none moves when its answer comes. Text has its own measure. */}
        <div className="mx-auto w-full max-w-[1840px] pt-1 pr-8 pb-[30vh] pl-5">
          {cells.length === 0 && (
            <EmptyState icon={FilePlus2} title="This notebook is empty" className="pt-24">
              Add SQL to ask the lakehouse, or text to say what it means.
            </EmptyState>
          )}
          {cells.map((cell, index) => (
            <Fragment key={cell.id}>
              <InsertRow
                where={index === 0 ? 'at the top' : `after cell ${index}`}
                onInsert={(kind) => editor.insert(kind, index)}
                onDrop={(id) => editor.dropAt(id, index)}
              />
              <CellView
                cell={cell}
                index={index}
                count={cells.length}
                selected={cell.id === selected}
                store={store}
                editor={editor}
                tables={tables}
                slots={slots}
                notebookRef={notebookRef}
                onHandle={onHandle}
              />
            </Fragment>
          ))}
          <InsertRow
            always
            where="at the end"
            onInsert={(kind) => editor.insert(kind, cells.length)}
            onDrop={(id) => editor.dropAt(id, cells.length)}
          />
        </div>
      </div>
    </div>
  );
}
