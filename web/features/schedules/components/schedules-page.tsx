import { CalendarClock } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from '#web/components/button.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { SkeletonRows, SkeletonTable } from '#web/components/skeleton.tsx';
import { useAllRuns, useSchedules } from '../api/schedules.ts';
import { SavedRuns } from './saved-runs.tsx';
import { ScheduleTable } from './schedule-table.tsx';

export type OutcomeFilter = 'all' | 'done' | 'failed';

interface SchedulesPageProps {
  /** Which runs are listed, and the one that is open; in the URL. */
  readonly outcome: OutcomeFilter;
  readonly onOutcome: (outcome: OutcomeFilter) => void;
  readonly selected: string | undefined;
  readonly onSelect: (id: string | undefined) => void;
}

const OUTCOMES = [
  { value: 'all', label: 'All' },
  { value: 'done', label: 'Done' },
  { value: 'failed', label: 'Failed' },
] as const;

/** The schedules of all notebooks, and what their runs on the server came to. */
export function SchedulesPage({ outcome, onOutcome, selected, onSelect }: SchedulesPageProps) {
  const schedules = useSchedules();
  const list = useAllRuns(outcome === 'all' ? undefined : outcome);
  const runs = useMemo(() => list.data?.pages.flatMap((page) => page.runs) ?? [], [list.data]);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <h1 className="px-4 pt-4 pb-2 text-base font-semibold">Scheduled runs</h1>
      {/* As high as it is empty: what stands below does not move when one or two come. */}
      <div className="min-h-46">
        {schedules.isPending ? (
          <SkeletonTable rows={2} columns={4} rowHeight={40} />
        ) : schedules.isError ? (
          <ErrorState
            error={schedules.error}
            title="The schedules could not be read."
            onRetry={() => void schedules.refetch()}
          />
        ) : schedules.data.length === 0 ? (
          <EmptyState icon={CalendarClock} title="No notebook runs by itself">
            Give one a schedule by “Runs on the server…” among its actions. Its cells then run on the server,
            and what they came to is kept.
          </EmptyState>
        ) : (
          <ScheduleTable schedules={schedules.data} />
        )}
      </div>
      <div className="flex items-center gap-3 border-b px-4 pt-6 pb-2">
        <h2 className="font-semibold">Runs</h2>
        <Segmented label="Which runs" value={outcome} onChange={onOutcome} options={OUTCOMES} />
      </div>
      {list.isPending ? (
        <SkeletonRows count={6} className="p-2" />
      ) : list.isError ? (
        <ErrorState
          error={list.error}
          title="The runs could not be read."
          onRetry={() => void list.refetch()}
        />
      ) : runs.length === 0 ? (
        <p className="p-4 text-ink-2">
          {outcome === 'failed'
            ? 'No run has failed.'
            : 'No run is saved yet. Runs that a person starts on the server are listed here too.'}
        </p>
      ) : (
        <SavedRuns runs={runs} selected={selected} onSelect={onSelect} />
      )}
      {list.hasNextPage && (
        <div className="px-4 py-2">
          <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {list.isFetchingNextPage ? 'Loading…' : 'Show older ones'}
          </Button>
        </div>
      )}
    </div>
  );
}
