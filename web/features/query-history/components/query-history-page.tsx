import { History, Search, WifiOff } from 'lucide-react';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { EngineName } from '#shared/contract/plan.ts';
import type { QueryRun } from '#shared/contract/query-runs.ts';
import { Button } from '#web/components/button.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { listMove } from '#web/components/list-keys.ts';
import { SearchField } from '#web/components/search-field.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { Select } from '#web/components/select.tsx';
import { SkeletonTable } from '#web/components/skeleton.tsx';
import { cn } from '#web/lib/class-names.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { useQueryRuns } from '../api/query-runs.ts';
import { PERIODS, sinceOf, type Period } from '../model/run-words.ts';
import type { RunActions } from './run-details.tsx';
import { RunRow } from './run-row.tsx';

/** What is looked for; kept in the URL. */
export interface HistorySearch {
  readonly q: string;
  readonly state: QueryRun['state'] | 'all';
  readonly engine: EngineName | 'any';
  readonly period: Period;
}

interface QueryHistoryPageProps extends RunActions {
  readonly search: HistorySearch;
  readonly onSearch: (search: HistorySearch) => void;
  /** The run that is open; in the URL. */
  readonly selected: string | undefined;
  readonly onSelect: (id: string | undefined) => void;
  /** As far as this browser knows it. */
  readonly titleOf: (notebook: string) => string | undefined;
}

const NO_SEARCH: HistorySearch = { q: '', state: 'all', engine: 'any', period: 'all' };

const STATE_CHOICES = [
  { value: 'all', label: 'All' },
  { value: 'done', label: 'Done' },
  { value: 'failed', label: 'Failed' },
  { value: 'cancelled', label: 'Stopped' },
] as const;
const ENGINE_CHOICES = [
  { value: 'any', label: 'Any engine' },
  { value: 'browser', label: 'In the tab' },
  { value: 'server', label: 'On the server' },
  { value: 'cluster', label: 'On the cluster' },
] as const;

/** What was run in cells, newest first. */
export function QueryHistoryPage(props: QueryHistoryPageProps) {
  const { search, onSearch, selected, onSelect, titleOf, ...actions } = props;
  const { q, state, engine, period } = search;
  const [openedAt] = useState(() => Date.now());
  const list = useQueryRuns({
    q: q.trim() === '' ? undefined : q,
    state: state === 'all' ? undefined : state,
    engine: engine === 'any' ? undefined : engine,
    since: sinceOf(period, openedAt),
  });
  const isAway = list.data?.pages[0]?.away === true;
  const runs = useMemo(() => {
    const all = list.data?.pages.flatMap((page) => page.runs) ?? [];
    return isAway ? all.map((run) => titled(run, titleOf)) : all;
  }, [list.data, isAway, titleOf]);
  const searching = q.trim() !== '' || state !== 'all' || engine !== 'any' || period !== 'all';
  const body = useRef<HTMLTableSectionElement>(null);
  const focusRow = (at: number) => body.current?.querySelectorAll<HTMLElement>('th button')[at]?.focus();
  const onRowKey = (event: KeyboardEvent, at: number) => {
    const next = listMove(event, at, runs.length);
    if (next === null) return;
    event.preventDefault();
    focusRow(next);
  };

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 px-4 pt-4 pb-3">
        <h1 className="text-base font-semibold">Query history</h1>
        <Segmented
          label="What became of them"
          value={state}
          onChange={(next) => onSearch({ ...search, state: next })}
          options={STATE_CHOICES}
        />
        <Select
          label="Engine"
          value={engine}
          onChange={(next) => onSearch({ ...search, engine: next })}
          options={ENGINE_CHOICES}
        />
        <Select
          label="When"
          value={period}
          onChange={(next) => onSearch({ ...search, period: next })}
          options={PERIODS}
        />
        <span role="status" className="mr-auto min-w-0 truncate text-ink-3">
          {list.isSuccess &&
            (runs.length > 0 || searching) &&
            `${countOf(runs.length, 'run')}${list.hasNextPage ? ' and older ones' : isAway ? ' that this browser keeps' : ''}`}
        </span>
        <SearchField
          label="Search the history"
          placeholder="Words of the SQL or the error…"
          value={q}
          onChange={(next) => onSearch({ ...search, q: next })}
          onEnterList={() => focusRow(0)}
          className="w-64"
        />
      </header>
      {list.isPending ? (
        <SkeletonTable rows={10} columns={5} rowHeight={32} />
      ) : list.isError ? (
        <ErrorState
          error={list.error}
          title="The history could not be read."
          onRetry={() => void list.refetch()}
        />
      ) : runs.length === 0 && searching ? (
        <EmptyState
          icon={Search}
          title="No run matches"
          action={<Button onClick={() => onSearch(NO_SEARCH)}>Show all</Button>}
          className="flex-1"
        >
          Each word has to be in the SQL or in the error.
        </EmptyState>
      ) : runs.length === 0 && isAway ? (
        <EmptyState icon={WifiOff} title="This browser keeps no runs" className="flex-1">
          What was run before comes by itself once the server answers. What is run here meanwhile is noted.
        </EmptyState>
      ) : runs.length === 0 ? (
        <EmptyState icon={History} title="Nothing was run yet" className="flex-1">
          Every run of a cell is noted here, with its SQL, what it read, how long it took and what it came to.
        </EmptyState>
      ) : (
        <div
          className={cn('@container min-h-0 flex-1 overflow-y-auto', list.isPlaceholderData && 'opacity-60')}
        >
          <table aria-label="Runs" className="w-full table-fixed border-collapse">
            <thead className="sticky top-0 z-10 bg-surface shadow-[inset_0_-1px_0_var(--line)]">
              <tr className="h-8 text-left text-xs text-ink-3 *:font-normal">
                <th scope="col" className="pl-8">
                  SQL
                </th>
                <th scope="col" className="w-20 pl-3">
                  State
                </th>
                <th scope="col" className="w-24 pl-3 @max-4xl:hidden">
                  Engine
                </th>
                <th scope="col" className="w-16 pl-3 text-right">
                  Took
                </th>
                <th scope="col" className="w-22 pl-3 text-right">
                  Rows
                </th>
                <th scope="col" className="w-48 pl-4 @max-6xl:hidden">
                  Notebook
                </th>
                <th scope="col" className="w-28 pr-3 pl-3">
                  When
                </th>
              </tr>
            </thead>
            <tbody ref={body}>
              {runs.map((run, at) => (
                <RunRow
                  key={run.id}
                  run={run}
                  open={run.id === selected}
                  onToggle={() => onSelect(run.id === selected ? undefined : run.id)}
                  onKeyDown={(event) => onRowKey(event, at)}
                  {...actions}
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

/** Of a run of this browser's own, with the title of its notebook, which the server would say. */
function titled(run: QueryRun, titleOf: (notebook: string) => string | undefined): QueryRun {
  if (run.notebookTitle !== undefined || run.notebook === undefined) return run;
  const notebookTitle = titleOf(run.notebook);
  return notebookTitle === undefined ? run : { ...run, notebookTitle };
}
