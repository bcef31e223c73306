import type { CellFormatter } from '#web/lib/format/cell.ts';
import { isHere, type ResultTable } from '#web/lib/result-table.ts';
import type { ToneOf } from './cell-tone.ts';
import type { ColumnLayout } from './column-layout.ts';
import { ROW_HEIGHT, span } from './grid-metrics.ts';
import { GridRow } from './grid-row.tsx';
import type { GridView } from './grid-scroll.ts';
import type { CellAddress, Range } from './selection.ts';

interface GridBodyProps {
  readonly table: ResultTable;
  readonly formatters: readonly CellFormatter[];
  readonly layout: ColumnLayout;
  readonly fractions: readonly number[];
  readonly gridId: string;
  readonly gutter: number;
  readonly headerHeight: number;
  readonly view: GridView;
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly range: Range | null;
  readonly head: CellAddress | null;
  readonly toneOf: ToneOf | undefined;
}

/** Rows are placed relative to a row that changes rarely, so that scrolling moves the layer and not each row. */
const BLOCK = 1024;

export function GridBody(props: GridBodyProps) {
  const { table, formatters, layout, view, firstRow, lastRow, range, head } = props;
  const base = Math.floor(firstRow / BLOCK) * BLOCK;
  // Rows keep their elements: the one that leaves at the top is filled anew at the bottom.
  const slots = Math.ceil(view.height / ROW_HEIGHT) + 2;
  const rows = [];
  for (const row of span(firstRow, lastRow)) {
    const selected = range !== null && row >= range.top && row <= range.bottom;
    rows.push(
      <GridRow
        key={row % slots}
        table={table}
        formatters={formatters}
        layout={layout}
        fractions={props.fractions}
        gridId={props.gridId}
        row={row}
        here={isHere(table, row)}
        y={(row - base) * ROW_HEIGHT}
        gutter={props.gutter}
        firstColumn={props.firstColumn}
        lastColumn={props.lastColumn}
        selectedFrom={selected ? range.left : -1}
        selectedTo={selected ? range.right : -1}
        current={head?.row === row ? head.column : -1}
        toneOf={props.toneOf}
      />,
    );
  }

  return (
    <div
      role="rowgroup"
      className="absolute left-0 will-change-transform"
      style={{
        top: props.headerHeight,
        transform: `translate3d(${-view.left}px, ${base * ROW_HEIGHT - view.top}px, 0)`,
      }}
    >
      {rows}
    </div>
  );
}
