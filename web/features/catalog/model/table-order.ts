import type { TableSummary } from '#shared/contract/tables.ts';
import { withWords } from '#web/lib/words.ts';

export type TableOrder = 'name' | 'rows' | 'bytes' | 'files' | 'columns' | 'updated';

export interface Sorting {
  readonly by: TableOrder;
  readonly descending: boolean;
}

const COMPARE: Readonly<Record<TableOrder, (a: TableSummary, b: TableSummary) => number>> = {
  name: (a, b) => compareNames(a.id, b.id),
  rows: (a, b) => compare(BigInt(a.rows), BigInt(b.rows)),
  bytes: (a, b) => compare(BigInt(a.bytes), BigInt(b.bytes)),
  files: (a, b) => a.files - b.files,
  columns: (a, b) => a.columns.length - b.columns.length,
  updated: (a, b) => compare(a.updatedAt, b.updatedAt),
};

/** Tables whose name, comment or a column has each word of the text, in order; ties by name. */
export function findTables(
  tables: readonly TableSummary[],
  text: string,
  { by, descending }: Sorting,
): TableSummary[] {
  const sign = descending ? -1 : 1;
  return tables
    .filter((table) => matchesTable(table, text))
    .sort((a, b) => sign * COMPARE[by](a, b) || COMPARE.name(a, b));
}

export function matchesTable(table: Pick<TableSummary, 'id' | 'comment' | 'columns'>, text: string): boolean {
  if (text.trim() === '') return true;
  const searched = [table.id, table.comment ?? '', ...table.columns.map((column) => column.name)];
  return withWords(text)(searched.join('\n'));
}

/** Names are first read from the top; of amounts and times, the largest and latest come first. */
export function nextSorting(current: Sorting, by: TableOrder): Sorting {
  return current.by === by ? { by, descending: !current.descending } : { by, descending: by !== 'name' };
}

/** As people count: table_9 before table_10. */
export const compareNames = new Intl.Collator('en', { numeric: true }).compare;

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
