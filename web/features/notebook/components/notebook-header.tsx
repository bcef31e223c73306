import { FastForward, Square } from 'lucide-react';
import { Button } from '#web/components/button.tsx';
import { titleOf, UNTITLED } from '../model/free-title.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import type { NotebookEditor } from '../model/use-notebook-editor.ts';
import { useBusy, useDocument, useSaveState } from '../model/use-store.ts';
import { EngineMenu } from './engine-menu.tsx';
import { NotebookMenu } from './notebook-menu.tsx';
import { RerunMenu } from './rerun-menu.tsx';
import { SaveIndicator } from './save-indicator.tsx';

interface NotebookHeaderProps {
  readonly store: NotebookStore;
  readonly editor: NotebookEditor;
  readonly notebookRef: string;
  readonly onPresent: () => void;
  readonly onDuplicate: () => void;
  readonly onDelete: () => void;
}

export function NotebookHeader({
  store,
  editor,
  notebookRef,
  onPresent,
  onDuplicate,
  onDelete,
}: NotebookHeaderProps) {
  const { title } = useDocument(store);
  const saveState = useSaveState(store);
  const busy = useBusy(store.runs);
  return (
    <header className="flex h-11 shrink-0 items-center gap-2 border-b pr-3 pl-4">
      <h1 className="sr-only">{titleOf(title)}</h1>
      <input
        aria-label="Title of the notebook"
        value={title}
        maxLength={200}
        placeholder={UNTITLED}
        spellCheck={false}
        onChange={(event) => store.edit({ type: 'title', title: event.target.value })}
        onKeyDown={(event) => (event.key === 'Enter' || event.key === 'Escape') && event.currentTarget.blur()}
        className="h-8 min-w-0 flex-1 rounded-md bg-transparent px-2 text-base font-semibold text-ellipsis hover:bg-hover focus:bg-transparent"
      />
      <SaveIndicator state={saveState} />
      <RerunMenu store={store} editor={editor} notebookRef={notebookRef} />
      <EngineMenu />
      {busy ? (
        <Button onClick={() => store.runs.cancelAll()}>
          <Square aria-hidden className="size-3.5" strokeWidth={2} />
          Stop all
        </Button>
      ) : (
        <Button onClick={editor.runAll}>
          <FastForward aria-hidden className="size-4" strokeWidth={1.75} />
          Run all
        </Button>
      )}
      <NotebookMenu
        store={store}
        notebookRef={notebookRef}
        onPresent={onPresent}
        onDuplicate={onDuplicate}
        onDelete={onDelete}
      />
    </header>
  );
}
