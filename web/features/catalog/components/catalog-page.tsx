import { ArrowDown, ArrowUp, Database, Search } from 'lucide-react';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { TableSummary } from '#shared/contract/tables.ts';
import { Button } from '#web/components/button.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { listMove } from '#web/components/list-keys.ts';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { SearchField } from '#web/components/search-field.tsx';
import { Skeleton } from '#web/components/skeleton.tsx';
import { cn } from '#web/lib/class-names.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { exactBytes, formatBytes } from '#web/lib/format/bytes.ts';
import { countOf, formatInteger } from '#web/lib/format/numbers.ts';
import { rowsFigure, rowsNote } from '#web/lib/format/row-counts.ts';
import { useTables } from '../api/list-tables.ts';
import { findTables, nextSorting, type Sorting, type TableOrder } from '../model/table-order.ts';

interface CatalogPageProps {
  /** What is searched for; kept in the URL by whoever shows the page. */
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly onOpenTable: (id: string) => void;
}

const COLUMNS: readonly { readonly by: TableOrder; readonly label: string; readonly className: string }[] = [
  { by: 'name', label: 'Table', className: 'pl-4 text-left' },
  { by: 'rows', label: 'Rows', className: 'w-28 text-right' },
  { by: 'bytes', label: 'Size', className: 'w-20 text-right' },
  { by: 'files', label: 'Files', className: 'w-18 text-right' },
  { by: 'columns', label: 'Columns', className: 'w-22 text-right' },
  { by: 'updated', label: 'Updated', className: 'w-40 pr-4 text-left pl-8' },
];

/** Every table at the current ref. */
export function CatalogPage({ filter, onFilter, onOpenTable }: CatalogPageProps) {
  const { expression } = useCurrentRef();
  const tables = useTables(expression);
  const [sorting, setSorting] = useState<Sorting>({ by: 'name', descending: false });
  const body = useRef<HTMLTableSectionElement>(null);
  const all = tables.data?.tables;
  const shown = useMemo(() => findTables(all ?? [], filter, sorting), [all, filter, sorting]);

  const focusRow = (at: number) => body.current?.querySelectorAll('button')[at]?.focus();
  const onRowKey = (event: KeyboardEvent, at: number) => {
    const next = listMove(event, at, shown.length);
    if (next === null) return;
    event.preventDefault();
    focusRow(next);
  };

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex shrink-0 items-center gap-3 px-4 pt-4 pb-3">
        <div className="flex min-w-0 items-baseline gap-3">
          <h1 className="text-base font-semibold">Catalog</h1>
          {all && <span className="truncate text-ink-3">{summary(all)}</span>}
        </div>
        <SearchField
          label="Find a table"
          placeholder="Name, comment or column…"
          value={filter}
          onChange={onFilter}
          onEnterList={() => focusRow(0)}
          className="ml-auto w-72 shrink-0"
        />
      </header>
      {tables.isError ? (
        <ErrorState
          error={tables.error}
          title="The tables could not be read."
          onRetry={() => void tables.refetch()}
        />
      ) : all?.length === 0 ? (
        <EmptyState icon={Database} title="No tables here yet" className="flex-1">
          Make one with <code className="font-mono text-xs">CREATE TABLE … AS SELECT …</code>, or look at
          another branch or time.
        </EmptyState>
      ) : shown.length === 0 && all ? (
        <EmptyState
          icon={Search}
          title="No table matches"
          action={<Button onClick={() => onFilter('')}>Show all</Button>}
          className="flex-1"
        >
          No name, comment or column has “{filter}”.
        </EmptyState>
      ) : (
        <div className={cn('min-h-0 flex-1 overflow-y-auto', tables.isPlaceholderData && 'opacity-60')}>
          <table
            aria-label="Tables"
            aria-busy={tables.isPending}
            className="w-full table-fixed border-collapse"
          >
            <thead className="sticky top-0 z-10 bg-surface shadow-[inset_0_-1px_0_var(--line)]">
              <tr>
                {COLUMNS.map(({ by, label, className }) => (
                  <SortHeader
                    key={by}
                    label={label}
                    className={className}
                    sorted={sorting.by === by ? (sorting.descending ? 'descending' : 'ascending') : 'none'}
                    onSort={() => setSorting(nextSorting(sorting, by))}
                  />
                ))}
              </tr>
            </thead>
            <tbody ref={body}>
              {all === undefined
                ? Array.from({ length: 8 }, (_, row) => <SkeletonRow key={row} />)
                : shown.map((table, at) => (
                    <TableRow
                      key={table.id}
                      table={table}
                      onOpen={() => onOpenTable(table.id)}
                      onKeyDown={(event) => onRowKey(event, at)}
                    />
                  ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

interface SortHeaderProps {
  readonly label: string;
  readonly className: string;
  readonly sorted: 'none' | 'ascending' | 'descending';
  readonly onSort: () => void;
}

function SortHeader({ label, className, sorted, onSort }: SortHeaderProps) {
  const Arrow = sorted === 'descending' ? ArrowDown : ArrowUp;
  return (
    <th scope="col" aria-sort={sorted} className={cn('h-8 font-normal', className)}>
      <button
        type="button"
        onClick={onSort}
        className="group inline-flex items-center gap-1 rounded-sm align-middle text-xs text-ink-3 hover:text-ink in-[.text-right]:flex-row-reverse"
      >
        {label}
        <Arrow
          aria-hidden
          className={cn('size-3', sorted === 'none' && 'opacity-0 group-hover:opacity-50')}
        />
      </button>
    </th>
  );
}

interface TableRowProps {
  readonly table: TableSummary;
  readonly onOpen: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function TableRow({ table, onOpen, onKeyDown }: TableRowProps) {
  return (
    <tr className="group relative h-7 border-b hover:bg-hover focus-within:bg-hover">
      <th scope="row" className="truncate pl-4 text-left font-normal">
        {/* The whole row is the button's target. */}
        <button
          type="button"
          title={table.id}
          onClick={onOpen}
          onKeyDown={onKeyDown}
          className="max-w-full truncate rounded-sm font-medium after:absolute after:inset-0"
        >
          <span className="font-normal text-ink-3">
            {table.namespace.join('.')}
            {table.namespace.length > 0 && '.'}
          </span>
          {table.name}
        </button>
        {table.comment !== undefined && (
          <span className="ml-3 text-ink-3" title={table.comment}>
            {table.comment}
          </span>
        )}
      </th>
      <td className="text-right" title={rowsNote(table)}>
        {rowsFigure(table)}
      </td>
      <td className="text-right" title={exactBytes(table.bytes)}>
        {formatBytes(table.bytes)}
      </td>
      <td className="text-right">{formatInteger(table.files)}</td>
      <td className="text-right">{formatInteger(table.columns.length)}</td>
      <td className="truncate pr-4 pl-8 text-ink-2">
        <RelativeTime time={table.updatedAt} className="relative" />
      </td>
    </tr>
  );
}

function SkeletonRow() {
  return (
    <tr aria-hidden className="h-7 border-b">
      {COLUMNS.map(({ by, className }) => (
        <td key={by} className={className}>
          <Skeleton className={cn('inline-block h-3', by === 'name' ? 'w-48' : 'w-14')} />
        </td>
      ))}
    </tr>
  );
}

function summary(tables: readonly TableSummary[]): string {
  const bytes = tables.reduce((sum, table) => sum + BigInt(table.bytes), 0n);
  return `${countOf(tables.length, 'table')}, ${formatBytes(bytes)}`;
}
