import { memo, useEffect, useRef } from 'react';
import type { MarkdownCell as MarkdownCellData } from '#shared/contract/notebooks.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import type { NotebookEditor } from '../model/use-notebook-editor.ts';
import { useFilledText } from '../model/use-filled-text.ts';
import { MarkdownText } from './markdown-text.tsx';

interface MarkdownCellProps {
  readonly cell: MarkdownCellData;
  readonly name: string;
  readonly store: NotebookStore;
  readonly editor: NotebookEditor;
  readonly editing: boolean;
}

/** Rendered text; Enter or a double click turns it into its Markdown, Esc and Shift+Enter back. */
export const MarkdownCell = memo(function MarkdownCell({
  cell,
  name,
  store,
  editor,
  editing,
}: MarkdownCellProps) {
  const filled = useFilledText(store, cell.source);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!editing || field.current === null) return;
    field.current.focus();
    field.current.setSelectionRange(field.current.value.length, field.current.value.length);
  }, [editing]);

  if (!editing) {
    return (
      <div onDoubleClick={() => editor.select(cell.id, 'edit')} className="px-3 py-1">
        {cell.source.trim() === '' ? (
          <p className="text-ink-3">Empty text. Press Enter or double-click to write.</p>
        ) : (
          <MarkdownText source={filled} />
        )}
      </div>
    );
  }
  return (
    <textarea
      ref={field}
      aria-label={`Markdown, ${name}`}
      value={cell.source}
      rows={cell.source.split('\n').length}
      placeholder="Text in Markdown"
      onChange={(event) => store.edit({ type: 'source', id: cell.id, source: event.target.value })}
      onBlur={() => editor.leave(cell.id)}
      onKeyDown={(event) => {
        const done = event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey));
        if (done) editor.select(cell.id, 'command');
        else if (event.key === 'Enter' && event.shiftKey) editor.runNext(cell.id);
        else return;
        event.preventDefault();
      }}
      className="block field-sizing-content min-h-10 w-full resize-none rounded-md border bg-(--code-line) px-3 py-2 font-mono text-sm outline-none"
    />
  );
});
