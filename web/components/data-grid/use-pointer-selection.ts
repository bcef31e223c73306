import { useEffect, useRef, type PointerEvent } from 'react';
import type { ColumnLayout } from './column-layout.ts';
import { ROW_HEIGHT } from './grid-metrics.ts';
import type { GridScroll } from './grid-scroll.ts';
import { selectAll, selectCell, selectColumns, selectRows, type Selection } from './selection.ts';

interface PointerSelection {
  readonly scroll: GridScroll;
  readonly layout: ColumnLayout;
  readonly gutter: number;
  readonly headerHeight: number;
  readonly rows: number;
  readonly selection: Selection | null;
  readonly select: (selection: Selection) => void;
}

/** What a press has begun to drag over. */
type Drag = {
  readonly kind: 'cells' | 'rows' | 'columns';
  x: number;
  y: number;
  readonly element: HTMLElement;
};

/** Pixels beyond an edge are scrolled by each frame, as far as that. */
const FASTEST = 120;

/** Selecting by pointer: cells, whole rows by their numbers, whole columns by their names, all by the corner. */
export function usePointerSelection(options: PointerSelection) {
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const drag = useRef<Drag | null>(null);
  const frame = useRef(0);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  const hit = (x: number, y: number) => {
    const { scroll, layout, gutter, headerHeight, rows } = latest.current;
    const { top, left } = scroll.view();
    return {
      row: Math.min(Math.max(Math.floor((y - headerHeight + top) / ROW_HEIGHT), 0), rows - 1),
      column: layout.at(Math.min(Math.max(x - gutter + left, 0), layout.total - 1)),
      inHeader: y < headerHeight,
      inGutter: x < gutter,
      outside: y - headerHeight + top >= rows * ROW_HEIGHT || x - gutter + left >= layout.total,
    };
  };

  const extend = () => {
    const { selection, select, rows, layout } = latest.current;
    const at = drag.current;
    if (!at || !selection) return;
    const { row, column } = hit(at.x, at.y);
    if (at.kind === 'rows') select(selectRows(selection.anchor.row, row, layout.count));
    else if (at.kind === 'columns') select(selectColumns(selection.anchor.column, column, rows));
    else if (row !== selection.head.row || column !== selection.head.column)
      select({ anchor: selection.anchor, head: { row, column } });
  };

  /** While the pointer is held beyond an edge, the grid scrolls that way, the faster the further out it is. */
  const autoScroll = () => {
    const at = drag.current;
    if (!at) return;
    const { scroll, gutter, headerHeight } = latest.current;
    const { top, left, width, height } = scroll.view();
    const dx = beyond(at.x, gutter, width);
    const dy = beyond(at.y, headerHeight, headerHeight + height);
    if (dx || dy) {
      scroll.scrollTo(at.kind === 'columns' ? top : top + dy, at.kind === 'rows' ? left : left + dx);
      extend();
    }
    frame.current = requestAnimationFrame(autoScroll);
  };

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const { selection, select, rows, layout } = latest.current;
    const bounds = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top];
    const at = hit(x, y);
    if (at.outside || rows === 0 || layout.count === 0) return;
    const anchor = event.shiftKey ? selection?.anchor : undefined;
    let kind: Drag['kind'] = 'cells';
    if (at.inHeader && at.inGutter) {
      select(selectAll({ rows, columns: layout.count, page: 1 }));
      return;
    } else if (at.inHeader) {
      kind = 'columns';
      select(selectColumns(anchor?.column ?? at.column, at.column, rows));
    } else if (at.inGutter) {
      kind = 'rows';
      select(selectRows(anchor?.row ?? at.row, at.row, layout.count));
    } else {
      const cell = { row: at.row, column: at.column };
      select(anchor ? { anchor, head: cell } : selectCell(cell));
    }
    drag.current = { kind, x, y, element: event.currentTarget };
    event.currentTarget.setPointerCapture(event.pointerId);
    frame.current = requestAnimationFrame(autoScroll);
  };

  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const at = drag.current;
    if (!at) return;
    const bounds = at.element.getBoundingClientRect();
    at.x = event.clientX - bounds.left;
    at.y = event.clientY - bounds.top;
    extend();
  };

  const onPointerUp = () => {
    drag.current = null;
    cancelAnimationFrame(frame.current);
  };

  return {
    /** For clicks that are not the pointer's, such as a tap: the cell at these coordinates. */
    hit,
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp },
  };
}

function beyond(at: number, low: number, high: number): number {
  const distance = at < low ? at - low : at > high ? at - high : 0;
  return Math.max(-FASTEST, Math.min(FASTEST, distance));
}
