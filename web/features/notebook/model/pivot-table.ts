import { cellFormatter } from '#web/lib/format/cell.ts';
import { parseSqlType } from '#web/lib/format/duckdb-type.ts';
import type { CellValue, ResultTable } from '#web/lib/result-table.ts';
import { valueText } from './value-text.ts';

export interface PivotGroup {
  readonly key: string;
  /** Of its values, one for each column of that side; none for the total. */
  readonly labels: readonly string[];
}

export interface PivotValue {
  /** With as many decimals as the others of the table. */
  readonly text: string;
  /** With every digit, as files have it. */
  readonly exact: string;
  /** What it is sorted by; null for what is no number. */
  readonly number: number | null;
}

export interface PivotTable {
  /** In their order, the total last. */
  readonly rows: readonly PivotGroup[];
  readonly columns: readonly PivotGroup[];
  /** By key of the row and key of the column; undefined where no row has both. */
  value(row: string, column: string): PivotValue | undefined;
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
  const values = new Map<string, PivotValue>();
  const at = rows + columns;
  const measured = table.columns[at] ?? NOTHING;
  const textOf = measureText(table, at);
  const formatter = cellFormatter(measured);
  const labels = (row: number, from: number, count: number) =>
    Array.from({ length: count }, (_, index) =>
      valueText(table.value(row, from + index), table.columns[from + index] ?? NOTHING),
    );
  const isTotal = (value: CellValue) => value !== null && Number(value) !== 0;
  /** Of the columns that totals of rows are over: a column that a row lacks comes late in the answer, but has its place here. */
  const places = new Map<string, number>();
  for (let row = 0; row < table.rowCount; row += 1) {
    const side = (name: 'rows' | 'columns', from: number, count: number, total: boolean): string => {
      const texts = total || count === 0 ? [] : labels(row, from, count);
      const key = texts.length === 0 ? TOTAL : `=${JSON.stringify(texts)}`;
      if (!sides[name].has(key)) sides[name].set(key, texts);
      return key;
    };
    const rowKey = side('rows', 0, rows, isTotal(table.value(row, at + 1)));
    const columnKey = side('columns', rows, columns, isTotal(table.value(row, at + 2)));
    if (rowKey === TOTAL) places.set(columnKey, places.size);
    const value = table.value(row, at);
    values.set(`${rowKey}\n${columnKey}`, {
      text: textOf(value),
      exact: formatter.plain(value),
      number: numberOf(value),
    });
  }
  const ordered = (side: ReadonlyMap<string, readonly string[]>, place: (key: string) => number = () => 0) =>
    [...side]
      .map(([key, texts]) => ({ key, labels: texts }))
      .sort((a, b) => Number(a.key === TOTAL) - Number(b.key === TOTAL) || place(a.key) - place(b.key));
  return {
    rows: ordered(sides.rows),
    columns: ordered(sides.columns, (key) => places.get(key) ?? places.size),
    value: (row, column) => values.get(`${row}\n${column}`),
  };
}

/** Some of a side's groups, and its total. */
export interface PivotPage {
  readonly shown: readonly PivotGroup[];
  /** Of the groups without the total: from the first shown to before the last, of all, so many at a time. */
  readonly from: number;
  readonly until: number;
  readonly of: number;
  readonly size: number;
  /** Whether there are others. */
  readonly pages: boolean;
}

/** The total is on every page. @param from where the page begins; where there is none, it is the first */
export function pageOf(groups: readonly PivotGroup[], from: number, size: number): PivotPage {
  const parts = groups.filter(({ key }) => key !== TOTAL);
  const begin = from < parts.length ? from : 0;
  const page = parts.slice(begin, begin + size);
  return {
    shown: [...page, ...groups.filter(({ key }) => key === TOTAL)],
    from: begin,
    until: begin + page.length,
    of: parts.length,
    size,
    pages: parts.length > size,
  };
}

/** How rows are ordered: by their values in a column, which is known by its labels. */
export interface PivotSort {
  readonly column: readonly string[];
  readonly direction: 'asc' | 'desc';
}

/** The rows by their values in a column, those without one behind, the total last; as they are where it is gone. */
export function sortedRows(pivot: PivotTable, sort: PivotSort | undefined): readonly PivotGroup[] {
  const column = pivot.columns.find(({ labels }) => same(labels, sort?.column));
  if (sort === undefined || column === undefined) return pivot.rows;
  const sign = sort.direction === 'asc' ? 1 : -1;
  const place = ({ key }: PivotGroup) => {
    const found = pivot.value(key, column.key);
    return { number: found?.number ?? null, text: found?.exact ?? null };
  };
  return pivot.rows.toSorted((a, b) => {
    const total = Number(a.key === TOTAL) - Number(b.key === TOTAL);
    if (total !== 0) return total;
    const [one, other] = [place(a), place(b)];
    if (one.number !== null && other.number !== null) return sign * (one.number - other.number);
    if (one.number !== null || other.number !== null) return one.number === null ? 1 : -1;
    return sign * (one.text ?? '').localeCompare(other.text ?? '');
  });
}

export function same(a: readonly string[], b: readonly string[] | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((label, at) => label === b[at]);
}

function numberOf(value: CellValue): number | null {
  if (value === null || typeof value === 'object' || typeof value === 'boolean') return null;
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  return Number.isNaN(number) ? null : number;
}

/** Fractions of one measure with the same number of decimals: five digits or so of the largest. */
function measureText(table: ResultTable, at: number): (value: CellValue) => string {
  const measured = table.columns[at] ?? NOTHING;
  if (parseSqlType(measured.type).kind !== 'float') return (value) => valueText(value, measured);
  let largest = 0;
  for (let row = 0; row < table.rowCount; row += 1) {
    const size = Math.abs(Number(table.value(row, at) ?? 0));
    if (Number.isFinite(size)) largest = Math.max(largest, size);
  }
  const whole = largest === 0 ? 1 : Math.floor(Math.log10(largest)) + 1;
  const decimals = Math.min(12, Math.max(whole > 4 ? 1 : 2, 5 - whole));
  const format = new Intl.NumberFormat('en', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return (value) =>
    typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1e15
      ? format.format(value)
      : valueText(value, measured);
}
