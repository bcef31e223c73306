import { Table2 } from 'lucide-react';
import type { TableDetail } from '#shared/contract/tables.ts';
import { DataGrid } from '#web/components/data-grid/data-grid.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { Skeleton } from '#web/components/skeleton.tsx';
import type { QuerySession } from '#web/duckdb/types.ts';
import { cn } from '#web/lib/class-names.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { exactDuration, formatDuration } from '#web/lib/format/durations.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { useTablePreview } from '../api/preview-table.ts';

interface PreviewTabProps {
  readonly table: TableDetail | undefined;
  readonly session: QuerySession;
}

/** The first rows, in the order in which the files have them. */
export function PreviewTab({ table, session }: PreviewTabProps) {
  const { expression } = useCurrentRef();
  const preview = useTablePreview(session, table, expression);
  if (preview.isError) {
    return (
      <ErrorState
        error={preview.error}
        title="The rows could not be read."
        onRetry={() => void preview.refetch()}
      />
    );
  }
  if (!preview.data) return <SkeletonGrid />;
  const { table: rows, timings, engine } = preview.data;
  if (rows.rowCount === 0) {
    return (
      <EmptyState icon={Table2} title="No rows" className="flex-1">
        The table is empty at this point in its history.
      </EmptyState>
    );
  }
  return (
    <>
      <p className="shrink-0 border-b px-4 py-1 text-xs text-ink-3">
        First {countOf(rows.rowCount, 'row')}, in{' '}
        <span title={exactDuration(timings.total)}>{formatDuration(timings.total)}</span> from the{' '}
        <span title={engine.reason}>{engine.used === 'browser' ? 'tab' : 'server'}</span>
      </p>
      <DataGrid
        table={rows}
        label={`First rows of ${table?.id ?? 'the table'}`}
        className={cn('flex-1', preview.isPlaceholderData && 'opacity-60')}
      />
    </>
  );
}

function SkeletonGrid() {
  return (
    <div aria-hidden className="flex flex-1 flex-col overflow-hidden">
      <div className="h-[25px] shrink-0 border-b" />
      <div className="h-[41px] shrink-0 border-b bg-canvas" />
      {Array.from({ length: 14 }, (_, row) => (
        <div key={row} className="flex h-7 shrink-0 items-center gap-10 border-b px-4">
          {['w-6', 'w-24', 'w-16', 'w-28', 'w-20', 'w-32'].map((width) => (
            <Skeleton key={width} className={cn('h-3', width)} />
          ))}
        </div>
      ))}
    </div>
  );
}
