import { X } from 'lucide-react';
import type { RunProgress } from '#web/duckdb/types.ts';
import { IconButton } from '#web/components/icon-button.tsx';
import { ProgressBar } from '#web/components/progress-bar.tsx';
import { formatBytes } from '#web/lib/format/bytes.ts';
import { setLoadsAhead, useLoadsAhead } from '#web/lib/load-ahead.ts';

interface LoadAheadProps {
  /** Null where nothing is loaded. */
  readonly progress: RunProgress | null;
  readonly onStop: () => void;
}

/** What the tab loads behind answers that the server gave, and an end to it. */
export function LoadAheadFigure({ progress, onStop }: LoadAheadProps) {
  if (progress === null) return null;
  const { done, total } = progress.bytes;
  return (
    <span
      className="flex items-center gap-2 px-1.5"
      title={`${formatBytes(done)} of ${formatBytes(total)}. The tab loads the columns of the last queries, so that it can answer the next one itself.`}
    >
      Loading data into this tab
      <ProgressBar label="Loading data into this tab" done={done} total={total} className="w-16" />
      <IconButton label="Stop loading data into this tab" icon={X} onClick={onStop} className="size-5" />
    </span>
  );
}

/** Whether the tab loads data that nobody asked it for. */
export function LoadAheadChoice({ onStop }: Pick<LoadAheadProps, 'onStop'>) {
  const wanted = useLoadsAhead();
  return (
    <label className="mt-3 flex items-start gap-2 border-t pt-3">
      <input
        type="checkbox"
        checked={wanted}
        onChange={(change) => {
          setLoadsAhead(change.target.checked);
          if (!change.target.checked) onStop();
        }}
        className="mt-0.5 accent-(--accent)"
      />
      <span>
        Load data behind the server’s answers
        <span className="block text-ink-3">
          {wanted
            ? 'The next query on the same columns is answered by the tab.'
            : 'The tab loads data only for queries that you run in it.'}
        </span>
      </span>
    </label>
  );
}
