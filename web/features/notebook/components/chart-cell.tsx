import type { ChartCell as ChartCellData } from '#shared/contract/notebooks.ts';
import { present } from '#shared/util/present.ts';
import { EmptyState } from '#web/components/empty-state.tsx';
import { shownOutcome } from '../model/run-store.ts';
import { CellName } from './cell-name.tsx';
import { CellProblem } from './cell-problem.tsx';
import { FollowBar } from './follow-bar.tsx';
import { NotShown } from './not-shown.tsx';
import { RelationSelect } from './relation-select.tsx';
import type { ShownCellProps } from './shown-cell.ts';

/** A relation as a chart. */
export function ChartCell({
  cell,
  name,
  store,
  editor,
  tables,
  slots,
  run,
  stale,
}: ShownCellProps<ChartCellData>) {
  const outcome = shownOutcome(run);
  return (
    <div className="overflow-clip rounded-md border bg-surface">
      <FollowBar run={run} stale={stale} runnable={cell.relation !== ''} onRun={() => editor.run(cell.id)}>
        <CellName store={store} of={cell} cell={name} />
        <RelationSelect
          store={store}
          tables={tables}
          own={cell.id}
          label={`What ${name} reads`}
          value={cell.relation}
          onChange={(relation) => {
            store.edit({ type: 'replace', cell: { ...cell, relation } });
            editor.run(cell.id);
          }}
        />
      </FollowBar>
      {outcome === null ? (
        <NotShown run={run} ready={cell.relation !== ''} advice="Choose a named cell or a table, and run." />
      ) : outcome.table.rowCount === 0 ? (
        <EmptyState title="No rows" className="p-5">
          There is nothing to draw.
        </EmptyState>
      ) : (
        slots.renderChart({
          outcome,
          config: cell.chart,
          onChange: (chart) => store.edit({ type: 'chart', id: cell.id, chart }),
          ...present({ fileName: cell.name }),
        })
      )}
      <CellProblem store={store} id={cell.id} />
    </div>
  );
}
