import { lazy, Suspense, type ReactNode } from 'react';
import type { CellFormatter } from '#web/lib/format/cell.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import type { ColumnLayout } from './column-layout.ts';
import type { CopiedText } from './copy.ts';
import { GridColumnMenu, type ColumnTools } from './grid-column-menu.tsx';
import { cellBox } from './grid-metrics.ts';
import type { FilterOfValue, GridOverlay } from './grid-overlay.ts';
import type { GridView } from './grid-scroll.ts';
import { rangeOf, type CellAddress, type Selection } from './selection.ts';
import { ValueInspector } from './value-inspector.tsx';

const CellMenu = lazy(() => import('./cell-menu.tsx'));

interface GridOverlaysProps {
  readonly overlay: GridOverlay | null;
  readonly table: ResultTable;
  readonly formatters: readonly CellFormatter[];
  readonly layout: ColumnLayout;
  readonly gutter: number;
  readonly headerHeight: number;
  readonly view: GridView;
  readonly selection: Selection | null;
  readonly filterOf: FilterOfValue | undefined;
  readonly renderColumnMenu: ((column: number, tools: ColumnTools) => ReactNode) | undefined;
  readonly onFit: (column: number) => void;
  readonly onCopyText: (text: string) => void;
  readonly onCopied: (copied: CopiedText) => void;
  readonly onInspect: (cell: CellAddress) => void;
  readonly onColumnMenu: (column: number) => void;
  readonly onClose: (kind: GridOverlay['kind']) => void;
}

/** What floats over the grid: a value, what can be done with a column, or with the cells that are selected. */
export function GridOverlays(props: GridOverlaysProps) {
  const { overlay, table, formatters, layout, gutter, headerHeight, view, selection } = props;
  if (overlay?.kind === 'value') {
    const { row, column } = overlay.cell;
    const [info, formatter] = [table.columns[column], formatters[column]];
    if (info === undefined || formatter === undefined) return null;
    return (
      <ValueInspector
        column={info}
        formatter={formatter}
        row={row}
        value={table.value(row, column)}
        box={cellBox(overlay.cell, layout, gutter, headerHeight, view)}
        onCopy={props.onCopyText}
        onClose={() => props.onClose(overlay.kind)}
      />
    );
  }
  if (overlay?.kind === 'column' && props.renderColumnMenu !== undefined) {
    const { column } = overlay;
    return (
      <GridColumnMenu
        column={column}
        name={table.columns[column]?.name ?? ''}
        box={{
          left: Math.max(gutter, gutter + layout.start(column) - view.left),
          top: 0,
          width: layout.width(column),
          height: headerHeight,
        }}
        render={props.renderColumnMenu}
        onFit={() => props.onFit(column)}
        onClose={() => props.onClose(overlay.kind)}
      />
    );
  }
  if (overlay?.kind === 'cells' && selection !== null) {
    const { column } = overlay;
    const { renderColumnMenu, onColumnMenu } = props;
    return (
      <Suspense fallback={null}>
        <CellMenu
          table={table}
          formatters={formatters}
          range={rangeOf(selection)}
          cell={overlay.cell}
          box={overlay.box}
          filterOf={props.filterOf}
          onCopied={props.onCopied}
          onInspect={props.onInspect}
          onColumn={
            column === null || renderColumnMenu === undefined ? undefined : () => onColumnMenu(column)
          }
          onClose={() => props.onClose(overlay.kind)}
        />
      </Suspense>
    );
  }
  return null;
}
