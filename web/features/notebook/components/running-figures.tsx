import { useEffect, useReducer } from 'react';
import type { RunProgress } from '#web/duckdb/types.ts';
import { ProgressBar } from '#web/components/progress-bar.tsx';
import { formatBytes } from '#web/lib/format/bytes.ts';
import { formatDuration } from '#web/lib/format/durations.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import type { CellRun } from '../model/run-store.ts';

const PHASES: Readonly<Record<RunProgress['phase'], string>> = {
  queued: 'Waits for the engine',
  planning: 'Plans',
  loading: 'Loads columns',
  running: 'Runs',
  receiving: 'Receives rows',
};

const TICK_MS = 200;

/** How far a run has got: phase, files, bytes and the time it has taken. */
export function RunningFigures({ run }: { run: Extract<CellRun, { kind: 'running' }> }) {
  const [elapsed, tick] = useReducer(() => performance.now() - run.startedAt, 0);
  useEffect(() => {
    let phase = run.handle.progress().phase;
    // Hundreds of pieces a second may come; drawing each would take the time that they are waited for.
    const unsubscribe = run.handle.subscribe(() => {
      const now = run.handle.progress().phase;
      if (now !== phase) tick();
      phase = now;
    });
    const timer = setInterval(tick, TICK_MS);
    return () => {
      unsubscribe();
      clearInterval(timer);
    };
  }, [run]);
  const { phase, files, bytes } = run.handle.progress();
  const figures = [
    files.total > 0 ? `${formatInteger(files.done)} of ${formatInteger(files.total)} files` : null,
    bytes.total > 0 ? `${formatBytes(bytes.done)} of ${formatBytes(bytes.total)}` : null,
  ].filter((each) => each !== null);
  return (
    <>
      <ProgressBar
        label="Run"
        done={bytes.done}
        total={bytes.total}
        valueText={figures.join(', ') || PHASES[phase]}
        className="w-24"
      />
      <span className="truncate">{[PHASES[phase], ...figures].join(' · ')}</span>
      {elapsed >= 1000 && <span className="text-ink-3">{formatDuration(elapsed)}</span>}
    </>
  );
}
