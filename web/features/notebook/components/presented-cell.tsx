import type { Cell } from '#shared/contract/notebooks.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import { fileNameOf } from '../model/file-name.ts';
import { rowsViewOf } from '../model/rows-view.ts';
import { shownOutcome } from '../model/run-store.ts';
import { useFilledText } from '../model/use-filled-text.ts';
import type { NotebookEditor } from '../model/use-notebook-editor.ts';
import { useRun } from '../model/use-store.ts';
import type { CellSlots } from './cell-slots.ts';
import { InputValue } from './input-cell.tsx';
import { MarkdownText } from './markdown-text.tsx';
import { MetricFigure, metricTitle } from './metric-cell.tsx';
import { PivotBody } from './pivot-cell.tsx';

interface PresentedCellProps {
  readonly cell: Cell;
  readonly name: string;
  readonly store: NotebookStore;
  readonly editor: NotebookEditor;
  readonly slots: CellSlots;
}

/** Pixels. */
const ROWS_HEIGHT = 420;

/** What a cell has to show to others, without what it is edited by. */
export function PresentedCell({ cell, name, store, editor, slots }: PresentedCellProps) {
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
          <p className="text-ink-2">{cell.label || metricTitle(cell)}</p>
          <MetricFigure cell={cell} name={name} run={run} />
        </div>
      );
    case 'pivot':
      return <PivotBody cell={cell} name={name} run={run} />;
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
                bare: true,
              })
            : slots.renderRows({
                outcome,
                name,
                fileName: fileNameOf(store, cell.id),
                maxHeight: ROWS_HEIGHT,
                view: rowsViewOf(store, cell),
              })}
        </div>
      );
  }
}
