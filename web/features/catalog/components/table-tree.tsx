import { ChevronRight, Eye, Folder, Table2, TextCursorInput } from 'lucide-react';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { TableList, TableSummary } from '#shared/contract/tables.ts';
import { displayIdentifier } from '#shared/sql/quoting.ts';
import { IconButton } from '#web/components/icon-button.tsx';
import { cn } from '#web/lib/class-names.ts';
import { exactBytes, formatBytes } from '#web/lib/format/bytes.ts';
import { exactInstant } from '#web/lib/format/instants.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { rowsNote, rowsShort, rowsText } from '#web/lib/format/row-counts.ts';
import { sqlName } from '../model/table-sql.ts';
import { rowName, treeMove, treeRows, treeTypeAhead, type TreeRow } from '../model/tree-rows.ts';

interface TableTreeProps {
  readonly list: Pick<TableList, 'namespaces' | 'tables' | 'views'>;
  readonly filter: string;
  /** Dotted name of the table whose page is shown. */
  readonly current: string | undefined;
  readonly onOpen: (table: TableSummary) => void;
  /** Puts a name, quoted where it must be, into the editor; null while there is none. */
  readonly onInsert: ((text: string) => void) | null;
  readonly className?: string;
}

/** Namespaces, tables, views and columns. One stop for Tab; arrows move and open, letters find, Enter opens or inserts. */
export function TableTree({ list, filter, current, onOpen, onInsert, className }: TableTreeProps) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [focused, setFocused] = useState<string | null>(null);
  const tree = useRef<HTMLDivElement>(null);
  const rows = useMemo(
    () => treeRows(list.namespaces, list.tables, filter, toggled, list.views),
    [list.namespaces, list.tables, filter, toggled, list.views],
  );
  const at = Math.max(
    0,
    rows.findIndex((row) => row.key === focused),
  );

  const toggle = (row: TreeRow) => {
    const next = new Set(toggled);
    if (!next.delete(row.key)) next.add(row.key);
    setToggled(next);
  };
  const goTo = (index: number) => {
    const row = rows[index];
    if (!row) return;
    setFocused(row.key);
    tree.current?.querySelectorAll<HTMLElement>('[role=treeitem]')[index]?.focus();
  };
  const act = (row: TreeRow) => {
    if (row.kind === 'namespace') toggle(row);
    else if (row.kind === 'table') onOpen(row.table);
    else if (row.kind === 'view' && onInsert === null) toggle(row);
    else onInsert?.(insertedText(row));
  };
  const onKeyDown = (event: KeyboardEvent, row: TreeRow, index: number) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    if (event.key === 'Enter' && event.shiftKey && row.kind === 'table') onInsert?.(insertedText(row));
    else if (event.key === 'Enter') act(row);
    else if (event.key === ' ' && row.expanded !== undefined) toggle(row);
    else if (event.key === 'ArrowRight' && row.expanded === false) toggle(row);
    else if (event.key === 'ArrowLeft' && row.expanded === true) toggle(row);
    else {
      const letter = event.key.length === 1 && event.key !== ' ';
      const next = letter ? treeTypeAhead(rows, index, event.key) : treeMove(rows, index, event.key);
      if (next === null) return;
      goTo(next);
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div ref={tree} role="tree" aria-label="Tables" className={className}>
      {rows.map((row, index) => (
        // Arrow keys do what the pointer does; the tree's own keys are handled by the item that has the focus.
        <div
          key={row.key}
          role="treeitem"
          aria-label={describeRow(row)}
          aria-level={row.level}
          aria-expanded={row.expanded}
          aria-posinset={row.position}
          aria-setsize={row.size}
          aria-selected={row.kind === 'table' && row.table.id === current}
          aria-current={row.kind === 'table' && row.table.id === current ? 'page' : undefined}
          tabIndex={index === at ? 0 : -1}
          title={hoverText(row)}
          onFocus={() => setFocused(row.key)}
          onKeyDown={(event) => onKeyDown(event, row, index)}
          onClick={() => act(row)}
          className={cn('row group relative', row.kind === 'column' && 'h-6')}
          style={{ paddingLeft: 4 + (row.level - 1) * 14 }}
        >
          <Toggle row={row} onToggle={() => toggle(row)} />
          <RowLook row={row} insertable={onInsert !== null} />
          {onInsert !== null && row.kind !== 'namespace' && (
            <span className="absolute top-1/2 right-1 -translate-y-1/2 opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100">
              <IconButton
                icon={TextCursorInput}
                label={`Insert ${rowName(row)} into the notebook`}
                small
                tabIndex={-1}
                onClick={(event) => {
                  event.stopPropagation();
                  onInsert(insertedText(row));
                }}
              />
            </span>
          )}
        </div>
      ))}
    </div>
  );
}

function Toggle({ row, onToggle }: { row: TreeRow; onToggle: () => void }) {
  if (row.expanded === undefined) return <span className="w-5 shrink-0" />;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-hidden
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
      className="-mr-1 flex size-5 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:text-ink"
    >
      <ChevronRight
        className={cn('size-3.5 transition-transform duration-100', row.expanded && 'rotate-90')}
      />
    </button>
  );
}

function RowLook({ row, insertable }: { row: TreeRow; insertable: boolean }) {
  const hidden = insertable && 'group-hover:invisible group-focus-visible:invisible';
  if (row.kind === 'namespace') {
    return (
      <>
        <Folder aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
        <span className="min-w-0 flex-1 truncate">{row.name}</span>
      </>
    );
  }
  if (row.kind === 'table') {
    return (
      <>
        <Table2 aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
        <span className="min-w-0 flex-1 truncate">{row.table.name}</span>
        <span className={cn('text-xs text-ink-3', hidden)}>{rowsShort(row.table)}</span>
      </>
    );
  }
  if (row.kind === 'view') {
    return (
      <>
        <Eye aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
        <span className="min-w-0 flex-1 truncate">{row.view.name}</span>
        <span className={cn('text-xs text-ink-3', hidden)}>view</span>
      </>
    );
  }
  return (
    <>
      <span className="min-w-0 flex-1 truncate">{row.column.name}</span>
      <span className={cn('max-w-24 truncate font-mono text-xs text-ink-3', hidden)}>{row.column.type}</span>
    </>
  );
}

function insertedText(row: TreeRow): string {
  if (row.kind === 'table') return sqlName(row.table);
  if (row.kind === 'view') return sqlName(row.view);
  return displayIdentifier(rowName(row));
}

function describeRow(row: TreeRow): string {
  if (row.kind === 'namespace') return row.name;
  if (row.kind === 'column') return `${row.column.name}, ${row.column.type}`;
  if (row.kind === 'view') return `${row.view.name}, view`;
  return `${row.table.name}, ${rowsText(row.table)}`;
}

function hoverText(row: TreeRow): string {
  if (row.kind === 'namespace') return row.name;
  if (row.kind === 'column') {
    const { name, type, required, doc } = row.column;
    return [`${name} ${type}${required ? ', never NULL' : ''}`, doc].filter(Boolean).join('\n');
  }
  if (row.kind === 'view')
    return [`${row.view.id}, a view`, row.view.comment, row.view.sql].filter(Boolean).join('\n');
  const { id, bytes, files, updatedAt, comment } = row.table;
  return [
    id,
    comment,
    `${rowsText(row.table)}, ${formatBytes(bytes)} (${exactBytes(bytes)}) in ${countOf(files, 'file')}`,
    rowsNote(row.table),
    `Changed ${exactInstant(updatedAt)}`,
  ]
    .filter(Boolean)
    .join('\n');
}
