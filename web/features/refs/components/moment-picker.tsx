import { lazy, Suspense, useState } from 'react';
import type { LogEntry } from '#shared/contract/refs.ts';
import { Segmented } from '#web/components/segmented.tsx';
import { Skeleton } from '#web/components/skeleton.tsx';
import { CommitList } from './commit-list.tsx';

const TimeForm = lazy(() => import('./time-form.tsx'));

interface MomentPickerProps {
  readonly branch: string;
  readonly selectedHash: string | null;
  readonly onCommit: (entry: LogEntry) => void;
  readonly onTime: (time: Date) => void;
}

/** A place in the history of a branch: one of its commits, or a point in time. */
export function MomentPicker({ branch, selectedHash, onCommit, onTime }: MomentPickerProps) {
  const [by, setBy] = useState<'commit' | 'time'>('commit');
  return (
    <div>
      <div className="flex items-center justify-between border-b px-3 py-2">
        <p className="min-w-0 truncate font-medium">History of {branch}</p>
        <Segmented
          label="Choose by"
          value={by}
          onChange={setBy}
          options={[
            { value: 'commit', label: 'Commit' },
            { value: 'time', label: 'Date and time' },
          ]}
        />
      </div>
      {by === 'commit' ? (
        <CommitList branch={branch} selectedHash={selectedHash} onChoose={onCommit} />
      ) : (
        <Suspense fallback={<Skeleton className="m-3 h-26" />}>
          <TimeForm branch={branch} onTime={onTime} />
        </Suspense>
      )}
    </div>
  );
}
