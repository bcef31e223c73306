import type { CellFormatter } from '#web/lib/format/cell.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import type { Range } from './selection.ts';

/** More than this would freeze the page and choke what it is pasted into. */
export const MAX_COPIED_CELLS = 1_000_000;

export interface CopiedText {
  readonly text: string;
  readonly rows: number;
  readonly columns: number;
  /** True where the range had more rows than were copied. */
  readonly cut: boolean;
}

/**
 * The range as tab-separated text with column names first, as spreadsheets take it. A single cell is its bare value,
 * because it is pasted into a query or a search box. Values with tabs, line ends or quotes are quoted; NULL is empty.
 */
export function copyRange(
  table: ResultTable,
  formatters: readonly CellFormatter[],
  range: Range,
): CopiedText {
  const columns = range.right - range.left + 1;
  const name = (column: number) => table.columns[column]?.name ?? '';
  if (columns === 1 && range.top === range.bottom) {
    const value = range.top < 0 ? null : table.value(range.top, range.left);
    const text = range.top < 0 ? name(range.left) : (formatters[range.left]?.plain(value) ?? '');
    return { text, rows: 1, columns, cut: false };
  }
  const first = Math.max(range.top, 0);
  const wanted = range.bottom - first + 1;
  const rows = Math.min(wanted, Math.max(1, Math.floor(MAX_COPIED_CELLS / columns)));
  const lines: string[] = [];
  const line: string[] = [];
  for (let column = range.left; column <= range.right; column++) line.push(escape(name(column)));
  lines.push(line.join('\t'));
  for (let row = first; row < first + rows; row++) {
    line.length = 0;
    for (let column = range.left; column <= range.right; column++) {
      line.push(escape(formatters[column]?.plain(table.value(row, column)) ?? ''));
    }
    lines.push(line.join('\t'));
  }
  return { text: lines.join('\n'), rows, columns, cut: rows < wanted };
}

function escape(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
