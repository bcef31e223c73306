import { ArrowDown, ArrowUp, ChevronDown } from 'lucide-react';
import { memo, useRef, type PointerEvent } from 'react';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { cn } from '#web/lib/class-names.ts';
import type { CellFormatter } from '#web/lib/format/cell.ts';
import { shortTypeName } from '#web/lib/format/duckdb-type.ts';
import type { ColumnLayout } from './column-layout.ts';
import { MAX_WIDTH, MIN_WIDTH } from './column-widths.ts';
import { HEADER_HEIGHT, cellId, span } from './grid-metrics.ts';
import type { HeaderStrip, SortMark } from './header-parts.ts';

interface GridHeaderProps {
  readonly columns: readonly ResultColumn[];
  readonly formatters: readonly CellFormatter[];
  readonly layout: ColumnLayout;
  readonly gridId: string;
  readonly gutter: number;
  readonly headerHeight: number;
  readonly strip: HeaderStrip | undefined;
  readonly sort: ReadonlyMap<number, SortMark> | undefined;
  /** Opens what can be done with a column; undefined where nothing can. */
  readonly onMenu: ((column: number) => void) | undefined;
  /** The column whose menu is open. */
  readonly menuColumn: number | null;
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly selectedFrom: number;
  readonly selectedTo: number;
  /** Column of the current cell, where it is the header's; otherwise -1. */
  readonly current: number;
  readonly onResize: (column: number, width: number) => void;
  readonly onFit: (column: number) => void;
}

export const GridHeader = memo(function GridHeader(props: GridHeaderProps) {
  const { columns, formatters, layout, gridId, gutter, firstColumn, lastColumn, strip, onMenu } = props;
  const cells = [];
  for (const column of span(firstColumn, lastColumn)) {
    const info = columns[column];
    const formatter = formatters[column];
    if (!info || !formatter) continue;
    const mark = props.sort?.get(column);
    cells.push(
      <div
        key={column}
        id={cellId(gridId, -1, column)}
        role="columnheader"
        aria-colindex={column + 2}
        aria-label={`${info.name}, ${info.type}`}
        aria-sort={mark && (mark.direction === 'asc' ? 'ascending' : 'descending')}
        title={`${info.name}\n${info.type}`}
        className={cn(
          'group/head absolute top-0 h-full border-r',
          formatter.align === 'right' && 'text-right',
          column >= props.selectedFrom && column <= props.selectedTo && 'bg-selected',
          column === props.current && 'outline-2 -outline-offset-2 outline-(--grid-current)',
        )}
        style={{ left: gutter + layout.start(column), width: layout.width(column) }}
      >
        <div className="px-3 py-1" style={{ height: HEADER_HEIGHT }}>
          <div className="truncate text-xs font-medium whitespace-pre text-ink">{info.name || ' '}</div>
          <div className="truncate text-xs text-ink-3">{shortTypeName(formatter.type)}</div>
        </div>
        {(mark ?? onMenu) && (
          <ColumnButton
            name={info.name}
            mark={mark}
            left={formatter.align === 'right'}
            open={props.menuColumn === column}
            onOpen={onMenu && (() => onMenu(column))}
          />
        )}
        {strip && (
          <div className="px-1 pb-1" style={{ height: strip.height }}>
            {strip.render(column, layout.width(column))}
          </div>
        )}
        <ResizeHandle
          name={info.name}
          width={layout.width(column)}
          onResize={(width) => props.onResize(column, width)}
          onFit={() => props.onFit(column)}
        />
      </div>,
    );
  }
  return (
    <div role="rowgroup">
      <div
        role="row"
        aria-rowindex={1}
        className="absolute top-0 left-0 z-10 border-b bg-canvas font-sans"
        style={{
          height: props.headerHeight,
          width: gutter + layout.total,
          minWidth: '100%',
          transform: 'translateX(calc(var(--grid-left) * -1))',
        }}
      >
        {cells}
        <div
          role="columnheader"
          aria-colindex={1}
          className="absolute top-0 left-0 h-full border-r bg-canvas"
          style={{ width: gutter, transform: 'translateX(var(--grid-left))' }}
        >
          <span className="sr-only">Row number</span>
        </div>
      </div>
    </div>
  );
});

interface ColumnButtonProps {
  readonly name: string;
  readonly mark: SortMark | undefined;
  /** Names of numbers stand at the right, so that the button is at the left. */
  readonly left: boolean;
  readonly open: boolean;
  readonly onOpen: (() => void) | undefined;
}

/** Says how the column is sorted, and opens its menu; Enter on the header does the same. */
function ColumnButton({ name, mark, left, open, onOpen }: ColumnButtonProps) {
  const Icon = mark === undefined ? ChevronDown : mark.direction === 'asc' ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={`Sort, filter and figures of ${name}`}
      aria-haspopup="dialog"
      aria-expanded={open}
      disabled={onOpen === undefined}
      title="Sort, filter, figures (Enter in the header)"
      onPointerDown={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onClick={onOpen}
      className={cn(
        'absolute top-1 flex h-5 min-w-5 items-center justify-center gap-0.5 rounded-sm bg-canvas text-xs hover:bg-hover',
        left ? 'left-1' : 'right-1.5',
        mark === undefined
          ? 'text-ink-3 opacity-0 group-hover/head:opacity-100 aria-expanded:opacity-100'
          : 'text-accent-text',
      )}
    >
      <Icon aria-hidden className="size-3.5" strokeWidth={2} />
      {mark?.order !== undefined && <span className="pr-0.5 tabular-nums">{mark.order}</span>}
    </button>
  );
}

interface ResizeHandleProps {
  readonly name: string;
  readonly width: number;
  readonly onResize: (width: number) => void;
  readonly onFit: () => void;
}

/** The right edge of a header cell. Keys do the same from the header cell: Shift+arrows, Enter. */
function ResizeHandle({ name, width, onResize, onFit }: ResizeHandleProps) {
  const drag = useRef<{ x: number; width: number } | null>(null);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.stopPropagation();
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, width };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (drag.current) onResize(drag.current.width + event.clientX - drag.current.x);
  };
  return (
    <div
      role="separator"
      tabIndex={-1}
      aria-orientation="vertical"
      aria-label={`Width of ${name}`}
      aria-valuenow={Math.round(width)}
      aria-valuemin={MIN_WIDTH}
      aria-valuemax={MAX_WIDTH}
      title="Drag to resize, double-click to fit. In the header: Shift+←/→, Enter."
      className="absolute top-0 -right-1 z-10 h-full w-2 cursor-col-resize touch-none after:absolute after:inset-y-1 after:left-[3px] after:w-0.5 after:rounded-full hover:after:bg-accent"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (drag.current = null)}
      onPointerCancel={() => (drag.current = null)}
      onDoubleClick={(event) => {
        event.stopPropagation();
        onFit();
      }}
    />
  );
}
