import { Table2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { TableDetail } from '#shared/contract/tables.ts';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { Skeleton, StillWaiting } from '#web/components/skeleton.tsx';
import type { QuerySession, RunOutcome } from '#web/duckdb/types.ts';
import { cn } from '#web/lib/class-names.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { exactDuration, formatDuration } from '#web/lib/format/durations.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { useTablePreview } from '../api/preview-table.ts';
import type { PreviewKind } from '../model/table-sql.ts';

/** Rows of an answer; `name` is for accessible names, `fileName` of what is exported of them. */
export type RenderRows = (props: {
  readonly outcome: RunOutcome;
  readonly name: string;
  readonly fileName: string;
}) => ReactNode;

interface PreviewTabProps {
  readonly table: TableDetail | undefined;
  readonly session: QuerySession;
  readonly renderRows: RenderRows;
}

/** The first rows, in the order in which the files have them, or some from all over the table. */
export function PreviewTab({ table, session, renderRows }: PreviewTabProps) {
  const { expression } = useCurrentRef();
  const [kind, setKind] = useState<PreviewKind>('first');
  const preview = useTablePreview(session, table, { kind, ref: expression });
  if (preview.isError) {
    return (
      <ErrorState
        error={preview.error}
        title="The rows could not be read."
        onRetry={() => void preview.refetch()}
      />
    );
  }
  const choice = (
    <Segmented
      label="Which rows"
      value={kind}
      onChange={setKind}
      options={[
        { value: 'first', label: 'First rows' },
        { value: 'sample', label: 'Sample' },
      ]}
    />
  );
  if (!preview.data) {
    return (
      <>
        <div className="flex shrink-0 items-center gap-3 border-b px-4 py-1">
          {choice}
          <Skeleton className="h-3 w-64" />
        </div>
        <SkeletonGrid />
      </>
    );
  }
  const { table: rows, timings, engine } = preview.data;
  if (rows.rowCount === 0) {
    return (
      <EmptyState icon={Table2} title="No rows" className="flex-1">
        The table is empty at this point in its history.
      </EmptyState>
    );
  }
  const shown = `${kind === 'first' ? 'First' : 'Sample of'} ${countOf(rows.rowCount, 'row')}`;
  return (
    <>
      <div className="flex shrink-0 items-center gap-3 border-b px-4 py-1">
        {choice}
        <p className="text-xs text-ink-3">
          {shown}, in <span title={exactDuration(timings.total)}>{formatDuration(timings.total)}</span> from
          the <span title={engine.reason}>{engine.used === 'browser' ? 'tab' : engine.used}</span>
          {kind === 'first' && '; sort, filters, figures and exports are of all rows'}
        </p>
      </div>
      <div className={cn('flex min-h-0 flex-1 flex-col', preview.isPlaceholderData && 'opacity-60')}>
        {renderRows({
          outcome: preview.data,
          name: table?.id ?? 'the table',
          fileName: table?.id ?? 'table',
        })}
      </div>
    </>
  );
}

function SkeletonGrid() {
  return (
    <div className="flex flex-1 flex-col overflow-hidden">
      <div className="h-[29px] shrink-0 border-b" />
      <div className="h-[41px] shrink-0 border-b bg-canvas" />
      {Array.from({ length: 14 }, (_, row) => (
        <div key={row} aria-hidden className="flex h-7 shrink-0 items-center gap-10 border-b px-4">
          {['w-6', 'w-24', 'w-16', 'w-28', 'w-20', 'w-32'].map((width) => (
            <Skeleton key={width} className={cn('h-3', width)} />
          ))}
        </div>
      ))}
      <StillWaiting className="px-4" />
    </div>
  );
}
