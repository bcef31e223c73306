import { ChevronRight } from 'lucide-react';
import { useRef, type KeyboardEvent } from 'react';
import type { RunOfNotebook } from '#shared/contract/notebook-history.ts';
import { ErrorState } from '#web/components/error-state.tsx';
import { listMove } from '#web/components/list-keys.ts';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { SavedResults } from '#web/components/saved-results.tsx';
import { cn } from '#web/lib/class-names.ts';
import { formatDuration } from '#web/lib/format/durations.ts';
import { useRunResults } from '../api/schedules.ts';
import { RunOutcome } from './run-outcome.tsx';

interface SavedRunsProps {
  readonly runs: readonly RunOfNotebook[];
  readonly selected: string | undefined;
  readonly onSelect: (id: string | undefined) => void;
}

/** Runs, newest first; one of them open, with what its cells came to. */
export function SavedRuns({ runs, selected, onSelect }: SavedRunsProps) {
  const list = useRef<HTMLUListElement>(null);
  const onKey = (event: KeyboardEvent, at: number) => {
    const next = listMove(event, at, runs.length);
    if (next === null) return;
    event.preventDefault();
    list.current?.querySelectorAll<HTMLElement>('button[aria-expanded]')[next]?.focus();
  };
  return (
    <ul ref={list} aria-label="Runs of notebooks">
      {runs.map((run, at) => {
        const open = run.id === selected;
        const took = Date.parse(run.finishedAt) - Date.parse(run.startedAt);
        return (
          <li key={run.id} className="border-b">
            <button
              type="button"
              aria-expanded={open}
              onClick={() => onSelect(open ? undefined : run.id)}
              onKeyDown={(event) => onKey(event, at)}
              className="flex h-8 w-full items-center gap-3 px-4 text-left hover:bg-hover focus-visible:-outline-offset-2"
            >
              <ChevronRight
                aria-hidden
                className={cn('size-3.5 shrink-0 text-ink-3 transition-transform', open && 'rotate-90')}
              />
              <span className="min-w-0 flex-1 truncate">{run.title === '' ? 'Untitled' : run.title}</span>
              <span className="truncate text-ink-3">
                {run.trigger === 'schedule' ? 'by schedule' : 'by hand'}, on {run.ref}
              </span>
              <span className="w-20 shrink-0 text-right text-ink-2 tabular-nums">{formatDuration(took)}</span>
              <RelativeTime time={run.startedAt} className="w-28 shrink-0 truncate text-right text-ink-2" />
              <span className="flex w-28 shrink-0 justify-end">
                <RunOutcome run={run} />
              </span>
            </button>
            {open && <Results run={run} />}
          </li>
        );
      })}
    </ul>
  );
}

function Results({ run: { notebook, id } }: { run: RunOfNotebook }) {
  const results = useRunResults(notebook, id);
  if (results.isError)
    return (
      <ErrorState
        error={results.error}
        title="The results could not be read."
        onRetry={() => void results.refetch()}
      />
    );
  return (
    <div className="px-4 py-1">
      <SavedResults results={results.data?.results} />
    </div>
  );
}
