import { Link, useParams } from '@tanstack/react-router';
import { ChevronRight, Search, Table2, TextCursorInput } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { TableSummary } from '#shared/contract/tables.ts';
import { ErrorState } from '#web/components/error-state.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { SkeletonRows } from '#web/components/skeleton.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { useTables } from '#web/features/catalog/api/list-tables.ts';
import { cn } from '#web/lib/class-names.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { formatBytes } from '#web/lib/format/bytes.ts';
import { exactInstant } from '#web/lib/format/instants.ts';
import { formatCompact, formatInteger } from '#web/lib/format/numbers.ts';
import { useInsertText } from '#web/lib/insert-text.ts';
import { PanelSection } from './panel-section.tsx';

/** The tables of the current ref by namespace, each with its columns. */
export function TableTree() {
  const { expression } = useCurrentRef();
  const tables = useTables(expression);
  const [filter, setFilter] = useState('');
  const [searching, setSearching] = useState(false);
  const groups = useMemo(() => byNamespace(tables.data?.tables ?? [], filter), [tables.data, filter]);

  return (
    <PanelSection
      title="Tables"
      note={tables.data === undefined ? undefined : String(tables.data.tables.length)}
      className="flex min-h-0 flex-1 flex-col"
      actions={
        <IconButton
          icon={Search}
          label="Filter tables"
          small
          aria-pressed={searching}
          onClick={() => {
            setSearching(!searching);
            setFilter('');
          }}
        />
      }
    >
      {searching && (
        <div className="px-3 pb-2">
          <TextField
            autoFocus
            aria-label="Filter tables and columns"
            placeholder="Table or column…"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              setSearching(false);
              setFilter('');
            }}
          />
        </div>
      )}
      {tables.isPending ? (
        <SkeletonRows count={6} className="px-2" />
      ) : tables.isError ? (
        <ErrorState
          error={tables.error}
          title="The tables could not be read."
          onRetry={() => void tables.refetch()}
        />
      ) : (
        <div
          className={cn('min-h-0 flex-1 overflow-y-auto px-2 pb-4', tables.isPlaceholderData && 'opacity-60')}
        >
          {groups.length === 0 && (
            <p className="px-2 text-ink-2">
              {filter === '' ? 'No tables here yet.' : `No table or column is called like “${filter}”.`}
            </p>
          )}
          {groups.map(({ namespace, tables: members }) => (
            <section key={namespace} aria-label={namespace}>
              <h3 className="flex h-7 items-center px-2 text-xs text-ink-3">{namespace}</h3>
              <ul>
                {members.map((table) => (
                  <TableRow key={table.id} table={table} />
                ))}
              </ul>
            </section>
          ))}
        </div>
      )}
    </PanelSection>
  );
}

function TableRow({ table }: { table: TableSummary }) {
  const [open, setOpen] = useState(false);
  const { table: current } = useParams({ strict: false });
  const insert = useInsertText();
  return (
    <li>
      <div className="group relative flex">
        <button
          type="button"
          aria-expanded={open}
          aria-label={`Columns of ${table.id}`}
          onClick={() => setOpen(!open)}
          className="absolute top-1 left-0.5 flex size-5 items-center justify-center rounded-sm text-ink-3 hover:text-ink"
        >
          <ChevronRight
            aria-hidden
            className={cn('size-3.5 transition-transform duration-100', open && 'rotate-90')}
          />
        </button>
        <Link
          to="/catalog/$table"
          params={{ table: table.id }}
          aria-current={current === table.id ? 'page' : undefined}
          title={`${table.id}\n${formatInteger(table.rows)} rows, ${formatBytes(table.bytes)} in ${formatInteger(table.files)} files\nChanged ${exactInstant(table.updatedAt)}`}
          className="row min-w-0 flex-1 pl-6"
        >
          <Table2 aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
          <span className="min-w-0 flex-1 truncate">{table.name}</span>
          <span
            className={cn(
              'text-xs text-ink-3',
              insert !== null && 'group-focus-within:invisible group-hover:invisible',
            )}
          >
            {formatCompact(Number(table.rows))}
          </span>
        </Link>
        {insert !== null && (
          <span className="absolute top-0.5 right-0.5 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
            <IconButton
              icon={TextCursorInput}
              label={`Insert ${table.id} into the notebook`}
              small
              onClick={() => insert(table.id)}
            />
          </span>
        )}
      </div>
      {open && (
        <ul aria-label={`Columns of ${table.id}`} className="mb-1 ml-[15px] border-l">
          {table.columns.map((column) => (
            <li
              key={column.id}
              title={`${column.name} ${column.type}${column.doc === undefined ? '' : `\n${column.doc}`}`}
              className="flex h-6 items-center gap-2 pr-2 pl-4 text-ink-2"
            >
              <span className="min-w-0 flex-1 truncate">{column.name}</span>
              <span className="max-w-24 truncate font-mono text-xs text-ink-3">{column.type}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function byNamespace(tables: readonly TableSummary[], filter: string) {
  const wanted = filter.trim().toLowerCase();
  const groups = new Map<string, TableSummary[]>();
  for (const table of tables) {
    const names = [table.id, ...table.columns.map((column) => column.name)];
    if (wanted !== '' && !names.some((name) => name.toLowerCase().includes(wanted))) continue;
    const namespace = table.namespace.join('.');
    groups.set(namespace, [...(groups.get(namespace) ?? []), table]);
  }
  return [...groups]
    .map(([namespace, members]) => ({
      namespace,
      tables: members.sort((a, b) => a.name.localeCompare(b.name)),
    }))
    .sort((a, b) => a.namespace.localeCompare(b.namespace));
}
