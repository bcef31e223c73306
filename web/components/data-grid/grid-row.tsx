import { memo } from 'react';
import { NullBadge } from '#web/components/null-badge.tsx';
import { cn } from '#web/lib/class-names.ts';
import type { CellFormatter } from '#web/lib/format/cell.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import type { CellTone, ToneOf } from './cell-tone.ts';
import type { ColumnLayout } from './column-layout.ts';
import { fractionOf } from './column-widths.ts';
import { ROW_HEIGHT, cellId, span } from './grid-metrics.ts';

interface GridRowProps {
  readonly table: ResultTable;
  readonly formatters: readonly CellFormatter[];
  readonly layout: ColumnLayout;
  readonly fractions: readonly number[];
  readonly gridId: string;
  readonly row: number;
  /** False where its values are on their way. */
  readonly here: boolean;
  /** Pixels from the top of the layer that the row is in. */
  readonly y: number;
  readonly gutter: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
  /** Selected columns in this row; -1 where none. */
  readonly selectedFrom: number;
  readonly selectedTo: number;
  /** Column of the current cell, where it is in this row; otherwise -1. */
  readonly current: number;
  readonly toneOf: ToneOf | undefined;
}

const TONES: Readonly<Record<CellTone, string>> = {
  good: 'bg-good-soft text-good',
  bad: 'bg-bad-soft text-bad',
  warn: 'bg-warn-soft text-warn font-medium',
};

/** Memoized on plain values: a scroll step draws only the rows that come into view. */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { table, formatters, layout, gridId, row, y, gutter, firstColumn, lastColumn } = props;
  const cells = [];
  for (const column of span(firstColumn, lastColumn)) {
    const formatter = formatters[column];
    if (!formatter) continue;
    const value = table.value(row, column);
    const text = value === null ? '' : formatter.text(value);
    const short = (props.fractions[column] ?? 0) - fractionOf(formatter, text);
    const tone = props.toneOf?.(row, column);
    const selected = column >= props.selectedFrom && column <= props.selectedTo;
    cells.push(
      <div
        key={column}
        id={cellId(gridId, row, column)}
        role="gridcell"
        aria-colindex={column + 2}
        aria-selected={selected}
        className={cn(
          'absolute top-0 h-full truncate px-3 leading-[27px] whitespace-pre',
          formatter.align === 'right' && 'text-right',
          tone !== undefined && TONES[tone],
          selected && 'bg-selected',
          column === props.current && 'outline-2 -outline-offset-2 outline-(--grid-current)',
        )}
        style={{ left: gutter + layout.start(column), width: layout.width(column) }}
      >
        {!props.here ? (
          <span aria-hidden className="inline-block h-2 w-10 rounded-sm bg-line" />
        ) : value === null ? (
          <NullBadge />
        ) : short > 0 ? (
          // The decimal points of a column stand in a line; the text itself stays as it is.
          <span style={{ marginRight: `${short}ch` }}>{text}</span>
        ) : (
          text
        )}
      </div>,
    );
  }
  return (
    <div
      role="row"
      aria-busy={props.here ? undefined : true}
      aria-rowindex={row + 2}
      className="group absolute left-0 border-b text-ink hover:bg-hover"
      style={{ top: y, height: ROW_HEIGHT, width: gutter + layout.total, contain: 'layout style' }}
    >
      {cells}
      <div
        role="rowheader"
        aria-colindex={1}
        className={cn(
          'absolute top-0 left-0 h-full border-r bg-surface px-2 text-right leading-[27px] text-ink-3 group-hover:bg-hover',
          props.selectedFrom >= 0 && 'text-ink',
        )}
        style={{ width: gutter, transform: 'translateX(var(--grid-left))' }}
      >
        {formatInteger(row + 1)}
      </div>
    </div>
  );
});
