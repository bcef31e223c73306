import type { SqlCell } from '#shared/contract/notebooks.ts';
import type { RunOutcome } from '#web/duckdb/types.ts';
import { DataGrid } from '#web/components/data-grid/data-grid.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { cn } from '#web/lib/class-names.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import type { CellRun } from '../model/run-store.ts';
import type { CellSlots } from './cell-slots.ts';
import { RunError } from './run-error.tsx';

/** Pixels; a result is as high as its rows, up to this. */
const GRID_HEIGHT = 380;

interface ResultAreaProps {
  readonly cell: SqlCell;
  readonly run: CellRun | undefined;
  readonly name: string;
  readonly store: NotebookStore;
  readonly slots: CellSlots;
  readonly onSource: (source: string) => void;
}

export function ResultArea({ cell, run, name, store, slots, onSource }: ResultAreaProps) {
  if (run === undefined || run.kind === 'cancelled') return null;
  if (run.kind === 'failed')
    return <RunError cell={cell} error={run.error} sql={run.sql} onSource={onSource} />;
  const outcome = run.kind === 'done' ? run.outcome : run.previous;
  if (outcome === null) return null;
  return (
    <section
      aria-label={`Result of ${name}`}
      aria-busy={run.kind !== 'done'}
      className={cn('border-t', run.kind !== 'done' && 'opacity-50')}
    >
      <Outcome outcome={outcome} cell={cell} name={name} store={store} slots={slots} />
    </section>
  );
}

function Outcome({
  outcome,
  cell,
  name,
  store,
  slots,
}: Omit<ResultAreaProps, 'run' | 'onSource'> & { outcome: RunOutcome }) {
  if (cell.view === 'chart' && outcome.table.rowCount > 0) {
    return slots.renderChart({
      table: outcome.table,
      config: cell.chart,
      onChange: (chart) => store.edit({ type: 'chart', id: cell.id, chart }),
    });
  }
  if (outcome.table.rowCount === 0) {
    return (
      <EmptyState title="No rows" className="p-5">
        The query ran; nothing matches it here.
      </EmptyState>
    );
  }
  return <DataGrid table={outcome.table} label={`Rows of ${name}`} maxHeight={GRID_HEIGHT} />;
}
