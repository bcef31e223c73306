import { ArrowDown, ArrowUp, ChartNoAxesColumn, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import { Button } from '#web/components/button.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { countOf } from '#web/lib/format/numbers.ts';
import { WHOLE_RELATION, nextSort } from '#web/lib/relation/relation-sql.ts';
import { AllRowsControl } from './all-rows-control.tsx';
import { filterText } from '../model/filter-words.ts';
import type { AllRows } from '../model/use-all-rows.ts';
import type { ShownRelation } from '../model/use-relation-view.ts';

interface ViewBarProps {
  readonly shown: ShownRelation;
  readonly name: string;
  readonly figures: boolean;
  readonly onFigures: (on: boolean) => void;
  /** Where there are rows beyond those that the page holds, and the server can have them. */
  readonly all: AllRows | null;
  /** What stands at its end. */
  readonly children: ReactNode;
}

/** The line over the rows: how they are sorted and filtered, and what can be done with all of them. Always there. */
export function ViewBar({ shown, name, figures, onFigures, all, children }: ViewBarProps) {
  const { view, setView, table, truncated, asking, error, result } = shown;
  const { columns } = table;
  const changed = view.sort.length + view.filters.length > 0;
  return (
    <div role="toolbar" aria-label={`Rows of ${name}`} className="flex h-8 items-center gap-1 border-b px-1">
      {result !== null && (
        <IconButton
          icon={ChartNoAxesColumn}
          label="Figures of the columns"
          aria-pressed={figures}
          small
          onClick={() => onFigures(!figures)}
        />
      )}
      <div className="flex min-w-0 flex-1 items-center gap-1 overflow-x-auto">
        {view.sort.map(({ column, direction }) => (
          <Chip
            key={`sort ${column}`}
            label={`${columns[column]?.name ?? ''}, ${direction === 'asc' ? 'ascending' : 'descending'}`}
            onRemove={() => setView({ ...view, sort: view.sort.filter((key) => key.column !== column) })}
            onPress={() => setView({ ...view, sort: nextSort(view.sort, column, true) })}
          >
            {direction === 'asc' ? (
              <ArrowUp aria-hidden className="size-3" />
            ) : (
              <ArrowDown aria-hidden className="size-3" />
            )}
            {columns[column]?.name}
          </Chip>
        ))}
        {view.filters.map((filter) => (
          <Chip
            key={`filter ${filter.column} ${filter.operator} ${filter.value}`}
            label={filterText(filter, columns)}
            onRemove={() => setView({ ...view, filters: view.filters.filter((each) => each !== filter) })}
          >
            {filterText(filter, columns)}
          </Chip>
        ))}
        {changed && (
          <Button small look="quiet" onClick={() => setView(WHOLE_RELATION)}>
            Clear
          </Button>
        )}
        <span role="status" className="truncate px-1 text-xs text-ink-2">
          {error !== null ? (
            <span className="text-bad" title={errorMessage(error)}>
              {errorMessage(error)}
            </span>
          ) : asking ? (
            'Asking the engine…'
          ) : view.filters.length > 0 && (all === null || all.table === null) ? (
            `${truncated ? 'first ' : ''}${countOf(table.rowCount, 'row matches', 'rows match')}`
          ) : (
            ''
          )}
        </span>
        {all !== null && <AllRowsControl all={all} />}
      </div>
      {children}
    </div>
  );
}

interface ChipProps {
  readonly label: string;
  readonly onRemove: () => void;
  readonly onPress?: () => void;
  readonly children: ReactNode;
}

function Chip({ label, onRemove, onPress, children }: ChipProps) {
  const text = 'flex items-center gap-1 truncate max-w-64';
  return (
    <span className="flex h-5 shrink-0 items-center rounded-sm bg-accent-soft pl-1.5 text-xs text-accent-text">
      {onPress === undefined ? (
        <span className={text} title={label}>
          {children}
        </span>
      ) : (
        <button type="button" className={text} title={`${label}. Press to turn it round.`} onClick={onPress}>
          {children}
        </button>
      )}
      <button
        type="button"
        aria-label={`Remove: ${label}`}
        onClick={onRemove}
        className="ml-0.5 flex size-5 items-center justify-center rounded-sm hover:bg-hover"
      >
        <X aria-hidden className="size-3" />
      </button>
    </span>
  );
}
