import { ArrowLeft, SquareTerminal, Table2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { errorMessage, isAppError } from '#shared/errors/app-error.ts';
import type { TableDetail } from '#shared/contract/tables.ts';
import { Button } from '#web/components/button.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { Skeleton, SkeletonTable } from '#web/components/skeleton.tsx';
import { TabPanel, Tabs } from '#web/components/tabs.tsx';
import type { QuerySession } from '#web/duckdb/types.ts';
import { cn } from '#web/lib/class-names.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { exactBytes, formatBytes } from '#web/lib/format/bytes.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { rowsNote, rowsText } from '#web/lib/format/row-counts.ts';
import { useTable } from '../api/get-table.ts';
import type { TableTab } from '../model/table-tabs.ts';
import { startingSql } from '../model/table-sql.ts';
import { FilesTab } from './files-tab.tsx';
import { PreviewTab, type RenderRows } from './preview-tab.tsx';
import { ProfileTab } from './profile-tab.tsx';
import { PropertiesTab } from './properties-tab.tsx';
import { SchemaTab } from './schema-tab.tsx';
import { SnapshotsTab } from './snapshots-tab.tsx';

interface TablePageProps {
  /** Dotted name. */
  readonly table: string;
  readonly tab: TableTab;
  readonly onTab: (tab: TableTab) => void;
  /** The tab's engine, for the preview. */
  readonly session: QuerySession;
  /** Rows with what can be done with them; another feature makes it. */
  readonly renderRows: RenderRows;
  /** Opens a notebook with this statement. */
  readonly onQuery: (sql: string, table: TableDetail) => void;
  readonly onBack: () => void;
}

const TABS = [
  { value: 'schema', label: 'Schema' },
  { value: 'preview', label: 'Preview' },
  { value: 'profile', label: 'Profile' },
  { value: 'snapshots', label: 'Snapshots' },
  { value: 'files', label: 'Files' },
  { value: 'properties', label: 'Properties' },
] as const satisfies readonly { value: TableTab; label: string }[];

export function TablePage(props: TablePageProps) {
  const { table, tab, onTab, session, renderRows, onQuery, onBack } = props;
  const { expression } = useCurrentRef();
  const detail = useTable(table, expression);
  if (detail.isError) {
    const gone =
      isAppError(detail.error, 'TABLE_NOT_FOUND') || isAppError(detail.error, 'NAMESPACE_NOT_FOUND');
    const back = (
      <Button onClick={onBack}>
        <ArrowLeft aria-hidden className="size-4" strokeWidth={1.75} />
        All tables
      </Button>
    );
    if (gone)
      return (
        <EmptyState
          page
          icon={Table2}
          title={`There is no ${table} at this point in history`}
          action={back}
          className="flex-1 break-words"
        >
          {errorMessage(detail.error)}
        </EmptyState>
      );
    return (
      <ErrorState
        error={detail.error}
        title={`The table ${table} could not be read.`}
        onRetry={() => void detail.refetch()}
        action={back}
      />
    );
  }
  const data = detail.data;
  return (
    <div className={cn('flex min-h-0 flex-1 flex-col', detail.isPlaceholderData && 'opacity-60')}>
      <header className="flex shrink-0 items-start gap-4 px-4 pt-4 pb-2">
        <div className="min-w-0 flex-1">
          <h1 className="truncate text-base font-semibold" title={table}>
            {table}
          </h1>
          <Facts table={data} />
        </div>
        <Button look="primary" disabled={!data} onClick={() => data && onQuery(startingSql(data), data)}>
          <SquareTerminal aria-hidden className="size-4" strokeWidth={1.75} />
          Query this table
        </Button>
      </header>
      <Tabs label="About the table" value={tab} onChange={onTab} tabs={TABS} className="flex-1">
        <Panel value="schema" table={data}>
          {(known) => <SchemaTab table={known} />}
        </Panel>
        <TabPanel value="preview" className="flex flex-col">
          <PreviewTab table={data} session={session} renderRows={renderRows} />
        </TabPanel>
        <TabPanel value="profile" className="flex flex-col">
          <ProfileTab table={data} session={session} />
        </TabPanel>
        <Panel value="snapshots" table={data}>
          {(known) => <SnapshotsTab table={known} onQuery={(id) => onQuery(startingSql(known, id), known)} />}
        </Panel>
        <Panel value="files" table={data}>
          {(known) => <FilesTab table={known} />}
        </Panel>
        <Panel value="properties" table={data}>
          {(known) => <PropertiesTab table={known} />}
        </Panel>
      </Tabs>
    </div>
  );
}

interface PanelProps {
  readonly value: TableTab;
  readonly table: TableDetail | undefined;
  readonly children: (table: TableDetail) => ReactNode;
}

function Panel({ value, table, children }: PanelProps) {
  return (
    <TabPanel value={value} className="overflow-y-auto">
      {table ? children(table) : <SkeletonTable rows={10} columns={4} />}
    </TabPanel>
  );
}

function Facts({ table }: { table: TableDetail | undefined }) {
  if (!table) return <Skeleton className="my-1 h-3 w-80" />;
  return (
    <p className="truncate text-ink-2">
      <span title={rowsNote(table)}>{rowsText(table)}</span>
      <Dot />
      <span title={exactBytes(table.bytes)}>{formatBytes(table.bytes)}</span> in{' '}
      {countOf(table.files, 'file')}
      <Dot />
      {countOf(table.columns.length, 'column')}
      <Dot />
      updated <RelativeTime time={table.updatedAt} />
      {table.comment !== undefined && (
        <>
          <Dot />
          <span title={table.comment}>{table.comment}</span>
        </>
      )}
    </p>
  );
}

function Dot() {
  return <span className="mx-1.5 text-ink-3">·</span>;
}
