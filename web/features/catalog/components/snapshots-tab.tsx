import { Camera, SquareTerminal } from 'lucide-react';
import type { SnapshotInfo, TableDetail } from '#shared/contract/tables.ts';
import { Badge } from '#web/components/badge.tsx';
import { CopyText } from '#web/components/copy-text.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { SkeletonTable } from '#web/components/skeleton.tsx';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { exactBytes, formatBytes } from '#web/lib/format/bytes.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import { rowsFigure, rowsNote } from '#web/lib/format/row-counts.ts';
import { useTableHistory } from '../api/get-table-history.ts';
import { DetailCell, DetailRow, DetailTable } from './detail-table.tsx';

interface SnapshotsTabProps {
  readonly table: TableDetail;
  readonly onQuery: (snapshotId: string) => void;
}

const HEAD = [
  { name: 'Commit' },
  { name: 'When', className: 'w-30' },
  { name: 'Operation', className: 'hidden w-20 xl:table-cell' },
  { name: 'Rows added', className: 'w-24 text-right' },
  { name: 'Rows', className: 'w-22 text-right' },
  { name: 'Share of the most rows', className: 'hidden w-40 2xl:table-cell', hidden: true },
  { name: 'Size', className: 'hidden w-18 text-right xl:table-cell' },
  { name: 'Files', className: 'hidden w-12 text-right xl:table-cell' },
  { name: 'Snapshot', className: 'w-47 pl-6' },
  { name: 'Actions', className: 'w-12', hidden: true },
];

/** What happened to the table, newest first. */
export function SnapshotsTab({ table, onQuery }: SnapshotsTabProps) {
  const { expression } = useCurrentRef();
  const history = useTableHistory(table.id, expression);
  if (history.isError) {
    return (
      <ErrorState
        error={history.error}
        title="The snapshots could not be read."
        onRetry={() => void history.refetch()}
      />
    );
  }
  if (!history.data) return <SkeletonTable rows={10} columns={6} />;
  const { snapshots } = history.data;
  if (snapshots.length === 0) {
    return (
      <EmptyState icon={Camera} title="No snapshots yet">
        The table was made, and nothing has been written to it.
      </EmptyState>
    );
  }
  const largest = snapshots.reduce((most, each) => Math.max(most, Number(each.totalRows)), 1);
  return (
    <DetailTable label={`Snapshots of ${table.id}`} head={HEAD}>
      {snapshots.map((snapshot) => (
        <DetailRow key={snapshot.snapshotId} className="group">
          <DetailCell>
            <span className="flex min-w-0 items-center gap-2">
              {snapshot.commit === undefined ? (
                <span className="text-ink-3">not in this log</span>
              ) : (
                <span
                  className="truncate"
                  title={`${snapshot.commit.message}\n${snapshot.commit.author}\n${snapshot.commit.hash}`}
                >
                  {snapshot.commit.message}
                </span>
              )}
              {snapshot.snapshotId === table.currentSnapshotId && <Badge tone="accent">current</Badge>}
            </span>
          </DetailCell>
          <DetailCell className="text-ink-2">
            <RelativeTime time={snapshot.time} />
          </DetailCell>
          <DetailCell className="hidden text-ink-2 xl:table-cell" title={describeSummary(snapshot)}>
            {snapshot.operation}
          </DetailCell>
          <DetailCell className="text-right">{signed(snapshot.addedRows)}</DetailCell>
          <DetailCell className="text-right">
            <span title={rowsNote(totalOf(snapshot))}>{rowsFigure(totalOf(snapshot))}</span>
          </DetailCell>
          <DetailCell className="hidden 2xl:table-cell">
            <div aria-hidden className="h-1.5 overflow-hidden rounded-full bg-sunken">
              <div
                className="h-full rounded-full bg-chart-1/60"
                style={{ width: `${(Number(snapshot.totalRows) / largest) * 100}%` }}
              />
            </div>
          </DetailCell>
          <DetailCell className="hidden text-right xl:table-cell" title={exactBytes(snapshot.totalBytes)}>
            {formatBytes(snapshot.totalBytes)}
          </DetailCell>
          <DetailCell className="hidden text-right xl:table-cell">
            {formatInteger(snapshot.totalFiles)}
          </DetailCell>
          <DetailCell className="pl-6">
            <CopyText text={snapshot.snapshotId} what="snapshot id" />
          </DetailCell>
          <DetailCell className="py-0 text-right">
            <IconButton
              icon={SquareTerminal}
              label="Query the table as it was then"
              small
              onClick={() => onQuery(snapshot.snapshotId)}
              className="align-middle opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
            />
          </DetailCell>
        </DetailRow>
      ))}
    </DetailTable>
  );
}

function totalOf({ totalRows, rowsAre }: SnapshotInfo) {
  return { rows: totalRows, rowsAre };
}

function signed(rows: string): string {
  return rows === '0' || rows.startsWith('-') ? formatInteger(rows) : `+${formatInteger(rows)}`;
}

function describeSummary({ summary }: SnapshotInfo): string {
  return Object.entries(summary)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}
