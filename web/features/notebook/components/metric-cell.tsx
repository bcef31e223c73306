import type { MetricCell as MetricCellData } from '#shared/contract/notebooks.ts';
import { isOfFirstRow } from '#shared/notebook/cell-sql.ts';
import { present } from '#shared/util/present.ts';
import { Select } from '#web/components/select.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { formatFigure } from '#web/lib/format/numbers.ts';
import { AGGREGATES, measureName } from '../model/aggregates.ts';
import { shownTable } from '../model/run-store.ts';
import { valueText } from '../model/value-text.ts';
import { useRelationColumns } from '../model/use-store.ts';
import { OneColumn } from './column-choice.tsx';
import { CellName } from './cell-name.tsx';
import { CellProblem } from './cell-problem.tsx';
import { FollowBar } from './follow-bar.tsx';
import { RelationSelect } from './relation-select.tsx';
import type { ShownCellProps } from './shown-cell.ts';

const FIRST = 'first';

/** One figure, large. With a second one to compare, the difference between them. */
export function MetricCell(props: ShownCellProps<MetricCellData>) {
  const { cell, name, store, editor, tables, run, stale, editing } = props;
  const change = (part: Partial<MetricCellData>) =>
    store.edit({ type: 'replace', cell: { ...cell, ...part } });
  const ask = (part: Partial<MetricCellData>, done: boolean) => {
    change(part);
    if (done) editor.run(cell.id);
  };
  const columns = useRelationColumns(store, tables, cell.relation, props.notebookRef);
  return (
    <div className="overflow-clip rounded-md border bg-surface">
      <FollowBar run={run} stale={stale} runnable={cell.relation !== ''} onRun={() => editor.run(cell.id)}>
        <CellName store={store} of={cell} cell={name} />
        <RelationSelect
          store={store}
          tables={tables}
          own={cell.id}
          label={`What ${name} reads`}
          value={cell.relation}
          onChange={(relation) => {
            const { column: _column, against: _against, aggregate: _aggregate, ...rest } = cell;
            store.edit({ type: 'replace', cell: { ...rest, relation } });
            editor.run(cell.id);
          }}
        />
        <OneColumn
          label={`Figure of ${name}`}
          columns={columns}
          value={cell.column ?? ''}
          placeholder="first column"
          onChange={(column, done) => ask({ column }, done)}
        />
        <Select
          label={`What becomes of the rows of ${name}`}
          value={cell.aggregate ?? FIRST}
          options={[{ value: FIRST, label: 'First row' }, ...AGGREGATES]}
          onChange={(chosen) => {
            const { aggregate: _aggregate, ...rest } = cell;
            const aggregate = AGGREGATES.find(({ value }) => value === chosen)?.value;
            store.edit({ type: 'replace', cell: { ...rest, ...present({ aggregate }) } });
            editor.run(cell.id);
          }}
        />
        <span className="text-ink-3">against</span>
        <OneColumn
          label={`What ${name} is compared with`}
          columns={columns}
          value={cell.against ?? ''}
          placeholder="nothing"
          onChange={(against, done) => ask({ against }, done)}
        />
      </FollowBar>
      <div className="px-4 py-3">
        {editing ? (
          <TextField
            aria-label={`Title of ${name}`}
            value={cell.label ?? ''}
            maxLength={200}
            placeholder={metricTitle(cell)}
            onChange={(event) => change({ label: event.target.value })}
            className="w-64"
          />
        ) : (
          <p className="text-ink-2">{cell.label || metricTitle(cell)}</p>
        )}
        <MetricFigure cell={cell} name={name} run={run} />
      </div>
      <CellProblem store={store} id={cell.id} />
    </div>
  );
}

/** The figure itself, and how far it is from what it is compared with. */
export function MetricFigure({
  cell,
  name,
  run,
}: Pick<ShownCellProps<MetricCellData>, 'cell' | 'name' | 'run'>) {
  const table = shownTable(run);
  const columns = table?.columns.map((column) => column.name) ?? [];
  const at = (column: string | undefined, otherwise: number) => {
    const found = column === undefined || column === '' ? otherwise : columns.indexOf(column);
    return table === null || table.rowCount === 0 || found < 0 || found >= columns.length
      ? null
      : { value: table.value(0, found), column: table.columns[found] ?? { name: '', type: 'VARCHAR' } };
  };
  const figure = at(cell.column, 0);
  const against = at(cell.against, -1);
  return (
    <>
      <p aria-label={`Figure of ${name}`} className="mt-0.5 text-lg font-semibold tabular-nums">
        {figure === null ? (
          <span className="text-ink-3">—</span>
        ) : (
          <span title={valueText(figure.value, figure.column)}>
            {typeof figure.value === 'number' && !Number.isInteger(figure.value)
              ? formatFigure(figure.value)
              : valueText(figure.value, figure.column)}
          </span>
        )}
      </p>
      {isOfFirstRow(cell) && table !== null && table.rowCount > 1 && (
        <p className="text-xs text-warn">
          Of the first row; there are more. Choose a column, and what becomes of all its values.
        </p>
      )}
      {figure !== null && against !== null && (
        <p className="text-xs text-ink-2 tabular-nums">{difference(figure.value, against.value)}</p>
      )}
    </>
  );
}

/** What it is called where nobody called it anything. */
export function metricTitle({ column = '', relation, aggregate }: MetricCellData): string {
  if (column !== '' && aggregate !== undefined) return measureName(aggregate, column);
  return column || relation || 'Metric';
}

function difference(figure: unknown, against: unknown): string {
  const [now, then] = [Number(figure), Number(against)];
  if (!Number.isFinite(now) || !Number.isFinite(then)) return '';
  const by = now - then;
  const sign = by > 0 ? '+' : by < 0 ? '−' : '±';
  const share = then === 0 ? '' : ` (${sign}${Math.abs((100 * by) / then).toFixed(1)} %)`;
  return `${sign}${Math.abs(by).toLocaleString('en')} against ${then.toLocaleString('en')}${share}`;
}
