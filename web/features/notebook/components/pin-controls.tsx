import { Pin, PinOff } from 'lucide-react';
import type { SqlCell } from '#shared/contract/notebooks.ts';
import { snapshotsOf } from '#shared/contract/snapshots-of.ts';
import { Badge } from '#web/components/badge.tsx';
import { Button } from '#web/components/button.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { Popover } from '#web/components/popover.tsx';
import { formatBytes } from '#web/lib/format/bytes.ts';
import { formatDuration } from '#web/lib/format/durations.ts';
import { formatInstant } from '#web/lib/format/instants.ts';
import { countOf, formatInteger } from '#web/lib/format/numbers.ts';
import { useMovedOn } from '../api/moved-on.ts';
import { ENGINES } from '../model/engine-choices.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import { readOfAnswer, readOfPin } from '../model/past-read.ts';
import { isPinned, pinOf } from '../model/pinned-run.ts';
import { sameSnapshots } from '../model/plan-snapshots.ts';
import { shownAnswer, shownOutcome, type CellRun } from '../model/run-store.ts';
import type { NotebookEditor } from '../model/use-notebook-editor.ts';
import { MovedOnBadge } from './moved-on-badge.tsx';

interface PinControlsProps {
  readonly cell: SqlCell;
  readonly name: string;
  /** Where the cell reads. */
  readonly place: string;
  readonly run: CellRun | undefined;
  readonly store: NotebookStore;
  readonly editor: NotebookEditor;
}

/** Says when the data has moved on since an answer; keeps a run, and gets its very rows again. */
export function PinControls({ cell, name, place, run, store, editor }: PinControlsProps) {
  const answer = shownAnswer(run);
  const outcome = shownOutcome(run);
  const done = run?.kind === 'done' ? run : null;
  const exact = done?.exact;
  const { pin } = cell;
  const setPin = (next: SqlCell['pin']) => {
    const { pin: _old, ...rest } = cell;
    store.edit({ type: 'replace', cell: next === undefined ? rest : { ...rest, pin: next } });
  };
  return (
    <>
      <MovedOnBadge
        read={answer !== null ? readOfAnswer(answer) : pin === undefined ? null : readOfPin(pin, place)}
      />
      {pin !== undefined && answer !== null && !isPinned(pin, answer) && (
        <Badge
          tone="past"
          title={`The pin holds the run of ${formatInstant(pin.at)}, with ${countOf(pin.rows, 'row')}. "Rerun exactly" gives them again.`}
        >
          Not the pinned run
        </Badge>
      )}
      {exact !== undefined && outcome !== null && (
        <Badge
          tone={sameSnapshots(exact.snapshots, snapshotsOf(outcome.plan)) ? 'past' : 'bad'}
          title={`Rerun exactly, at ${exact.ref}`}
        >
          {sameSnapshots(exact.snapshots, snapshotsOf(outcome.plan))
            ? `As of ${formatInstant(exact.at)}`
            : 'Not the same snapshots'}
        </Badge>
      )}
      {pin === undefined ? (
        done !== null &&
        outcome !== null && (
          <IconButton
            icon={Pin}
            label={`Pin this run of ${name}`}
            small
            onClick={() => setPin(pinOf(done, outcome))}
          />
        )
      ) : (
        <Popover
          label={`Pinned run of ${name}`}
          align="end"
          className="w-96 p-3"
          trigger={
            <IconButton icon={Pin} label={`Pinned run of ${name}`} small className="text-accent-text" />
          }
        >
          <PinnedFacts pin={pin} place={place} />
          <div className="mt-3 flex gap-2 border-t pt-3">
            <Button look="primary" onClick={() => editor.rerunExactly(cell.id)}>
              Rerun exactly
            </Button>
            <Button look="quiet" onClick={() => setPin(undefined)}>
              <PinOff aria-hidden className="size-4" strokeWidth={1.75} /> Unpin
            </Button>
          </div>
        </Popover>
      )}
    </>
  );
}

function PinnedFacts({ pin, place }: { pin: NonNullable<SqlCell['pin']>; place: string }) {
  const moved = useMovedOn(readOfPin(pin, place));
  const facts = [
    ['Ran', formatInstant(pin.at)],
    ['Read at', pin.ref],
    ...pin.snapshots.map(({ table, snapshotId }) => [table, snapshotId ?? 'empty'] as const),
    ['Engine', ENGINES[pin.engine].label],
    ['Took', formatDuration(pin.elapsedMs)],
    ['Needed', formatBytes(pin.bytes)],
    ['Rows', formatInteger(pin.rows)],
  ] as const;
  return (
    <>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 text-xs">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-ink-3">{label}</dt>
            <dd className="truncate text-right tabular-nums" title={value}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
      {moved.length > 0 && (
        <p className="mt-2 text-xs text-past">
          The data has moved on since: {moved.join(', ')} {moved.length === 1 ? 'has' : 'have'} another
          snapshot now.
        </p>
      )}
      <pre className="mt-2 max-h-40 overflow-auto rounded-sm bg-sunken p-2 font-mono text-xs">{pin.sql}</pre>
    </>
  );
}
