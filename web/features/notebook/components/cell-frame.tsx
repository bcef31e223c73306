import {
  ArrowDown,
  ArrowUp,
  BookmarkPlus,
  ChevronDown,
  ChevronRight,
  Copy,
  GripVertical,
  Play,
  Square,
  Trash2,
  Type,
} from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import type { Cell } from '#shared/contract/notebooks.ts';
import { IconButton } from '#web/components/icon-button.tsx';
import { cn } from '#web/lib/class-names.ts';
import { useSaveQuery } from '#web/lib/save-query.ts';
import { CELL_KINDS } from '../model/cell-kinds.ts';
import type { NotebookEditor } from '../model/use-notebook-editor.ts';
import type { CellRun } from '../model/run-store.ts';

interface CellFrameProps {
  readonly cell: Cell;
  readonly index: number;
  readonly count: number;
  readonly run: CellRun | undefined;
  readonly selected: boolean;
  readonly editing: boolean;
  readonly editor: NotebookEditor;
  readonly onStop: () => void;
  readonly onKind: () => void;
  readonly onCollapse: () => void;
  readonly children: ReactNode;
}

/** Type of what is dragged when a cell is. */
export const CELL_DRAG = 'application/x-timestream-cell';

/** What every cell has around it: the run button, the mark of the selection, and its actions. */
export function CellFrame(props: CellFrameProps) {
  const { cell, index, count, run, selected, editing, editor, onStop, onKind, onCollapse, children } = props;
  const frame = useRef<HTMLDivElement>(null);
  const running = run?.kind === 'running' || run?.kind === 'queued';
  const name = `${CELL_KINDS[cell.kind]} cell ${index + 1}`;
  const collapsed = cell.collapsed === true;
  const isText = cell.kind === 'sql' || cell.kind === 'markdown';
  const saveQuery = useSaveQuery();
  useFocusWhenSelected(frame, selected && !editing);

  return (
    // As an article of an ARIA feed: no control, yet a place that keys go to.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={frame}
      role="group"
      aria-label={`${name} of ${count}`}
      aria-current={selected ? 'true' : undefined}
      data-cell={cell.id}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={selected ? 0 : -1}
      onFocus={(event) => !isEditor(event.target) && editor.select(cell.id, 'command')}
      className="group/cell relative flex scroll-my-16 rounded-md outline-none"
    >
      <div className="flex w-9 shrink-0 flex-col items-center pt-1.5">
        {cell.kind === 'sql' && !collapsed && (
          <IconButton
            icon={running ? Square : Play}
            label={`${running ? 'Stop' : 'Run'} ${name}`}
            shortcut={running ? 'Esc' : 'Mod+Enter'}
            small
            onClick={() => (running ? onStop() : editor.run(cell.id))}
            className={running ? 'text-accent-text' : undefined}
          />
        )}
        <IconButton
          icon={collapsed ? ChevronRight : ChevronDown}
          label={`${collapsed ? 'Expand' : 'Collapse'} ${name}`}
          shortcut="c"
          small
          aria-expanded={!collapsed}
          onClick={onCollapse}
          className={cn(
            !collapsed && 'opacity-0 group-focus-within/cell:opacity-100 group-hover/cell:opacity-100',
          )}
        />
        <span
          aria-hidden
          draggable
          title="Drag to move the cell"
          onDragStart={(event) => {
            event.dataTransfer.setData(CELL_DRAG, cell.id);
            event.dataTransfer.effectAllowed = 'move';
            if (frame.current !== null) event.dataTransfer.setDragImage(frame.current, 16, 16);
          }}
          className="flex size-6 cursor-grab items-center justify-center text-ink-3 opacity-0 group-hover/cell:opacity-100"
        >
          <GripVertical className="size-3.5" strokeWidth={1.75} />
        </span>
      </div>
      <div
        aria-hidden
        className={cn(
          'absolute inset-y-0 -left-1 w-0.5 rounded-full',
          selected && (editing ? 'bg-accent' : 'bg-accent in-[:focus]:bg-accent'),
          selected && !editing && 'group-focus/cell:w-1',
        )}
      />
      <div className="min-w-0 flex-1">{children}</div>
      <div
        role="toolbar"
        aria-label={`Actions of ${name}`}
        className={cn(
          'absolute -top-7 right-0 z-10 flex h-7 items-center rounded-md border bg-raised px-px opacity-0 group-focus-within/cell:opacity-100 group-hover/cell:opacity-100',
          selected && 'opacity-100',
        )}
      >
        <IconButton
          icon={ArrowUp}
          label={`Move ${name} up`}
          shortcut="Alt+↑"
          small
          disabled={index === 0}
          onClick={() => editor.moveBy(cell.id, -1)}
        />
        <IconButton
          icon={ArrowDown}
          label={`Move ${name} down`}
          shortcut="Alt+↓"
          small
          disabled={index === count - 1}
          onClick={() => editor.moveBy(cell.id, 1)}
        />
        {isText && (
          <IconButton
            icon={Type}
            label={cell.kind === 'sql' ? `Make ${name} text` : `Make ${name} SQL`}
            shortcut={cell.kind === 'sql' ? 'm' : 'y'}
            small
            onClick={onKind}
          />
        )}
        {cell.kind === 'sql' && saveQuery !== null && (
          <IconButton
            icon={BookmarkPlus}
            label={`Save ${name} as a query`}
            small
            disabled={cell.source.trim() === ''}
            onClick={() => saveQuery(cell.source)}
          />
        )}
        <IconButton icon={Copy} label={`Duplicate ${name}`} small onClick={() => editor.duplicate(cell.id)} />
        <IconButton
          icon={Trash2}
          label={`Delete ${name}`}
          shortcut="d d"
          small
          onClick={() => editor.remove(cell.id)}
        />
      </div>
    </div>
  );
}

/** The selected cell has the focus, unless something inside of it, or outside of the notebook, has. */
function useFocusWhenSelected(frame: React.RefObject<HTMLDivElement | null>, wanted: boolean): void {
  useEffect(() => {
    const element = frame.current;
    const active = document.activeElement;
    if (!wanted || element === null || active === element) return;
    const elsewhere =
      active !== null && active !== document.body && active.closest('[data-notebook]') === null;
    const inside = active !== null && element.contains(active) && !isEditor(active);
    if (elsewhere || inside) return;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: 'nearest' });
  }, [frame, wanted]);
}

/** What is typed into says itself when it is in use. */
function isEditor(element: Element): boolean {
  return element.closest('input, textarea, .monaco-editor') !== null;
}
