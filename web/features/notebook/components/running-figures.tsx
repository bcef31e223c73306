import { useEffect, useReducer } from 'react';
import type { EngineName } from '#shared/contract/plan.ts';
import type { RunProgress } from '#web/duckdb/types.ts';
import { Button } from '#web/components/button.tsx';
import { ProgressBar } from '#web/components/progress-bar.tsx';
import { formatBytes } from '#web/lib/format/bytes.ts';
import { formatDuration } from '#web/lib/format/durations.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import type { CellRun } from '../model/run-store.ts';

const WHERE: Readonly<Record<EngineName, string>> = {
  browser: 'in this tab',
  server: 'on the server',
  cluster: 'on the cluster',
};

function wordsOf({ phase, engine, ahead = 0 }: RunProgress): string {
  const where = engine === undefined ? '' : ` ${WHERE[engine]}`;
  switch (phase) {
    case 'queued':
      return 'Waits for the engine';
    case 'planning':
      return 'Plans';
    case 'loading':
      return 'Loads columns';
    case 'waiting':
      return `Waits for a place${where}, ${ahead === 0 ? 'next in line' : `${formatInteger(ahead)} ahead`}`;
    case 'running':
      return `Runs${where}`;
    case 'receiving':
      return 'Receives rows';
  }
}

const TICK_MS = 200;
/** Whoever waits longer may want to know that there is another way. */
const OFFER_MS = 5000;

interface RunningFiguresProps {
  readonly run: Extract<CellRun, { kind: 'running' }>;
  /** Ends this run, and asks the server instead; absent where there is no room to offer that. */
  readonly onServer?: () => void;
}

/** How far a run has got: phase, files, bytes and the time it has taken. */
export function RunningFigures({ run, onServer }: RunningFiguresProps) {
  const [elapsed, tick] = useReducer(() => performance.now() - run.startedAt, 0);
  useEffect(() => {
    let words = wordsOf(run.handle.progress());
    // Hundreds of pieces a second may come; drawing each would take the time that they are waited for.
    const unsubscribe = run.handle.subscribe(() => {
      const now = wordsOf(run.handle.progress());
      if (now !== words) tick();
      words = now;
    });
    const timer = setInterval(tick, TICK_MS);
    return () => {
      unsubscribe();
      clearInterval(timer);
    };
  }, [run]);
  const progress = run.handle.progress();
  const { files, bytes } = progress;
  const words = wordsOf(progress);
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
        valueText={figures.join(', ') || words}
        className="w-24"
      />
      <span className="truncate">{[words, ...figures].join(' · ')}</span>
      {elapsed >= 1000 && <span className="text-ink-3">{formatDuration(elapsed)}</span>}
      {onServer !== undefined &&
        elapsed >= OFFER_MS &&
        progress.engine === 'browser' &&
        progress.elsewhere === true && (
          <Button small onClick={onServer} title="Stops it in this tab, and asks the server instead">
            Run on the server
          </Button>
        )}
    </>
  );
}
