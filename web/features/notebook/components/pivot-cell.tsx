import { ArrowDown, ArrowUp, ChevronLeft, ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { PivotCell as PivotCellData } from '#shared/contract/notebooks.ts';
import { PIVOT_GROUPS } from '#shared/notebook/cell-sql.ts';
import { Button } from '#web/components/button.tsx';
import { tsvCell } from '#web/components/data-grid/copy.ts';
import { IconButton } from '#web/components/icon-button.tsx';
import { Select } from '#web/components/select.tsx';
import { useToast } from '#web/components/toast.tsx';
import { cn } from '#web/lib/class-names.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import { AGGREGATES, measureName } from '../model/aggregates.ts';
import {
  pageOf,
  pivotTable,
  same,
  sortedRows,
  type PivotGroup,
  type PivotPage,
  type PivotSort,
} from '../model/pivot-table.ts';
import { shownTable } from '../model/run-store.ts';
import { useRelationColumns } from '../model/use-store.ts';
import { OneColumn, SeveralColumns } from './column-choice.tsx';
import { CellName } from './cell-name.tsx';
import { CellProblem } from './cell-problem.tsx';
import { FollowBar } from './follow-bar.tsx';
import { NotShown } from './not-shown.tsx';
import { RelationSelect } from './relation-select.tsx';
import type { ShownCellProps } from './shown-cell.ts';

/** Shown at a time: more would be slower than anybody can read them. */
const SHOWN = { rows: 1000, columns: 60 };

/** A relation by two sides, with totals that the engine computed. */
export function PivotCell(props: ShownCellProps<PivotCellData>) {
  const { cell, name, store, editor, tables, run, stale } = props;
  const change = (part: Partial<PivotCellData>) =>
    store.edit({ type: 'replace', cell: { ...cell, ...part } });
  const rerun = () => editor.run(cell.id);
  const ask = (part: Partial<PivotCellData>) => {
    change(part);
    rerun();
  };
  const columns = useRelationColumns(store, tables, cell.relation, props.notebookRef);
  return (
    <div className="overflow-clip rounded-md border bg-surface">
      <FollowBar run={run} stale={stale} runnable={cell.relation !== ''} onRun={rerun}>
        <CellName store={store} of={cell} cell={name} />
        <RelationSelect
          store={store}
          tables={tables}
          own={cell.id}
          label={`What ${name} reads`}
          value={cell.relation}
          onChange={(relation) => ask({ relation })}
        />
        <span className="text-ink-3">rows</span>
        <SeveralColumns
          label={`Rows of ${name}`}
          columns={columns}
          placeholder="none"
          most={4}
          chosen={cell.rows}
          onChange={(rows) => ask({ rows })}
        />
        <span className="text-ink-3">columns</span>
        <SeveralColumns
          label={`Columns of ${name}`}
          columns={columns}
          placeholder="none"
          most={4}
          chosen={cell.columns}
          onChange={(across) => ask({ columns: across })}
        />
        <Select
          label={`Aggregate of ${name}`}
          value={cell.value.aggregate}
          options={AGGREGATES}
          onChange={(aggregate) => ask({ value: { ...cell.value, aggregate } })}
        />
        <span className="text-ink-3">of</span>
        <OneColumn
          label={`Value of ${name}`}
          columns={columns}
          placeholder={cell.value.aggregate === 'count' ? 'rows' : 'a column…'}
          value={cell.value.column ?? ''}
          onChange={(column, done) => {
            change({ value: { ...cell.value, column } });
            if (done) rerun();
          }}
        />
      </FollowBar>
      <PivotBody
        cell={cell}
        name={name}
        run={run}
        onSort={(sort) => {
          const { sort: _, ...rest } = cell;
          store.edit({
            type: 'replace',
            cell: sort === undefined ? rest : { ...rest, sort: { ...sort, column: [...sort.column] } },
          });
        }}
      />
      <CellProblem store={store} id={cell.id} />
    </div>
  );
}

/** The two sides with their totals. @param onSort without it, the order stays */
export function PivotBody({
  cell,
  name,
  run,
  onSort,
}: Pick<ShownCellProps<PivotCellData>, 'cell' | 'name' | 'run'> & {
  readonly onSort?: (sort: PivotSort | undefined) => void;
}) {
  const toast = useToast();
  const [from, setFrom] = useState({ rows: 0, columns: 0 });
  const table = shownTable(run);
  // The answer is laid out by what was asked then, which the cell may have left behind.
  const asked = cell.rows.length + cell.columns.length + 3;
  const fits = table !== null && table.columns.length === asked;
  const pivot = useMemo(
    () => (fits ? pivotTable(table, cell.rows.length, cell.columns.length) : null),
    [fits, table, cell.rows.length, cell.columns.length],
  );
  if (pivot === null || table === null) {
    return (
      <NotShown
        run={run}
        ready={cell.relation !== '' && cell.rows.length + cell.columns.length > 0}
        advice="Choose what it reads, and columns for its rows, its columns or both."
      />
    );
  }
  const { sort } = cell;
  const all = sortedRows(pivot, sort);
  const columns = pageOf(pivot.columns, from.columns, SHOWN.columns);
  const rows = pageOf(all, from.rows, SHOWN.rows);
  const whole = isSum(cell) ? 'Total' : 'All';
  const titleOf = ({ labels }: PivotGroup) => columnTitle(cell, labels);
  const text = () =>
    [
      [...cell.rows, ...pivot.columns.map(titleOf)],
      ...all.map(({ key, labels }) => [
        ...cell.rows.map((_, index) => labels[index] ?? (index === 0 ? whole : '')),
        ...pivot.columns.map((column) => pivot.value(key, column.key)?.exact ?? ''),
      ]),
    ]
      .map((line) => line.map(tsvCell).join('\t'))
      .join('\n');
  return (
    <>
      {table.rowCount >= PIVOT_GROUPS && (
        <p className="border-b bg-warn-soft px-3 py-1 text-xs">
          There are more than {formatInteger(PIVOT_GROUPS)} groups: the others and the totals are missing.
          Group by less.
        </p>
      )}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so keys must reach it */}
      <div className="max-h-[420px] overflow-auto" role="region" aria-label={`Pivot of ${name}`} tabIndex={0}>
        <table className="w-max border-collapse text-right tabular-nums">
          <thead className="sticky top-0 bg-surface">
            <tr>
              {cell.rows.map((each) => (
                <th key={each} scope="col" className="border-b px-3 py-1 text-left font-medium">
                  {each}
                </th>
              ))}
              {columns.shown.map((column) => (
                <PivotHead
                  key={column.key}
                  title={titleOf(column)}
                  direction={same(column.labels, sort?.column) ? (sort?.direction ?? null) : null}
                  {...(onSort === undefined ? {} : { onSort: () => onSort(nextSort(column.labels, sort)) })}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.shown.map(({ key, labels }) => (
              <tr key={key} className="h-7 hover:bg-hover">
                {cell.rows.map((each, index) => (
                  <th key={each} scope="row" className="px-3 text-left font-normal">
                    {labels[index] ?? (index === 0 ? <span className="font-medium">{whole}</span> : '')}
                  </th>
                ))}
                {columns.shown.map((column) => {
                  const value = pivot.value(key, column.key);
                  const total =
                    labels.length === 0 || (cell.columns.length > 0 && column.labels.length === 0);
                  return (
                    <td key={column.key} title={value?.exact} className={cn('px-3', total && 'font-medium')}>
                      {value?.text}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(onSort !== undefined || rows.pages || columns.pages) && (
        <div className="flex items-center gap-4 border-t px-2 py-1">
          <Pager what="Rows" page={rows} onFrom={(next) => setFrom({ ...from, rows: next })} />
          <Pager what="Columns" page={columns} onFrom={(next) => setFrom({ ...from, columns: next })} />
          <span className="flex-1" />
          {onSort !== undefined && (
            <Button
              small
              look="quiet"
              onClick={() =>
                void navigator.clipboard.writeText(text()).then(
                  () => toast({ title: `Copied ${name} with its totals` }),
                  () => toast({ title: 'The browser does not let the page copy.', tone: 'bad' }),
                )
              }
            >
              Copy table
            </Button>
          )}
        </div>
      )}
    </>
  );
}

interface PagerProps {
  readonly what: 'Rows' | 'Columns';
  readonly page: PivotPage;
  readonly onFrom: (from: number) => void;
}

/** Which of a side are shown, and the way to those before and after them. */
function Pager({ what, page: { from, until, of, size, pages }, onFrom }: PagerProps) {
  if (!pages) return null;
  const less = `${what} before`;
  const more = `${what} after`;
  return (
    <span className="flex items-center gap-1 text-xs text-ink-2 tabular-nums">
      <IconButton
        icon={ChevronLeft}
        label={less}
        small
        disabled={from === 0}
        onClick={() => onFrom(from - size)}
      />
      {what} {formatInteger(from + 1)}–{formatInteger(until)} of {formatInteger(of)}
      <IconButton
        icon={ChevronRight}
        label={more}
        small
        disabled={until >= of}
        onClick={() => onFrom(from + size)}
      />
    </span>
  );
}

interface PivotHeadProps {
  readonly title: string;
  readonly direction: PivotSort['direction'] | null;
  readonly onSort?: () => void;
}

function PivotHead({ title, direction, onSort }: PivotHeadProps) {
  const sorted = direction === null ? undefined : direction === 'asc' ? 'ascending' : 'descending';
  const Arrow = direction === 'asc' ? ArrowUp : ArrowDown;
  return (
    <th scope="col" aria-sort={sorted} className="border-b px-3 py-1 font-medium whitespace-nowrap">
      {onSort === undefined ? (
        title
      ) : (
        <button type="button" onClick={onSort} className="inline-flex items-center gap-1 rounded-sm">
          {direction !== null && <Arrow aria-hidden className="size-3 text-ink-3" />}
          {title}
        </button>
      )}
    </th>
  );
}

/** Largest first, then smallest first, then as the groups come. */
function nextSort(column: readonly string[], sort: PivotSort | undefined): PivotSort | undefined {
  if (!same(column, sort?.column)) return { column: [...column], direction: 'desc' };
  return sort?.direction === 'desc' ? { column: [...column], direction: 'asc' } : undefined;
}

/** Whether the figures of the parts come to that of the whole. */
function isSum({ value: { aggregate } }: PivotCellData): boolean {
  return aggregate === 'sum' || aggregate === 'count';
}

/** Where nothing goes across, the only column is the measure itself. */
function columnTitle(cell: PivotCellData, labels: readonly string[]): string {
  if (labels.length > 0) return labels.join(' · ');
  if (cell.columns.length === 0) return measureName(cell.value.aggregate, cell.value.column);
  return isSum(cell) ? 'Total' : 'All';
}
