import { useMemo } from 'react';
import type { TableDiff } from '#shared/contract/diff.ts';
import { Button } from '#web/components/button.tsx';
import { DataGrid } from '#web/components/data-grid/data-grid.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { Skeleton } from '#web/components/skeleton.tsx';
import { cn } from '#web/lib/class-names.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import type { RowLook } from '#web/lib/row-look.ts';
import { useRowCounts, useRowDiff, type RowDiffRequest } from '../api/diff.ts';
import { diffLines } from '../model/diff-lines.ts';
import { filterOf, isFiltered, lookOf, viewOf, withoutFilter, type RowView } from '../model/row-view.ts';
import { RowDiffBar } from './row-diff-bar.tsx';

export interface RowDiffProps {
  readonly table: string;
  readonly source: string;
  readonly target: string;
  /** Which rows are looked at; kept in the URL. */
  readonly look: RowLook | undefined;
  readonly onLook: (look: RowLook) => void;
}

/** Which rows differ: how many first, and the rows themselves once they are wanted. */
export function RowDiff({ table, source, target, look, onLook }: RowDiffProps) {
  const view = viewOf(look);
  const keys = look?.keys;
  const wanted = look?.shown === true;
  const request: RowDiffRequest = { table, from: target, to: source, keys };
  const counted = useRowCounts(request);
  if (counted.isError) {
    return (
      <ErrorState
        error={counted.error}
        title={`The rows of ${table} could not be compared.`}
        onRetry={() => void counted.refetch()}
      />
    );
  }
  const diff = counted.data;
  const total = diff === undefined ? 0n : totalOf(diff);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {diff === undefined ? (
        <Skeleton className="mx-4 mb-2 h-6 w-96" />
      ) : (
        <RowDiffBar
          diff={diff}
          keys={keys ?? diff.keys}
          // Columns that rows differ in, and kinds of change, depend on which row is which.
          onKeys={(next) => onLook({ ...lookOf(withoutFilter(view), [...next]), shown: wanted })}
          view={view}
          onView={(change) => onLook(lookOf({ ...view, ...change }, keys))}
          wanted={wanted}
          onWanted={() => onLook(lookOf(view, keys))}
        />
      )}
      {wanted && total > 0n && (
        <Rows request={request} view={view} onClear={() => onLook(lookOf(withoutFilter(view), keys))} />
      )}
    </div>
  );
}

interface RowsProps {
  readonly request: RowDiffRequest;
  readonly view: RowView;
  readonly onClear: () => void;
}

function Rows({ request, view, onClear }: RowsProps) {
  const rows = useRowDiff(request, filterOf(view));
  const lines = useMemo(() => {
    const pages = rows.data?.pages ?? [];
    const [first] = pages;
    if (first === undefined) return null;
    const { columns, keys, changedColumns } = first;
    return diffLines({
      columns,
      keys,
      rows: pages.flatMap((page) => page.rows),
      changedAs: view.changedAs,
      only: view.changedOnly ? new Set(changedColumns.map(({ name }) => name)) : undefined,
    });
  }, [rows.data, view.changedAs, view.changedOnly]);
  const loaded = rows.data?.pages.reduce((count, page) => count + page.rows.length, 0) ?? 0;
  if (rows.isError) {
    return (
      <ErrorState
        error={rows.error}
        title="The rows could not be read."
        onRetry={() => void rows.refetch()}
        {...(isFiltered(view) ? { action: <Button onClick={onClear}>Show all rows</Button> } : {})}
      />
    );
  }
  if (lines?.table.rowCount === 0) {
    return (
      <EmptyState
        title="No row is like that"
        action={<Button onClick={onClear}>Show all rows</Button>}
        className="flex-1 border-t"
      >
        Of the rows that differ, none meets the filter.
      </EmptyState>
    );
  }
  return (
    <>
      <div className={cn('min-h-72 flex-1 border-t', rows.isPlaceholderData && 'opacity-60')}>
        {lines === null ? (
          <Skeleton className="m-4 h-48" />
        ) : (
          <DataGrid
            table={lines.table}
            toneOf={lines.toneOf}
            label={`Rows of ${request.table} that differ`}
          />
        )}
      </div>
      {rows.hasNextPage && (
        <div className="flex shrink-0 items-center gap-3 border-t px-4 py-1 text-ink-3">
          The first {countOf(loaded, 'row')}
          <Button small disabled={rows.isFetchingNextPage} onClick={() => void rows.fetchNextPage()}>
            {rows.isFetchingNextPage ? 'Loading…' : 'Load more'}
          </Button>
        </div>
      )}
    </>
  );
}

function totalOf({ counts }: TableDiff): bigint {
  return BigInt(counts.added) + BigInt(counts.removed) + BigInt(counts.changed);
}
