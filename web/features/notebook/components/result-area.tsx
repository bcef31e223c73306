import { ClockArrowDown } from 'lucide-react';
import type { SqlCell } from '#shared/contract/notebooks.ts';
import { present } from '#shared/util/present.ts';
import type { RunOutcome, WriteOutcome } from '#web/duckdb/types.ts';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ShownOrError } from '#web/components/shown-or-error.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { cn } from '#web/lib/class-names.ts';
import { exactInstant } from '#web/lib/format/instants.ts';
import { emptyInputs } from '../model/empty-inputs.ts';
import { fileNameOf } from '../model/file-name.ts';
import { rowsViewOf } from '../model/rows-view.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import { shownAnswer, type Answer, type CellRun } from '../model/run-store.ts';
import type { CellSlots } from './cell-slots.ts';
import { ExplainView } from './explain-view.tsx';
import { RunError } from './run-error.tsx';
import { WriteResult } from './write-result.tsx';

/** Pixels; a result is as high as its rows, up to this. */
const GRID_HEIGHT = 380;

interface ResultAreaProps {
  readonly cell: SqlCell;
  readonly run: CellRun | undefined;
  readonly name: string;
  readonly store: NotebookStore;
  readonly slots: CellSlots;
  readonly onSource: (source: string) => void;
  /** Runs on the server what the tab could not. */
  readonly onServer: () => void;
  /** Runs again what broke on its way. */
  readonly onAgain: () => void;
}

export function ResultArea({ cell, run, name, store, slots, onSource, onServer, onAgain }: ResultAreaProps) {
  if (run === undefined || run.kind === 'cancelled') return null;
  const answer = shownAnswer(run);
  const failed = run.kind === 'failed';
  const waiting = run.kind === 'running' || run.kind === 'queued';
  return (
    <>
      {failed && (
        <RunError
          cell={cell}
          error={run.error}
          sql={run.sql}
          onSource={onSource}
          onServer={run.elsewhere ? onServer : null}
          onAgain={run.again ? onAgain : null}
        />
      )}
      {answer !== null && (
        <section
          aria-label={`${failed ? 'Earlier result' : 'Result'} of ${name}`}
          aria-busy={waiting}
          className={cn('border-t', waiting && 'opacity-50')}
        >
          {failed && <Earlier answer={answer} sql={run.sql} place={run.ref} />}
          <ShownOrError key={answer.at} what="This result">
            <Outcome outcome={answer.outcome} cell={cell} name={name} store={store} slots={slots} />
          </ShownOrError>
        </section>
      )}
    </>
  );
}

/** Says that what follows was there before the failure, and what of it is not as the cell is now. */
function Earlier({ answer, sql, place }: { answer: Answer; sql: string; place: string }) {
  const iso = new Date(answer.at).toISOString();
  return (
    <p className="flex gap-2 border-b bg-sunken px-3 py-1 text-xs text-ink-2" title={exactInstant(iso)}>
      <ClockArrowDown aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
      <span>
        This is the earlier answer, from <RelativeTime time={iso} />
        {answer.sql !== sql && ', to the SQL as it was then'}
        {answer.ref !== place && `, read at ${answer.ref}`}.
      </span>
    </p>
  );
}

function Outcome({
  outcome,
  cell,
  name,
  store,
  slots,
}: Omit<ResultAreaProps, 'run' | 'onSource' | 'onServer' | 'onAgain'> & {
  outcome: RunOutcome | WriteOutcome;
}) {
  if ('written' in outcome)
    return <WriteResult written={outcome.written} renderCommit={slots.renderCommit} />;
  if (outcome.plan.explanation !== undefined)
    return <ExplainView explanation={outcome.plan.explanation} name={name} />;
  if (cell.view === 'chart' && outcome.table.rowCount > 0) {
    return slots.renderChart({
      outcome,
      config: cell.chart,
      onChange: (chart) => store.edit({ type: 'chart', id: cell.id, chart }),
      ...present({ fileName: cell.name }),
    });
  }
  if (outcome.table.rowCount === 0) {
    const empty = emptyInputs(store, cell.id);
    return (
      <EmptyState title="No rows" className="p-5">
        {empty.length === 0
          ? 'The query ran; nothing matches it here.'
          : `The query ran, and ${empty.join(' and ')} ${empty.length === 1 ? 'has' : 'have'} no value: no row is equal to NULL, before or after it. Choose a value, or let the SQL allow for none (… OR ${empty[0]} IS NULL).`}
      </EmptyState>
    );
  }
  return slots.renderRows({
    outcome,
    name,
    fileName: fileNameOf(store, cell.id),
    maxHeight: GRID_HEIGHT,
    view: rowsViewOf(store, cell),
  });
}
