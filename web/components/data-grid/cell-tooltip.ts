import type { CellFormatter } from '#web/lib/format/cell.ts';
import { isHere, type ResultTable } from '#web/lib/result-table.ts';

const HOVER_LIMIT = 2000;

/**
 * Gives the cell that is pointed at its tooltip: the whole value where it is cut off, UTC for an instant. It is made
 * when it is about to be needed, not for each cell of each frame.
 */
export function giveTooltip(target: Element, table: ResultTable, formatters: readonly CellFormatter[]): void {
  const cell = target.closest<HTMLElement>('[role=gridcell]');
  const row = Number(cell?.parentElement?.getAttribute('aria-rowindex')) - 2;
  const column = Number(cell?.getAttribute('aria-colindex')) - 2;
  const formatter = formatters[column];
  if (!cell || !formatter || row < 0 || row >= table.rowCount || !isHere(table, row)) return;
  const value = table.value(row, column);
  const cut = cell.scrollWidth > cell.clientWidth;
  const full = cut && value !== null ? formatter.full(value).slice(0, HOVER_LIMIT) : undefined;
  const hint = value === null ? undefined : formatter.hint(value);
  cell.title = [full, hint].filter((line) => line !== undefined).join('\n');
}
