import { FileDiff } from 'lucide-react';
import type { CatalogChange } from '#shared/contract/diff.ts';
import { Badge } from '#web/components/badge.tsx';
import { Button } from '#web/components/button.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { SkeletonTable } from '#web/components/skeleton.tsx';
import { formatInteger } from '#web/lib/format/numbers.ts';
import type { RowLook } from '#web/lib/row-look.ts';
import { useDiff } from '../api/diff.ts';
import {
  CHANGE_TONES,
  filesText,
  rowsDelta,
  shapeText,
  typeWord,
  valuesText,
} from '../model/change-figures.ts';
import { shortRef } from '#web/components/refs/short-ref.ts';
import { TableChange } from './table-change.tsx';
import { ValuesChange } from './values-change.tsx';

interface ChangesTabProps {
  readonly source: string;
  readonly target: string;
  readonly table: string | undefined;
  readonly onTable: (table: string | undefined) => void;
  /** Which rows of it are looked at; kept in the URL. */
  readonly rows: RowLook | undefined;
  readonly onRows: (rows: RowLook) => void;
}

/** What the source changed since it parted from the target: one line a table, and the rows of the one selected. */
export function ChangesTab({ source, target, table, onTable, rows, onRows }: ChangesTabProps) {
  const diff = useDiff(target, source);
  if (diff.isPending) return <SkeletonTable rows={5} columns={5} />;
  if (diff.isError) {
    return (
      <ErrorState
        error={diff.error}
        title="The changes could not be read."
        onRetry={() => void diff.refetch()}
      />
    );
  }
  const changes = diff.data.pages.flatMap((page) => page.changes);
  const total = diff.data.pages[0]?.changeCount ?? 0;
  if (changes.length === 0) {
    return (
      <EmptyState icon={FileDiff} title="Nothing changed" className="flex-1">
        {shortRef(source)} has no table, view or namespace that differs from where it parted from{' '}
        {shortRef(target)}.
      </EmptyState>
    );
  }
  const selected = changes.find(({ key }) => key === table);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <table aria-label="Changes" className="w-full shrink-0 table-fixed border-collapse">
        <thead>
          <tr className="h-8 border-b text-left text-xs text-ink-3 *:font-normal">
            <th scope="col" className="pl-4">
              Name
            </th>
            <th scope="col" className="w-28 pl-4">
              Change
            </th>
            <th scope="col" className="w-32 text-right">
              Rows
            </th>
            <th scope="col" className="w-32 text-right">
              Rows after
            </th>
            <th scope="col" className="w-56 pl-6">
              Files
            </th>
            <th scope="col" className="w-44 pr-4 pl-4">
              Shape
            </th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <ChangeRow
              key={`${change.type} ${change.key}`}
              change={change}
              selected={change.key === table}
              onToggle={() => onTable(change.key === table ? undefined : change.key)}
            />
          ))}
        </tbody>
      </table>
      {diff.hasNextPage && (
        <div className="flex items-center gap-3 px-4 py-2 text-ink-3">
          {formatInteger(changes.length)} of {formatInteger(total)} changes
          <Button small disabled={diff.isFetchingNextPage} onClick={() => void diff.fetchNextPage()}>
            {diff.isFetchingNextPage ? 'Loading…' : 'Show more'}
          </Button>
        </div>
      )}
      {selected?.values !== undefined && (
        <ValuesChange name={selected.key} values={selected.values} onClose={() => onTable(undefined)} />
      )}
      {selected?.table !== undefined && (
        <TableChange
          key={selected.key}
          change={selected}
          source={source}
          target={target}
          look={rows}
          onLook={onRows}
          onClose={() => onTable(undefined)}
        />
      )}
    </div>
  );
}

interface ChangeRowProps {
  readonly change: CatalogChange;
  readonly selected: boolean;
  readonly onToggle: () => void;
}

function ChangeRow({ change, selected, onToggle }: ChangeRowProps) {
  const { key, kind, previousKey, type, table, values } = change;
  const opens = table !== undefined || values !== undefined;
  const name = (
    <>
      {previousKey !== undefined && <span className="font-normal text-ink-3">{previousKey} → </span>}
      {key}
      {type !== 'ICEBERG_TABLE' && <span className="ml-2 font-normal text-ink-3">{typeWord(type)}</span>}
    </>
  );
  return (
    <tr className={`relative h-7 border-b ${selected ? 'bg-selected' : opens ? 'hover:bg-hover' : ''}`}>
      <th scope="row" className="truncate pl-4 text-left font-medium" title={key}>
        {!opens ? (
          name
        ) : (
          <button
            type="button"
            aria-expanded={selected}
            onClick={onToggle}
            className="max-w-full truncate rounded-sm font-medium after:absolute after:inset-0"
          >
            {name}
          </button>
        )}
      </th>
      <td className="pl-4">
        <Badge tone={CHANGE_TONES[kind]}>{kind}</Badge>
      </td>
      <td className="text-right">{table === undefined ? '' : rowsDelta(table)}</td>
      <td className="text-right text-ink-2">{table === undefined ? '' : formatInteger(table.rowsAfter)}</td>
      <td className="truncate pl-6 text-ink-2" title={table === undefined ? undefined : filesText(table)}>
        {table === undefined ? '' : filesText(table)}
      </td>
      <td
        className="truncate pr-4 pl-4 text-ink-2"
        title={table === undefined ? valuesText(values) : shapeText(table)}
      >
        {table === undefined ? valuesText(values) : shapeText(table)}
      </td>
    </tr>
  );
}
