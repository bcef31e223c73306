import { memo, useRef, type PointerEvent } from 'react';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { cn } from '#web/lib/class-names.ts';
import type { CellFormatter } from '#web/lib/format/cell.ts';
import { shortTypeName } from '#web/lib/format/duckdb-type.ts';
import type { ColumnLayout } from './column-layout.ts';
import { MAX_WIDTH, MIN_WIDTH } from './column-widths.ts';
import { HEADER_HEIGHT, cellId, span } from './grid-metrics.ts';

interface GridHeaderProps {
  readonly columns: readonly ResultColumn[];
  readonly formatters: readonly CellFormatter[];
  readonly layout: ColumnLayout;
  readonly gridId: string;
  readonly gutter: number;
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
  const { columns, formatters, layout, gridId, gutter, firstColumn, lastColumn } = props;
  const cells = [];
  for (const column of span(firstColumn, lastColumn)) {
    const info = columns[column];
    const formatter = formatters[column];
    if (!info || !formatter) continue;
    cells.push(
      <div
        key={column}
        id={cellId(gridId, -1, column)}
        role="columnheader"
        aria-colindex={column + 2}
        aria-label={`${info.name}, ${info.type}`}
        title={`${info.name}\n${info.type}`}
        className={cn(
          'absolute top-0 h-full border-r px-3 py-1',
          formatter.align === 'right' && 'text-right',
          column >= props.selectedFrom && column <= props.selectedTo && 'bg-selected',
          column === props.current && 'outline-2 -outline-offset-2 outline-(--grid-current)',
        )}
        style={{ left: gutter + layout.start(column), width: layout.width(column) }}
      >
        <div className="truncate text-xs font-medium whitespace-pre text-ink">{info.name || ' '}</div>
        <div className="truncate text-xs text-ink-3">{shortTypeName(formatter.type)}</div>
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
        className="absolute top-0 left-0 border-b bg-canvas font-sans"
        style={{
          height: HEADER_HEIGHT,
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
