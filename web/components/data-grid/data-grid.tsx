import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useSyncExternalStore, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { cn } from '#web/lib/class-names.ts';
import { cellFormatter } from '#web/lib/format/cell.ts';
import { isApple } from '#web/lib/platform.ts';
import { isHere, type ResultTable } from '#web/lib/result-table.ts';
import { giveTooltip } from './cell-tooltip.ts';
import { GridBody } from './grid-body.tsx';
import type { ColumnTools } from './grid-column-menu.tsx';
import { GridHeader } from './grid-header.tsx';
import type { HeaderStrip, SortMark } from './header-parts.ts';
import type { ToneOf } from './cell-tone.ts';
import { HEADER_HEIGHT, ROW_HEIGHT, cellId, gutterWidth } from './grid-metrics.ts';
import type { FilterOfValue, GridOverlay } from './grid-overlay.ts';
import { GridOverlays } from './grid-overlays.tsx';
import { GridScroll } from './grid-scroll.ts';
import { MAX_PHYSICAL } from './scroll-mapping.ts';
import { isSingle, moveByKey, rangeOf, selectCell, type CellAddress, type Selection } from './selection.ts';
import { asksForMenu, useCellMenu } from './use-cell-menu.ts';
import { useColumnWidths } from './use-column-widths.ts';
import { useGridCopy } from './use-grid-copy.ts';
import { usePointerSelection } from './use-pointer-selection.ts';

interface DataGridProps {
  readonly table: ResultTable;
  /** Accessible name, e.g. "Result". */
  readonly label: string;
  /** Pixels. With it the grid is as high as its rows, up to that; without, it fills its parent. */
  readonly maxHeight?: number;
  /** The current cell to begin with, e.g. from the URL. */
  readonly initialCell?: CellAddress;
  readonly onCellChange?: (cell: CellAddress) => void;
  /** Tints cells whose text says the same: a colour is not all there is to go by. Keep the function's identity. */
  readonly toneOf?: ToneOf | undefined;
  /** Something more of each column, under its name. */
  readonly strip?: HeaderStrip | undefined;
  /** How the rows are sorted, by place of the column. */
  readonly sort?: ReadonlyMap<number, SortMark> | undefined;
  /** What can be done with a column, in a popover at its header; `close` ends it. */
  readonly renderColumnMenu?: ((column: number, tools: ColumnTools) => ReactNode) | undefined;
  /** How the rows are filtered by a value that they have; without it, they can't be. */
  readonly filterOf?: FilterOfValue | undefined;
  /** Called with the first and last column in view, whenever these change. */
  readonly onColumnsInView?: ((first: number, last: number) => void) | undefined;
  readonly className?: string;
}

/** A result of up to ten million rows. Only what is in view is in the document. */
export function DataGrid(props: DataGridProps) {
  const { table, label, maxHeight, initialCell, onCellChange, toneOf, strip, className } = props;
  const { renderColumnMenu, onColumnsInView } = props;
  const headerHeight = HEADER_HEIGHT + (strip?.height ?? 0);
  const gridId = useId();
  const [scroll] = useState(() => new GridScroll(HEADER_HEIGHT));
  const view = useSyncExternalStore(scroll.subscribe, scroll.view);
  const scroller = useRef<HTMLDivElement>(null);
  const formatters = useMemo(() => table.columns.map(cellFormatter), [table.columns]);
  const { layout, fractions, resize, fit } = useColumnWidths(table, formatters);
  const gutter = gutterWidth(table.rowCount);
  const [selection, setSelection] = useState<Selection | null>(initialCell ? selectCell(initialCell) : null);
  const [overlay, setOverlay] = useState<GridOverlay | null>(null);
  const shownOverlay = useRef(overlay);
  useLayoutEffect(() => {
    shownOverlay.current = overlay;
  });
  const { announced, copyText, copyCells, onCopy } = useGridCopy(table, formatters, selection);

  const contentHeight = table.rowCount * ROW_HEIGHT;
  const firstRow = Math.floor(view.top / ROW_HEIGHT);
  const lastRow = Math.min(table.rowCount - 1, Math.floor((view.top + view.height) / ROW_HEIGHT));
  const [firstColumn, lastColumn] = layout.visible(view.left, view.width - gutter);

  useLayoutEffect(() => (scroller.current ? scroll.attach(scroller.current) : undefined), [scroll]);
  useLayoutEffect(() => scroll.setContentHeight(contentHeight), [scroll, contentHeight]);
  useLayoutEffect(() => scroll.setHeaderHeight(headerHeight), [scroll, headerHeight]);
  useEffect(() => onColumnsInView?.(firstColumn, lastColumn), [onColumnsInView, firstColumn, lastColumn]);
  const { onDemand } = table;
  useSyncExternalStore(onDemand?.subscribe ?? never, onDemand?.version ?? zero);
  useEffect(() => onDemand?.want(firstRow, lastRow), [onDemand, firstRow, lastRow]);

  const reveal = useCallback(
    ({ row, column }: CellAddress) =>
      scroll.reveal(
        row < 0 ? scroll.view().top : row * ROW_HEIGHT,
        row < 0 ? 0 : ROW_HEIGHT,
        layout.start(column),
        layout.width(column),
        gutter,
      ),
    [scroll, layout, gutter],
  );

  // Another result in the same place: what was selected has no meaning in it.
  const [shownTable, setShownTable] = useState(table);
  if (shownTable !== table) {
    setShownTable(table);
    setSelection(null);
    setOverlay(null);
  }
  const revealOnce = useRef(initialCell);
  useEffect(() => {
    if (revealOnce.current && view.height > 0) {
      reveal(revealOnce.current);
      revealOnce.current = undefined;
    }
  }, [reveal, view.height]);

  const select = (next: Selection) => {
    setSelection(next);
    if (next.head.row !== selection?.head.row || next.head.column !== selection.head.column)
      onCellChange?.(next.head);
  };
  const { hit, handlers } = usePointerSelection({
    scroll,
    layout,
    gutter,
    headerHeight,
    rows: table.rowCount,
    selection,
    select,
  });

  const openColumnMenu = (column: number) => {
    reveal({ row: -1, column });
    setOverlay({ kind: 'column', column });
  };
  const closeOverlay = (kind: GridOverlay['kind']) => {
    // What a menu has opened in its place stays, and keeps the focus.
    if (shownOverlay.current?.kind !== kind) return;
    setOverlay(null);
    scroller.current?.focus({ preventScroll: true });
  };
  const inspect = (cell: CellAddress) => {
    if (cell.row < 0 || cell.row >= table.rowCount || !isHere(table, cell.row)) return;
    reveal(cell);
    setOverlay({ kind: 'value', cell });
  };
  const cellMenu = useCellMenu({
    rows: table.rowCount,
    isHere: (row) => isHere(table, row),
    layout,
    gutter,
    headerHeight,
    scroll,
    selection,
    select,
    reveal,
    hit,
    open: setOverlay,
  });

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || event.altKey) return;
    const ctrl = isApple ? event.metaKey : event.ctrlKey;
    const now =
      selection ?? selectCell({ row: table.rowCount > 0 ? firstRow : -1, column: Math.max(firstColumn, 0) });
    const { row, column } = now.head;
    if (asksForMenu(event)) {
      cellMenu.byKey(now);
    } else if (row < 0 && event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      resize(column, layout.width(column) + (event.key === 'ArrowLeft' ? -16 : 16));
    } else if (event.key === 'Enter' && !ctrl && !event.shiftKey && selection) {
      if (row < 0 && renderColumnMenu) openColumnMenu(column);
      else if (row < 0) fit(column, firstRow, lastRow);
      else inspect(now.head);
    } else if (event.key === 'Escape' && selection && !isSingle(selection)) {
      select(selectCell(now.head));
    } else {
      const size = {
        rows: table.rowCount,
        columns: layout.count,
        page: Math.max(1, Math.floor(view.height / ROW_HEIGHT) - 1),
      };
      const next = moveByKey(now, { key: event.key, ctrl, shift: event.shiftKey }, size);
      if (!next) return;
      select(next);
      // Taking all, a row or a column does not move the view.
      if (event.key.length > 1) reveal(next.head);
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const onDoubleClick = (event: MouseEvent<HTMLElement>) => {
    const bounds = event.currentTarget.getBoundingClientRect();
    const at = hit(event.clientX - bounds.left, event.clientY - bounds.top);
    if (!at.inHeader && !at.inGutter && !at.outside) inspect({ row: at.row, column: at.column });
  };

  const range = selection ? rangeOf(selection) : null;
  const head = selection?.head;
  const headInView =
    head !== undefined &&
    head.column >= firstColumn &&
    head.column <= lastColumn &&
    (head.row < 0 || (head.row >= firstRow && head.row <= lastRow));
  const overflowsX = view.width > 0 && gutter + layout.total > view.width;

  return (
    <div
      className={cn('relative flex min-h-0 flex-col', maxHeight === undefined && 'h-full', className)}
      style={
        maxHeight === undefined
          ? undefined
          : {
              height: Math.min(
                maxHeight,
                headerHeight + Math.max(contentHeight, ROW_HEIGHT) + (overflowsX ? 12 : 0),
              ),
            }
      }
    >
      {/* The grid keeps the focus; the current cell is its active descendant, so it survives being scrolled away. */}
      <div
        ref={scroller}
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-multiselectable
        aria-rowcount={table.rowCount + 1}
        aria-colcount={table.columns.length + 1}
        aria-activedescendant={headInView ? cellId(gridId, head.row, head.column) : undefined}
        onKeyDown={onKeyDown}
        onCopy={onCopy}
        onContextMenu={(event) => {
          // Some keyboards ask by an event of its own, at what has the focus.
          if (event.target === event.currentTarget && event.button !== 2) event.preventDefault();
        }}
        className="group/grid min-h-0 flex-1 overflow-auto overscroll-x-contain bg-surface font-mono text-xs [font-variant-ligatures:none] outline-none [--grid-current:var(--line-strong)] focus:[--grid-current:var(--accent)]"
      >
        <div
          role="presentation"
          style={{
            width: gutter + layout.total,
            minWidth: '100%',
            height: headerHeight + Math.min(contentHeight, MAX_PHYSICAL),
          }}
        >
          <div
            role="presentation"
            className="sticky top-0 left-0 overflow-clip select-none"
            style={{
              width: view.width,
              height: headerHeight + view.height,
              contain: 'strict',
              ['--grid-left' as string]: `${view.left}px`,
            }}
            {...handlers}
            onDoubleClick={onDoubleClick}
            onContextMenu={cellMenu.onContextMenu}
            onPointerOver={(event) => giveTooltip(event.target as Element, table, formatters)}
          >
            <GridHeader
              columns={table.columns}
              formatters={formatters}
              layout={layout}
              gridId={gridId}
              gutter={gutter}
              firstColumn={firstColumn}
              lastColumn={lastColumn}
              headerHeight={headerHeight}
              strip={strip}
              sort={props.sort}
              onMenu={renderColumnMenu === undefined ? undefined : openColumnMenu}
              menuColumn={overlay?.kind === 'column' ? overlay.column : null}
              selectedFrom={range?.left ?? -1}
              selectedTo={range?.right ?? -1}
              current={head && head.row < 0 ? head.column : -1}
              onResize={resize}
              onFit={(column) => fit(column, firstRow, lastRow)}
            />
            <GridBody
              table={table}
              formatters={formatters}
              layout={layout}
              fractions={fractions}
              gridId={gridId}
              gutter={gutter}
              headerHeight={headerHeight}
              view={view}
              firstRow={firstRow}
              lastRow={lastRow}
              firstColumn={firstColumn}
              lastColumn={lastColumn}
              range={range}
              head={head ?? null}
              toneOf={toneOf}
            />
            {table.rowCount === 0 && (
              <p className="absolute left-3 font-sans leading-7 text-ink-3" style={{ top: headerHeight }}>
                No rows
              </p>
            )}
            <GridOverlays
              overlay={overlay}
              table={table}
              formatters={formatters}
              layout={layout}
              gutter={gutter}
              headerHeight={headerHeight}
              view={view}
              selection={selection}
              filterOf={props.filterOf}
              renderColumnMenu={renderColumnMenu}
              onFit={(column) => fit(column, firstRow, lastRow)}
              onCopyText={copyText}
              onCopied={copyCells}
              onInspect={inspect}
              onColumnMenu={openColumnMenu}
              onClose={closeOverlay}
            />
          </div>
        </div>
      </div>
      <output className="sr-only">{announced}</output>
    </div>
  );
}

/** For tables all of whose rows are here. */
const never = () => () => undefined;
const zero = () => 0;
