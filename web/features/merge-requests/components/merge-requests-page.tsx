import { GitPullRequestArrow, Search } from 'lucide-react';
import { useMemo, useRef, type KeyboardEvent } from 'react';
import { Button } from '#web/components/button.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { listMove } from '#web/components/list-keys.ts';
import { SearchField } from '#web/components/search-field.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { SkeletonTable } from '#web/components/skeleton.tsx';
import { cn } from '#web/lib/class-names.ts';
import { useCommands } from '#web/lib/commands.tsx';
import { countOf } from '#web/lib/format/numbers.ts';
import { useMergeRequests } from '../api/list-merge-requests.ts';
import { RequestRow } from './request-row.tsx';

export type RequestFilter = 'open' | 'merged' | 'closed' | 'all';

interface MergeRequestsPageProps {
  /** Which are listed, and what is searched for; kept in the URL. */
  readonly filter: RequestFilter;
  readonly onFilter: (filter: RequestFilter) => void;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly onOpen: (id: number) => void;
  readonly onPropose: () => void;
}

const FILTERS = [
  { value: 'open', label: 'Open' },
  { value: 'merged', label: 'Merged' },
  { value: 'closed', label: 'Closed' },
  { value: 'all', label: 'All' },
] as const;

const STATUS = { open: 'OPEN', merged: 'MERGED', closed: 'CLOSED', all: undefined } as const;

/** What is proposed for merging, and what became of it. */
export function MergeRequestsPage(props: MergeRequestsPageProps) {
  const { filter, onFilter, search, onSearch, onOpen, onPropose } = props;
  const list = useMergeRequests({ status: STATUS[filter] });
  const body = useRef<HTMLTableSectionElement>(null);
  const all = useMemo(() => list.data?.pages.flatMap((page) => page.requests) ?? [], [list.data]);
  const shown = useMemo(() => {
    const text = search.trim().toLowerCase();
    return all.filter(({ id, title, source, target, author }) =>
      [`#${id}`, title, source, target, author].some((each) => each.toLowerCase().includes(text)),
    );
  }, [all, search]);
  useCommands(
    useMemo(
      () => [
        {
          id: 'merge-requests.new',
          title: 'Propose a merge…',
          group: 'Branches',
          icon: GitPullRequestArrow,
          shortcut: 'Alt+P',
          run: onPropose,
        },
      ],
      [onPropose],
    ),
  );
  const focusRow = (at: number) => body.current?.querySelectorAll<HTMLElement>('th button')[at]?.focus();
  const onRowKey = (event: KeyboardEvent, at: number) => {
    const next = listMove(event, at, shown.length);
    if (next === null) return;
    event.preventDefault();
    focusRow(next);
  };
  const propose = (
    <Button look="primary" onClick={onPropose} aria-keyshortcuts="Alt+P">
      <GitPullRequestArrow aria-hidden className="size-4" strokeWidth={1.75} />
      Propose a merge…
    </Button>
  );

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex shrink-0 items-center gap-3 px-4 pt-4 pb-3">
        <h1 className="text-base font-semibold">Merge requests</h1>
        <Segmented label="Which are listed" value={filter} onChange={onFilter} options={FILTERS} />
        <span className="mr-auto min-w-0 truncate text-ink-3">
          {list.isSuccess && `${countOf(all.length, 'request')}${list.hasNextPage ? ' and older ones' : ''}`}
        </span>
        <SearchField
          label="Find a merge request"
          placeholder="Title, branch, author or #…"
          value={search}
          onChange={onSearch}
          onEnterList={() => focusRow(0)}
          className="w-64"
        />
        {propose}
      </header>
      {list.isPending ? (
        <SkeletonTable rows={6} columns={4} />
      ) : list.isError ? (
        <ErrorState
          error={list.error}
          title="The merge requests could not be read."
          onRetry={() => void list.refetch()}
        />
      ) : all.length === 0 ? (
        <EmptyState
          icon={GitPullRequestArrow}
          title={filter === 'open' || filter === 'all' ? 'Nothing is proposed' : `None is ${filter}`}
          action={filter === 'all' ? propose : <Button onClick={() => onFilter('all')}>Show all</Button>}
          className="flex-1"
        >
          A merge request shows others what a branch changes, row by row, and lands it once it is approved and
          its checks have passed.
        </EmptyState>
      ) : shown.length === 0 ? (
        <EmptyState
          icon={Search}
          title="No merge request matches"
          action={<Button onClick={() => onSearch('')}>Show all</Button>}
          className="flex-1"
        >
          No title, branch or author of these has “{search}”.
        </EmptyState>
      ) : (
        <div className={cn('min-h-0 flex-1 overflow-y-auto', list.isPlaceholderData && 'opacity-60')}>
          <table aria-label="Merge requests" className="w-full table-fixed border-collapse">
            <thead className="sticky top-0 z-10 bg-surface shadow-[inset_0_-1px_0_var(--line)]">
              <tr className="h-8 text-left text-xs text-ink-3 *:font-normal">
                <th scope="col" className="pl-4">
                  Request
                </th>
                <th scope="col" className="w-72 pl-4">
                  From and to
                </th>
                <th scope="col" className="w-28 pl-4">
                  Author
                </th>
                <th scope="col" className="w-32 pl-4">
                  Changed
                </th>
                <th scope="col" className="w-24 pr-4 pl-4">
                  State
                </th>
              </tr>
            </thead>
            <tbody ref={body}>
              {shown.map((request, at) => (
                <RequestRow
                  key={request.id}
                  request={request}
                  onOpen={() => onOpen(request.id)}
                  onKeyDown={(event) => onRowKey(event, at)}
                />
              ))}
            </tbody>
          </table>
          {list.hasNextPage && (
            <div className="px-4 py-2">
              <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {list.isFetchingNextPage ? 'Loading…' : 'Show older ones'}
              </Button>
            </div>
          )}
        </div>
      )}
    </div>
  );
}
