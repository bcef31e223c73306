import type { CellFormatter } from '#web/lib/format/cell.ts';
import { isHere, type ResultTable } from '#web/lib/result-table.ts';
import type { Range } from './selection.ts';

/** More than this would freeze the page and choke what it is pasted into. */
export const MAX_COPIED_CELLS = 1_000_000;

export interface CopiedText {
  readonly text: string;
  readonly rows: number;
  readonly columns: number;
  /** True where the range had more rows than were copied. */
  readonly cut: boolean;
  /** A sentence about what the text does not say; absent where it says all. */
  readonly note?: string;
}

/** What of a range is copied. */
export interface CopiedRows {
  readonly first: number;
  readonly rows: number;
  readonly columns: readonly number[];
  readonly cut: boolean;
  /** A sentence about rows that are on their way yet, and what is below these; absent where all are here. */
  readonly note?: string;
}

const NOT_HERE = 'The rows below have not come into the page. Export writes all of them.';

export function copiedRows(table: ResultTable, range: Range): CopiedRows {
  const columns = Array.from({ length: range.right - range.left + 1 }, (_, at) => range.left + at);
  const first = Math.max(range.top, 0);
  const wanted = range.bottom - first + 1;
  const most = Math.min(wanted, Math.max(1, Math.floor(MAX_COPIED_CELLS / columns.length)));
  let rows = 0;
  while (rows < most && isHere(table, first + rows)) rows += 1;
  return rows < most
    ? { first, rows, columns, cut: false, note: NOT_HERE }
    : { first, rows, columns, cut: rows < wanted };
}

export function isOneCell(range: Range): boolean {
  return range.top === range.bottom && range.left === range.right;
}

/**
 * The range as tab-separated text, as spreadsheets take it; column names come first, but over a single cell only where
 * they are asked for, because it is pasted into a query or a search box, bare. Values with tabs, line ends or quotes are
 * quoted; NULL is empty.
 */
export function copyRange(
  table: ResultTable,
  formatters: readonly CellFormatter[],
  range: Range,
  names = !isOneCell(range),
): CopiedText {
  const name = (column: number) => table.columns[column]?.name ?? '';
  if (isOneCell(range) && !names) {
    if (range.top >= 0 && !isHere(table, range.top))
      return { text: '', rows: 0, columns: 1, cut: false, note: NOT_HERE };
    const value = range.top < 0 ? null : table.value(range.top, range.left);
    const text = range.top < 0 ? name(range.left) : (formatters[range.left]?.plain(value) ?? '');
    return { text, rows: 1, columns: 1, cut: false };
  }
  const { first, rows, columns, cut, note } = copiedRows(table, range);
  const lines = names ? [columns.map((column) => tsvCell(name(column))).join('\t')] : [];
  const line: string[] = [];
  for (let row = first; row < first + rows; row++) {
    line.length = 0;
    for (const column of columns)
      line.push(tsvCell(formatters[column]?.plain(table.value(row, column)) ?? ''));
    lines.push(line.join('\t'));
  }
  return {
    text: lines.join('\n'),
    rows,
    columns: columns.length,
    cut,
    ...(note === undefined ? {} : { note }),
  };
}

/** A value among tabs, as spreadsheets take it: what has tabs, line ends or quotes in it is quoted. */
export function tsvCell(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
