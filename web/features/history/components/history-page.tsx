import { GitCommitHorizontal, X } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, type ReactNode } from 'react';
import type { LogEntry } from '#shared/contract/refs.ts';
import { formatRefExpression } from '#shared/refs/ref-expression.ts';
import { Button } from '#web/components/button.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { Select } from '#web/components/select.tsx';
import { Skeleton } from '#web/components/skeleton.tsx';
import { cn } from '#web/lib/class-names.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import { useHistory } from '../api/get-log.ts';
import { logPlace, readCommit } from '../model/log-place.ts';
import { CommitInspector } from './commit-inspector.tsx';
import { CommitLog } from './commit-log.tsx';
import { MissingCommit } from './missing-commit.tsx';

interface HistoryPageProps {
  /** Hash of the selected commit, and the table that commits are filtered by; kept in the URL. */
  readonly selected: string | undefined;
  readonly onSelect: (hash: string | undefined) => void;
  readonly table: string | undefined;
  readonly onTable: (table: string | undefined) => void;
  /** Dotted names of the tables at the current ref: commits can be filtered by them, and they can be opened. */
  readonly tables: readonly string[];
  readonly onTravel: (expression: string) => void;
  readonly onCreateBranch: (expression: string) => void;
  readonly onOpenTable: (id: string) => void;
  /** What can be done with a commit besides going there. */
  readonly renderCommitActions: (entry: LogEntry) => ReactNode;
  readonly view: HistoryView;
  readonly onView: (view: HistoryView) => void;
  /** The moves of a ref, in place of its commits. */
  readonly renderMoves: (ref: string) => ReactNode;
}

export type HistoryView = 'commits' | 'moves';

/** The log of the current branch. In the past it is still all of it, with a mark where the page reads. */
export function HistoryPage(props: HistoryPageProps) {
  const { selected, onSelect, table, onTable, view } = props;
  const { expression, readOnly } = useCurrentRef();
  const place = useMemo(() => logPlace(expression), [expression]);
  const log = useHistory(place.ref, table);
  const { fetchNextPage } = log;
  const fetchMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const inspector = useRef<HTMLElement>(null);
  const entries = useMemo(() => log.data?.pages.flatMap((page) => page.entries) ?? [], [log.data]);
  const wanted = selected !== undefined && !entries.some((each) => each.hash === selected);
  const searching = wanted && log.hasNextPage && !log.isPlaceholderData && entries.length < SEARCHED;
  useEffect(() => {
    if (searching && !log.isFetchingNextPage) fetchMore();
  }, [searching, log.isFetchingNextPage, fetchMore]);
  const here = table === undefined || place.hash !== null ? readCommit(place, entries) : -1;
  const entry = entries.find((each) => each.hash === selected);
  const past = readOnly && (place.hash !== null || place.time !== null);
  const referTo = (hash: string) =>
    formatRefExpression(
      hash.startsWith(place.ref) ? { kind: 'commit', hash } : { kind: 'commit', name: place.ref, hash },
    );
  const names = table === undefined || props.tables.includes(table) ? props.tables : [...props.tables, table];

  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="flex shrink-0 items-center gap-3 border-b px-4 pt-4 pb-3">
          <h1 className="truncate text-base font-semibold">
            History <span className="font-normal text-ink-3">of {place.ref}</span>
          </h1>
          <Segmented
            label="What is shown"
            value={view}
            onChange={props.onView}
            options={[
              { value: 'commits', label: 'Commits' },
              { value: 'moves', label: 'Moves' },
            ]}
          />
          {view === 'commits' && entries.length > 0 && (
            <span className="shrink-0 text-ink-3">
              {formatInteger(entries.length)}
              {log.hasNextPage && '+'} {entries.length === 1 ? 'commit' : 'commits'}
            </span>
          )}
          <div className={cn('ml-auto flex min-w-0 items-center gap-1', view === 'moves' && 'hidden')}>
            <Select
              label="Only commits that touched"
              value={table === undefined ? ALL : `=${table}`}
              options={[
                { value: ALL, label: 'All tables' },
                ...names.map((name) => ({ value: `=${name}`, label: name })),
              ]}
              onChange={(value) => onTable(value === ALL ? undefined : value.slice(1))}
              className="max-w-64 min-w-40"
            />
            {table !== undefined && (
              <IconButton icon={X} label="Show all commits" small onClick={() => onTable(undefined)} />
            )}
          </div>
        </header>
        {view === 'moves' ? (
          props.renderMoves(place.ref)
        ) : log.isError && entries.length === 0 ? (
          <ErrorState
            error={log.error}
            title="The history could not be read."
            onRetry={() => void log.refetch()}
          />
        ) : log.isPending ? (
          <SkeletonLog />
        ) : entries.length === 0 ? (
          <EmptyState
            icon={GitCommitHorizontal}
            title={table === undefined ? 'No commits yet' : `No commit touched ${table}`}
            action={
              table === undefined ? undefined : (
                <Button onClick={() => onTable(undefined)}>Show all commits</Button>
              )
            }
            className="flex-1"
          >
            {table === undefined
              ? 'Every statement that changes a table becomes a commit here.'
              : `The history of ${place.ref} has commits, but none of this table.`}
          </EmptyState>
        ) : (
          <div className={cn('flex min-h-0 flex-1 flex-col', log.isPlaceholderData && 'opacity-60')}>
            <CommitLog
              entries={entries}
              more={log.hasNextPage}
              loading={log.isFetchingNextPage}
              onMore={fetchMore}
              selected={selected}
              onSelect={onSelect}
              onInspect={() => inspector.current?.focus()}
              here={here}
              past={past}
            />
          </div>
        )}
      </div>
      {view === 'commits' && wanted && !log.isPending && !log.isError && (
        <MissingCommit hash={selected} searching={searching} onClose={() => onSelect(undefined)} />
      )}
      {view === 'commits' && entry && (
        <CommitInspector
          focusRef={inspector}
          entry={entry}
          expression={referTo(entry.hash)}
          here={past && entries[here]?.hash === entry.hash}
          onTravel={() => props.onTravel(referTo(entry.hash))}
          onCreateBranch={() => props.onCreateBranch(referTo(entry.hash))}
          onSelect={onSelect}
          openTable={(id) => (props.tables.includes(id) ? () => props.onOpenTable(id) : null)}
          actions={props.renderCommitActions(entry)}
          onClose={() => onSelect(undefined)}
        />
      )}
    </div>
  );
}

/** A link may name a commit far back: so many are looked through for it. */
const SEARCHED = 10_000;

/** No table is called so: tables have a "=" before their name here. */
const ALL = 'all';

function SkeletonLog() {
  return (
    <div aria-hidden className="pt-8">
      {['w-72', 'w-96', 'w-64', 'w-80', 'w-72', 'w-56', 'w-96', 'w-64'].map((width, row) => (
        <div key={`${width}-${row}`} className="flex h-7 items-center gap-3 pr-4 pl-4">
          <Skeleton className="size-2 rounded-full" />
          <Skeleton className={cn('ml-2 h-3', width)} />
          <Skeleton className="ml-auto h-3 w-24" />
          <Skeleton className="h-3 w-16" />
        </div>
      ))}
    </div>
  );
}
