/** Row -1 is the header. */
export interface CellAddress {
  readonly row: number;
  readonly column: number;
}

/** The rectangle between `anchor` and `head`; `head` is the current cell, which keys move. */
export interface Selection {
  readonly anchor: CellAddress;
  readonly head: CellAddress;
}

export interface Range {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  /** Rows in view, for PageUp and PageDown. */
  readonly page: number;
}

export interface KeyPress {
  readonly key: string;
  readonly ctrl: boolean;
  readonly shift: boolean;
}

export function selectCell(cell: CellAddress): Selection {
  return { anchor: cell, head: cell };
}

export function rangeOf({ anchor, head }: Selection): Range {
  return {
    top: Math.min(anchor.row, head.row),
    bottom: Math.max(anchor.row, head.row),
    left: Math.min(anchor.column, head.column),
    right: Math.max(anchor.column, head.column),
  };
}

export function isSingle({ anchor, head }: Selection): boolean {
  return anchor.row === head.row && anchor.column === head.column;
}

/** Whether all of `part` is in the selection. */
export function isWithin(selection: Selection, part: Selection): boolean {
  const [whole, inner] = [rangeOf(selection), rangeOf(part)];
  return (
    inner.top >= whole.top &&
    inner.bottom <= whole.bottom &&
    inner.left >= whole.left &&
    inner.right <= whole.right
  );
}

/** Whole rows from the anchor's to `row`; the current cell is in the first column, where the row was taken. */
export function selectRows(from: number, row: number, columns: number): Selection {
  return { anchor: { row: from, column: columns - 1 }, head: { row, column: 0 } };
}

/** Whole columns; the current cell is `row`, which is in view. */
export function selectColumns(from: number, column: number, rows: number): Selection {
  return { anchor: { row: rows - 1, column: from }, head: { row: 0, column } };
}

export function selectAll(size: GridSize): Selection {
  return { anchor: { row: size.rows - 1, column: size.columns - 1 }, head: { row: 0, column: 0 } };
}

/** Where a key leads, or null where it is none of the grid's. Keeps within the grid. */
export function moveByKey(selection: Selection, press: KeyPress, size: GridSize): Selection | null {
  const { head } = selection;
  const lastRow = size.rows - 1;
  const lastColumn = size.columns - 1;
  if (lastColumn < 0) return null;

  if (press.key.toLowerCase() === 'a' && press.ctrl && !press.shift)
    return lastRow < 0 ? null : selectAll(size);
  if (press.key === ' ' && (press.ctrl || head.row < 0))
    return selectColumns(head.column, head.column, size.rows);
  if (press.key === ' ' && press.shift) return selectRows(head.row, head.row, size.columns);

  const target = step(head, press, lastRow, lastColumn, size.page);
  if (!target) return null;
  // The header is reached by the arrow alone: a jump or a range ends at the first row.
  const least = press.key === 'ArrowUp' && !press.ctrl && !press.shift ? -1 : Math.min(head.row, 0);
  const cell = {
    row: Math.min(Math.max(target.row, head.row < 0 && target.row < 0 ? -1 : least), lastRow),
    column: Math.min(Math.max(target.column, 0), lastColumn),
  };
  return press.shift && head.row >= 0 ? { anchor: selection.anchor, head: cell } : selectCell(cell);
}

function step(
  { row, column }: CellAddress,
  { key, ctrl }: KeyPress,
  lastRow: number,
  lastColumn: number,
  page: number,
): CellAddress | null {
  switch (key) {
    case 'ArrowUp':
      return { row: ctrl ? 0 : row - 1, column };
    case 'ArrowDown':
      return { row: ctrl ? lastRow : row + 1, column };
    case 'ArrowLeft':
      return { row, column: ctrl ? 0 : column - 1 };
    case 'ArrowRight':
      return { row, column: ctrl ? lastColumn : column + 1 };
    case 'PageUp':
      return { row: Math.max(0, row - page), column };
    case 'PageDown':
      return { row: Math.max(row, 0) + page, column };
    case 'Home':
      return { row: ctrl ? 0 : row, column: 0 };
    case 'End':
      return { row: ctrl ? lastRow : row, column: lastColumn };
    default:
      return null;
  }
}
