import { ArrowDown, ArrowUp, ListFilter, MoveHorizontal, X } from 'lucide-react';
import { useId, useState, type FormEvent } from 'react';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { Button } from '#web/components/button.tsx';
import { ColumnFigures } from '#web/components/column-stats/column-figures.tsx';
import type { ColumnTools } from '#web/components/data-grid/grid-column-menu.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { Select } from '#web/components/select.tsx';
import { TextField } from '#web/components/text-field.tsx';
import type { AskableResult } from '#web/duckdb/relation/ask-result.ts';
import { useColumnStats } from '#web/duckdb/relation/use-column-stats.ts';
import { operatorsOf, type ColumnFilter, type RelationView } from '#web/lib/relation/relation-sql.ts';
import { FILTER_WORDS, needsValue } from '../model/filter-words.ts';
import { TopValues } from './top-values.tsx';
import { useWanted } from '../model/use-wanted.ts';

interface ColumnMenuProps {
  readonly result: AskableResult;
  readonly column: number;
  readonly info: ResultColumn;
  readonly view: RelationView;
  readonly onView: (view: RelationView) => void;
  readonly tools: ColumnTools;
}

/** Sort, filter and figures of one column; all of it is the engine's, over all rows. */
export function ColumnMenu({ result, column, info, view, onView, tools }: ColumnMenuProps) {
  const stats = useColumnStats(result, view.filters);
  useWanted(stats, column);
  const sorted = view.sort.find((key) => key.column === column)?.direction;
  const others = view.sort.some((key) => key.column !== column);
  const change = (next: RelationView) => {
    onView(next);
    tools.close();
  };
  const sortBy = (direction: 'asc' | 'desc', add: boolean) =>
    change({
      ...view,
      sort: [...(add ? view.sort.filter((key) => key.column !== column) : []), { column, direction }],
    });
  const filterBy = (filter: ColumnFilter) =>
    change({ ...view, filters: [...view.filters.filter((each) => each.column !== column), filter] });

  return (
    <>
      <div className="flex items-center gap-2 border-b py-1 pr-1 pl-3">
        <span className="truncate font-medium">{info.name || ' '}</span>
        <span className="min-w-0 flex-1 truncate text-xs text-ink-3" title={info.type}>
          {info.type.toLowerCase()}
        </span>
        <IconButton icon={MoveHorizontal} label="Fit the width" small onClick={tools.fit} />
        <IconButton icon={X} label="Close" shortcut="Esc" small onClick={tools.close} />
      </div>
      <div className="flex flex-wrap gap-1 border-b p-2">
        <Button
          small
          look={sorted === 'asc' ? 'primary' : 'plain'}
          aria-pressed={sorted === 'asc'}
          onClick={() => sortBy('asc', false)}
        >
          <ArrowUp aria-hidden className="size-3.5" /> Sort ascending
        </Button>
        <Button
          small
          look={sorted === 'desc' ? 'primary' : 'plain'}
          aria-pressed={sorted === 'desc'}
          onClick={() => sortBy('desc', false)}
        >
          <ArrowDown aria-hidden className="size-3.5" /> Sort descending
        </Button>
        {others && sorted === undefined && (
          <>
            <Button small onClick={() => sortBy('asc', true)}>
              Then up
            </Button>
            <Button small onClick={() => sortBy('desc', true)}>
              Then down
            </Button>
          </>
        )}
        {sorted !== undefined && (
          <Button
            small
            look="quiet"
            onClick={() => change({ ...view, sort: view.sort.filter((key) => key.column !== column) })}
          >
            Not sorted
          </Button>
        )}
      </div>
      <FilterForm
        info={info}
        filter={view.filters.find((each) => each.column === column)}
        onApply={(filter) => filterBy({ ...filter, column })}
        onClear={() => change({ ...view, filters: view.filters.filter((each) => each.column !== column) })}
      />
      <div className="p-3">
        <ColumnFigures stats={stats.of(column)} width={262} onRetry={stats.retry} />
      </div>
      <TopValues
        result={result}
        column={column}
        filters={view.filters}
        stats={stats.of(column)}
        onPick={(value) =>
          filterBy(
            value === null
              ? { column, operator: 'is-null', value: '' }
              : { column, operator: 'equals', value },
          )
        }
      />
    </>
  );
}

interface FilterFormProps {
  readonly info: ResultColumn;
  readonly filter: ColumnFilter | undefined;
  readonly onApply: (filter: Omit<ColumnFilter, 'column'>) => void;
  readonly onClear: () => void;
}

function FilterForm({ info, filter, onApply, onClear }: FilterFormProps) {
  const operators = operatorsOf(info);
  const id = useId();
  const [operator, setOperator] = useState(filter?.operator ?? operators[0] ?? 'equals');
  const [value, setValue] = useState(filter?.value ?? (info.type === 'BOOLEAN' ? 'true' : ''));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onApply({ operator, value });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-1.5 border-b p-2">
      <div className="flex gap-1.5">
        <Select
          label={`How ${info.name} is compared`}
          value={operator}
          options={operators.map((each) => ({ value: each, label: FILTER_WORDS[each] }))}
          onChange={setOperator}
          className="w-28 shrink-0"
        />
        {needsValue(operator) && (
          <TextField
            id={id}
            aria-label={`Value of ${info.name}`}
            placeholder={placeholderOf(info.type)}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
      </div>
      <div className="flex gap-1.5">
        <Button type="submit" small>
          <ListFilter aria-hidden className="size-3.5" /> Filter
        </Button>
        {filter !== undefined && (
          <Button small look="quiet" onClick={onClear}>
            No filter
          </Button>
        )}
      </div>
    </form>
  );
}

function placeholderOf(type: string): string {
  if (/^DATE$/i.test(type)) return '2001-02-03';
  if (/^TIMESTAMP/i.test(type)) return '2001-02-03 04:05:06';
  return 'Value';
}
