import { ChartColumn, Maximize2, Table2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SqlCell } from '#shared/contract/notebooks.ts';
import type { RunOutcome, WriteOutcome } from '#web/duckdb/types.ts';
import { Badge } from '#web/components/badge.tsx';
import { Button } from '#web/components/button.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { Kbd } from '#web/components/kbd.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { exactDuration, formatDuration } from '#web/lib/format/durations.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import type { CellRun } from '../model/run-store.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import type { NotebookEditor } from '../model/use-notebook-editor.ts';
import { CellName } from './cell-name.tsx';
import { EngineBadge } from './engine-badge.tsx';
import { KeptBadge } from './kept-badge.tsx';
import { PinControls } from './pin-controls.tsx';
import { RunningFigures } from './running-figures.tsx';

interface RunBarProps {
  readonly cell: SqlCell;
  readonly run: CellRun | undefined;
  readonly name: string;
  /** Where the cell reads. */
  readonly place: string;
  readonly store: NotebookStore;
  readonly editor: NotebookEditor;
  readonly changed: boolean;
  /** The cell is as it was, but something that it reads is not. */
  readonly stale: boolean;
  readonly onEnlarge: () => void;
  readonly onRun: () => void;
  readonly onStop: () => void;
  readonly onView: (view: SqlCell['view']) => void;
  readonly snapshotPicker: ReactNode;
}

/** The line under the SQL: what the run came to, how to see it, and where in history the cell reads. Always there. */
export function RunBar(props: RunBarProps) {
  const {
    cell,
    run,
    name,
    place,
    store,
    editor,
    changed,
    stale,
    onRun,
    onStop,
    onView,
    onEnlarge,
    snapshotPicker,
  } = props;
  return (
    <div className="@container flex min-h-8 items-center gap-2 border-t px-2 text-xs text-ink-2">
      <CellName store={store} of={cell} cell={name} />
      {hasRows(run) && (
        <Segmented
          label={`View of the result, ${name}`}
          value={cell.view}
          onChange={onView}
          options={[
            { value: 'grid', label: 'Grid', icon: Table2 },
            { value: 'chart', label: 'Chart', icon: ChartColumn },
          ]}
        />
      )}
      <div aria-live="polite" className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-1 py-1">
        {run === undefined && (
          <Button look="quiet" small onClick={onRun} className="h-6 px-1.5 font-normal">
            Run <Kbd keys="Mod+Enter" />
          </Button>
        )}
        {run?.kind === 'queued' && <span>Waits for the cells before it</span>}
        {run?.kind === 'running' && (
          <RunningFigures run={run} onServer={() => void store.runs.runOnServer(cell.id)} />
        )}
        {run?.kind === 'cancelled' && <span>{run.reason ?? 'Stopped'}</span>}
        {run?.kind === 'failed' && <Badge tone="bad">Failed</Badge>}
        {run?.kind === 'done' &&
          ('written' in run.outcome ? (
            <WriteFigures outcome={run.outcome} />
          ) : (
            <OutcomeFigures outcome={run.outcome} kept={run.kept?.rows ?? null} />
          ))}
        <KeptBadge run={run} />
        {run?.kind === 'done' && run.part !== undefined && (
          <Badge title={run.part.sql}>
            {run.part.kind === 'selection' ? 'Of the selection' : 'Of one statement'}
          </Badge>
        )}
        {stale && !changed && (
          <Badge tone="warn" title="A cell or an input that this one reads was changed after this run.">
            Stale
          </Badge>
        )}
        {changed && (
          <Badge tone="warn" title="The SQL or its place in history was changed after this run.">
            Changed since
          </Badge>
        )}
      </div>
      {(run?.kind === 'running' || run?.kind === 'queued') && (
        <Button small onClick={onStop} aria-keyshortcuts="Escape">
          Stop <Kbd keys="Esc" />
        </Button>
      )}
      <PinControls cell={cell} name={name} place={place} run={run} store={store} editor={editor} />
      {hasRows(run) && (
        <IconButton
          icon={Maximize2}
          label={`Fill the page with the result of ${name}`}
          shortcut="f"
          small
          onClick={onEnlarge}
        />
      )}
      {snapshotPicker}
    </div>
  );
}

/** A grid and a chart are of rows; a write has none, and a plan is shown otherwise. */
function hasRows(run: CellRun | undefined): boolean {
  const answer = run?.kind === 'done' ? run : run?.kind === 'failed' ? run.previous : null;
  return answer !== null && 'table' in answer.outcome && answer.outcome.plan.explanation === undefined;
}

function WriteFigures({ outcome: { written, timings } }: { outcome: WriteOutcome }) {
  return (
    <>
      <Badge tone={written.commit === undefined ? 'neutral' : 'good'}>
        {written.commit === undefined ? 'Nothing to change' : 'Committed'}
      </Badge>
      <span className="whitespace-nowrap" title={exactDuration(timings.total)}>
        {formatDuration(timings.total)}
      </span>
    </>
  );
}

/** @param kept rows of the whole answer, where perhaps only the first of them are here */
function OutcomeFigures({ outcome, kept }: { outcome: RunOutcome; kept: number | null }) {
  const rows = kept ?? outcome.table.rowCount;
  return (
    <>
      {outcome.plan.explanation === undefined && (
        <span className="whitespace-nowrap">
          {outcome.truncated && rows === outcome.table.rowCount && 'first '}
          {formatInteger(rows)} {rows === 1 ? 'row' : 'rows'}
        </span>
      )}
      <span className="whitespace-nowrap" title={exactDuration(outcome.timings.total)}>
        {formatDuration(outcome.timings.total)}
      </span>
      {/* What is only planned, no engine has answered. */}
      {(outcome.plan.explanation === undefined || outcome.plan.explanation.run !== undefined) && (
        <EngineBadge outcome={outcome} />
      )}
      {outcome.truncated && rows === outcome.table.rowCount && (
        <span
          className="truncate text-warn"
          title={`The page holds the first ${formatInteger(rows)}. Sorting and filters ask the engine for all of them, and Export writes them all.`}
        >
          There are more rows
        </span>
      )}
    </>
  );
}
