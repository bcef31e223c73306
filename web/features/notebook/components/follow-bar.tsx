import type { ReactNode } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import { Badge } from '#web/components/badge.tsx';
import { Button } from '#web/components/button.tsx';
import { readOfAnswer } from '../model/past-read.ts';
import type { CellRun } from '../model/run-store.ts';
import { KeptBadge } from './kept-badge.tsx';
import { MovedOnBadge } from './moved-on-badge.tsx';
import { RunningFigures } from './running-figures.tsx';

interface FollowBarProps {
  readonly run: CellRun | undefined;
  readonly stale: boolean;
  readonly runnable: boolean;
  readonly onRun: () => void;
  readonly children: ReactNode;
}

/** The line over what shows a relation: what it shows, and how its run went. */
export function FollowBar({ run, stale, runnable, onRun, children }: FollowBarProps) {
  return (
    <>
      <div className="flex min-h-9 flex-wrap items-center gap-2 border-b px-2 py-1 text-xs text-ink-2">
        {children}
        <span aria-live="polite" className="ml-auto flex items-center gap-2">
          {run?.kind === 'running' && <RunningFigures run={run} />}
          {run?.kind === 'queued' && 'Waits'}
          {run?.kind === 'cancelled' && (run.reason ?? 'Stopped')}
          <KeptBadge run={run} />
          <MovedOnBadge read={run?.kind === 'done' ? readOfAnswer(run) : null} />
          {stale && <Badge tone="warn">Stale</Badge>}
          {runnable && (run === undefined || stale || run.kind === 'cancelled' || isKept(run)) && (
            <Button small look="quiet" onClick={onRun}>
              Run
            </Button>
          )}
        </span>
      </div>
      {run?.kind === 'failed' && (
        <p role="alert" className="px-3 py-2 whitespace-pre-line text-bad">
          {errorMessage(run.error)}
        </p>
      )}
    </>
  );
}

function isKept(run: CellRun): boolean {
  return run.kind === 'done' && run.kept !== undefined;
}
