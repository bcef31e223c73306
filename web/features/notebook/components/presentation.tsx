import { X } from 'lucide-react';
import { useEffect } from 'react';
import type { Cell } from '#shared/contract/notebooks.ts';
import { IconButton } from '#web/components/icon-button.tsx';
import type { NotebookStore } from '../model/notebook-store.ts';
import { rowsViewOf } from '../model/rows-view.ts';
import { shownOutcome } from '../model/run-store.ts';
import { useFilledText } from '../model/use-filled-text.ts';
import type { NotebookEditor } from '../model/use-notebook-editor.ts';
import { useDocument, useRun } from '../model/use-store.ts';
import type { CellSlots } from './cell-slots.ts';
import { InputValue } from './input-cell.tsx';
import { KeptBadge } from './kept-badge.tsx';
import { MarkdownText } from './markdown-text.tsx';
import { MetricFigure } from './metric-cell.tsx';
import { PivotBody } from './pivot-cell.tsx';

interface PresentationProps {
  readonly store: NotebookStore;
  readonly editor: NotebookEditor;
  readonly slots: CellSlots;
  readonly onClose: () => void;
}

/** The notebook as something to show: texts, answers and inputs, without SQL. What is collapsed stays away. */
export function Presentation({ store, editor, slots, onClose }: PresentationProps) {
  const { title, cells } = useDocument(store);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      // What is open over it closes first. A tooltip is nothing that anybody opened.
      const over = document.querySelector('[role=listbox], [role=menu], [role=dialog]');
      if (event.key === 'Escape' && over === null) onClose();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [onClose]);
  return (
    <section aria-label={`${title}, presented`} className="fixed inset-0 z-30 overflow-y-auto bg-surface">
      <IconButton
        icon={X}
        label="Leave the presentation"
        shortcut="Esc"
        onClick={onClose}
        className="fixed top-3 right-4 z-10 bg-surface"
      />
      <div className="mx-auto w-full max-w-[1080px] px-8 pt-10 pb-24">
        <h1 className="mb-4 text-lg font-semibold">{title === '' ? 'Untitled' : title}</h1>
        {cells.map((cell, index) => (
          <div key={cell.id} className="mb-4 empty:hidden">
            {cell.collapsed !== true && (
              <Shown cell={cell} name={`cell ${index + 1}`} store={store} editor={editor} slots={slots} />
            )}
          </div>
        ))}
      </div>
    </section>
  );
}

interface ShownProps extends Pick<PresentationProps, 'store' | 'editor' | 'slots'> {
  readonly cell: Cell;
  readonly name: string;
}

const ROWS_HEIGHT = 420;

function Shown({ cell, name, store, editor, slots }: ShownProps) {
  const run = useRun(store.runs, cell.id);
  const filled = useFilledText(store, cell.kind === 'markdown' ? cell.source : '');
  const outcome = shownOutcome(run);
  switch (cell.kind) {
    case 'markdown':
      return <MarkdownText source={filled} />;
    case 'input':
      return (
        <div className="flex items-center gap-3">
          <span className="min-w-24 text-ink-2">{cell.label || cell.name}</span>
          <InputValue cell={cell} store={store} editor={editor} run={run} bare />
        </div>
      );
    case 'metric':
      return (
        <div>
          <p className="text-ink-2">{cell.label || cell.column || cell.relation}</p>
          <MetricFigure cell={cell} name={name} run={run} />
          <KeptBadge run={run} />
        </div>
      );
    case 'pivot':
      return (
        <>
          <PivotBody cell={cell} name={name} run={run} />
          <KeptBadge run={run} />
        </>
      );
    case 'chart':
    case 'sql':
      if (outcome === null || outcome.table.rowCount === 0) return null;
      return (
        <div className="overflow-clip rounded-md border">
          {cell.kind === 'chart' || cell.view === 'chart'
            ? slots.renderChart({
                outcome,
                config: cell.chart,
                onChange: (chart) => store.edit({ type: 'chart', id: cell.id, chart }),
              })
            : slots.renderRows({ outcome, name, maxHeight: ROWS_HEIGHT, view: rowsViewOf(store, cell) })}
          <KeptBadge run={run} />
        </div>
      );
  }
}
