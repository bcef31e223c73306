import { EmptyState } from '#web/components/empty-state.tsx';
import type { CellRun } from '../model/run-store.ts';

interface NotShownProps {
  readonly run: CellRun | undefined;
  /** All that it needs is chosen. */
  readonly ready: boolean;
  /** What is to be chosen, as a sentence. */
  readonly advice: string;
}

/** In the place of what a cell shows, while there is nothing: what that waits for, or what has to be done. */
export function NotShown({ run, ready, advice }: NotShownProps) {
  if (run?.kind === 'failed') return null;
  const [title, text] = words(run, ready, advice);
  return (
    <EmptyState title={title} className="p-5">
      {text}
    </EmptyState>
  );
}

function words(run: CellRun | undefined, ready: boolean, advice: string): readonly [string, string] {
  if (!ready) return ['Nothing to show yet', advice];
  if (run?.kind === 'queued') return ['Waits for the cells before it', 'It is shown once they have run.'];
  if (run?.kind === 'running') return ['Runs now', 'It is shown as soon as the answer is there.'];
  if (run?.kind === 'cancelled') return [run.reason ?? 'Stopped', 'Run it to see it.'];
  return ['Not run yet', 'Run it to see it.'];
}
