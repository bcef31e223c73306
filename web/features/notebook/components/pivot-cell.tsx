import { useMemo } from 'react';
import type { PivotCell as PivotCellData } from '#shared/contract/notebooks.ts';
import { PIVOT_GROUPS } from '#shared/notebook/cell-sql.ts';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Select } from '#web/components/select.tsx';
import { formatInteger } from '#web/lib/format/numbers.ts';
import { pivotTable } from '../model/pivot-table.ts';
import { shownTable } from '../model/run-store.ts';
import { useRelationColumns } from '../model/use-store.ts';
import { OneColumn, SeveralColumns } from './column-choice.tsx';
import { FollowBar } from './follow-bar.tsx';
import { RelationSelect } from './relation-select.tsx';
import type { ShownCellProps } from './shown-cell.ts';

const AGGREGATES: readonly { readonly value: PivotCellData['value']['aggregate']; readonly label: string }[] =
  [
    { value: 'count', label: 'Count' },
    { value: 'count-distinct', label: 'Distinct' },
    { value: 'sum', label: 'Sum' },
    { value: 'avg', label: 'Mean' },
    { value: 'min', label: 'Least' },
    { value: 'max', label: 'Greatest' },
  ];

/** Rows and columns of more would be slower than anybody can read them. */
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
  const columns = useRelationColumns(store, tables, cell.relation);
  return (
    <div className="overflow-clip rounded-md border bg-surface">
      <FollowBar run={run} stale={stale} runnable={cell.relation !== ''} onRun={rerun}>
        <RelationSelect
          store={store}
          tables={tables}
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
      <PivotBody cell={cell} name={name} run={run} />
    </div>
  );
}

/** The two sides with their totals. */
export function PivotBody({ cell, name, run }: Pick<ShownCellProps<PivotCellData>, 'cell' | 'name' | 'run'>) {
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
      <EmptyState title="Nothing to show yet" className="p-5">
        Choose what it reads, and columns for its rows, its columns or both.
      </EmptyState>
    );
  }
  // Where nothing goes across, the only column is the measure itself.
  const across = cell.columns.length > 0;
  const columns = pivot.columns.slice(0, SHOWN.columns);
  const rows = pivot.rows.slice(0, SHOWN.rows);
  const cut =
    columns.length < pivot.columns.length ||
    rows.length < pivot.rows.length ||
    table.rowCount >= PIVOT_GROUPS;
  return (
    <>
      {cut && (
        <p className="border-b bg-warn-soft px-3 py-1 text-xs">
          Shown are {formatInteger(rows.length)} of {formatInteger(pivot.rows.length)} rows and{' '}
          {formatInteger(columns.length)} of {formatInteger(pivot.columns.length)} columns. Group by less.
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
              {columns.map(({ key, labels }) => (
                <th key={key} scope="col" className="border-b px-3 py-1 font-medium">
                  {labels.length > 0 ? labels.join(' · ') : across ? 'Total' : measureName(cell)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, labels }) => (
              <tr key={key} className="h-7 hover:bg-hover">
                {cell.rows.map((each, index) => (
                  <th key={each} scope="row" className="px-3 text-left font-normal">
                    {labels[index] ?? (index === 0 ? <span className="font-medium">Total</span> : '')}
                  </th>
                ))}
                {columns.map((column) => (
                  <td
                    key={column.key}
                    className={
                      labels.length === 0 || (across && column.labels.length === 0)
                        ? 'px-3 font-medium'
                        : 'px-3'
                    }
                  >
                    {pivot.value(key, column.key)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** "Sum of delay" */
function measureName({ value: { aggregate, column = '' } }: PivotCellData): string {
  const name = AGGREGATES.find(({ value }) => value === aggregate)?.label ?? aggregate;
  return column === '' ? name : `${name} of ${column}`;
}
