import type { CellValue, ResultTable } from '#web/lib/result-table.ts';
import { valueText } from './value-text.ts';

export interface PivotTable {
  /** Labels of each row's groups, the total last as an empty list. */
  readonly rows: readonly { readonly key: string; readonly labels: readonly string[] }[];
  readonly columns: readonly { readonly key: string; readonly labels: readonly string[] }[];
  /** By key of the row and key of the column. */
  value(row: string, column: string): string;
}

const TOTAL = 'total';
const NOTHING = { name: '', type: 'VARCHAR' };

/**
 * The answer of a pivot's query as a table of two sides: in order as they came, totals last.
 *
 * @param rows how many of the answer's first columns are rows, and `columns` of those after them
 */
export function pivotTable(table: ResultTable, rows: number, columns: number): PivotTable {
  const sides = { rows: new Map<string, readonly string[]>(), columns: new Map<string, readonly string[]>() };
  const values = new Map<string, string>();
  const at = rows + columns;
  const measured = table.columns[at] ?? NOTHING;
  const labels = (row: number, from: number, count: number) =>
    Array.from({ length: count }, (_, index) =>
      valueText(table.value(row, from + index), table.columns[from + index] ?? NOTHING),
    );
  const isTotal = (value: CellValue) => value !== null && Number(value) !== 0;
  for (let row = 0; row < table.rowCount; row += 1) {
    const side = (name: 'rows' | 'columns', from: number, count: number, total: boolean): string => {
      const texts = total || count === 0 ? [] : labels(row, from, count);
      const key = texts.length === 0 ? TOTAL : `=${JSON.stringify(texts)}`;
      if (!sides[name].has(key)) sides[name].set(key, texts);
      return key;
    };
    const rowKey = side('rows', 0, rows, isTotal(table.value(row, at + 1)));
    const columnKey = side('columns', rows, columns, isTotal(table.value(row, at + 2)));
    values.set(`${rowKey}\n${columnKey}`, valueText(table.value(row, at), measured));
  }
  const ordered = (side: ReadonlyMap<string, readonly string[]>) =>
    [...side]
      .map(([key, texts]) => ({ key, labels: texts }))
      .sort((a, b) => Number(a.key === TOTAL) - Number(b.key === TOTAL));
  return {
    rows: ordered(sides.rows),
    columns: ordered(sides.columns),
    value: (row, column) => values.get(`${row}\n${column}`) ?? '',
  };
}
