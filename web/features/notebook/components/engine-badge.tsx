import type { RunOutcome } from '#web/duckdb/types.ts';
import { Popover } from '#web/components/popover.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { allowedEngine, setPreferredEngine, usePreferredEngine } from '#web/lib/engine-preference.ts';
import { useHasCluster, useTabEngine } from '#web/lib/system.ts';
import { formatBytes } from '#web/lib/format/bytes.ts';
import { formatDuration } from '#web/lib/format/durations.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import { engineChoices, ENGINES, METADATA } from '../model/engine-choices.ts';

/** Which engine answered; why, and what it read, at a click. */
export function EngineBadge({ outcome }: { outcome: RunOutcome }) {
  // Where the lakehouse keeps its queries from tabs, nobody shall think that one of them read a table.
  const fromMetadata = useTabEngine() === 'off' && outcome.plan.answeredFrom === 'metadata';
  const { label, answered, icon: Icon } = fromMetadata ? METADATA : ENGINES[outcome.engine.used];
  return (
    <Popover
      label="How this was answered"
      className="p-3"
      trigger={
        <button
          type="button"
          aria-label={answered}
          className="inline-flex h-5 shrink-0 items-center gap-1 rounded-sm bg-sunken px-1.5 font-medium text-ink-2 hover:text-ink"
        >
          <Icon aria-hidden className="size-3.5" strokeWidth={1.75} />
          {label}
        </button>
      }
    >
      <Explanation outcome={outcome} />
    </Popover>
  );
}

function Explanation({ outcome: { plan, engine, timings } }: { outcome: RunOutcome }) {
  const hasCluster = useHasCluster();
  const tabEngine = useTabEngine();
  const preferred = allowedEngine(usePreferredEngine(), tabEngine);
  const kept = plan.scans.reduce((sum, scan) => sum + scan.files.length, 0);
  const known = plan.scans.reduce((sum, scan) => sum + scan.filesKnown, 0);
  const pruning = [...new Set(plan.scans.flatMap((scan) => scan.pruning))];
  return (
    <div className="w-72 py-1">
      <p className="text-ink">{engine.reason}</p>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 text-ink-2">
        <dt className="text-ink-3">Files</dt>
        <dd className="text-right">
          {formatInteger(kept)} of {formatInteger(known)}
        </dd>
        <dt className="text-ink-3">Needs</dt>
        <dd className="text-right">{formatBytes(plan.bytes)}</dd>
        <dt className="text-ink-3">Plan</dt>
        <dd className="text-right">{formatDuration(timings.plan)}</dd>
        {timings.load > 0 && (
          <>
            <dt className="text-ink-3">Load</dt>
            <dd className="text-right">{formatDuration(timings.load)}</dd>
          </>
        )}
        <dt className="text-ink-3">Run</dt>
        <dd className="text-right">{formatDuration(timings.run)}</dd>
      </dl>
      {pruning.length > 0 && <p className="mt-2 text-ink-3">{pruning.slice(0, 3).join(' · ')}</p>}
      <div className="mt-3 flex items-center justify-between border-t pt-3">
        <span className="text-ink-3">Next runs</span>
        <Segmented
          label="Where the next runs go"
          value={preferred}
          onChange={setPreferredEngine}
          options={engineChoices({ hasCluster, tabEngine }, preferred)}
        />
      </div>
    </div>
  );
}
