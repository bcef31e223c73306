import { cellFormatter } from '#web/lib/format/cell.ts';
import type { ResultColumn } from '#shared/contract/plan.ts';
import type { CellValue, ResultTable } from '#web/lib/result-table.ts';

/** A value as people read it in a text or as a figure. NULL is a dash. */
export function valueText(value: CellValue, column: ResultColumn): string {
  return value === null ? '–' : cellFormatter(column).text(value);
}

/** The value of a column in the first row; of the first column where none is named. Null where there is none. */
export function firstValue(table: ResultTable, column: string | null): string | null {
  const index = column === null ? 0 : table.columns.findIndex(({ name }) => same(name, column));
  const found = table.columns[index];
  if (found === undefined || table.rowCount === 0) return null;
  return valueText(table.value(0, index), found);
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
