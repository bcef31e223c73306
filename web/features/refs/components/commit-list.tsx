import { Command } from 'cmdk';
import { Check } from 'lucide-react';
import type { LogChange, LogEntry } from '#shared/contract/refs.ts';
import { ErrorState } from '#web/components/error-state.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { SkeletonRows } from '#web/components/skeleton.tsx';
import { useLog } from '../api/get-log.ts';
import { changeSummary } from '../model/change-summary.ts';

interface CommitListProps {
  /** Branch or tag whose log is shown. */
  readonly branch: string;
  readonly selectedHash: string | null;
  readonly onChoose: (entry: LogEntry) => void;
}

/** The log of a branch to choose a commit from: message, time, what it did to which table. */
export function CommitList({ branch, selectedHash, onChoose }: CommitListProps) {
  const log = useLog(branch);
  if (log.isError)
    return (
      <ErrorState error={log.error} title="The log could not be read." onRetry={() => void log.refetch()} />
    );
  const entries = log.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <Command label="Commits" loop>
      <Command.Input
        autoFocus
        placeholder="Find a commit by message, table or hash…"
        className="h-9 w-full border-b bg-transparent px-3 outline-none placeholder:text-ink-3"
      />
      <Command.List className="max-h-[min(20rem,calc(var(--radix-popover-content-available-height,100vh)-9rem))] overflow-y-auto p-1">
        {log.isPending ? (
          // The field above is there before the list, so that no key typed meanwhile is lost.
          <Command.Loading>
            <SkeletonRows count={8} />
          </Command.Loading>
        ) : (
          <Command.Empty className="px-2 py-3 text-ink-2">
            No commit of the loaded ones matches.
          </Command.Empty>
        )}
        {entries.map((entry, index) => (
          <Command.Item
            key={entry.hash}
            value={entry.hash}
            keywords={[entry.message, entry.author, ...entry.changes.map((change) => change.key)]}
            onSelect={() => onChoose(entry)}
            className="row h-auto flex-col items-stretch gap-0 py-1.5"
          >
            <span className="flex items-center gap-2">
              <span className="min-w-0 flex-1 truncate text-ink" title={entry.message}>
                {entry.message}
              </span>
              {index === 0 && <span className="text-xs text-accent-text">newest</span>}
              {entry.hash === selectedHash && (
                <Check role="img" aria-label="selected" className="size-4 text-past" />
              )}
              <RelativeTime time={entry.time} className="shrink-0 text-xs text-ink-3" />
            </span>
            <span className="flex gap-2 text-xs text-ink-3">
              <span className="min-w-0 flex-1 truncate" title={entry.changes.map(changeLine).join('\n')}>
                {changeSummary(entry.changes, entry.changeCount)}
              </span>
              <span className="font-mono">{entry.hash.slice(0, 8)}</span>
            </span>
          </Command.Item>
        ))}
        {log.hasNextPage && (
          <Command.Item
            value="older"
            forceMount
            onSelect={() => void log.fetchNextPage()}
            className="row text-accent-text"
          >
            {log.isFetchingNextPage ? 'Loading older commits…' : 'Load older commits'}
          </Command.Item>
        )}
      </Command.List>
    </Command>
  );
}

function changeLine(change: LogChange): string {
  return changeSummary([change]);
}
