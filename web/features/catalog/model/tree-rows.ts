import type { ColumnInfo, TableSummary } from '#shared/contract/tables.ts';
import { compareNames, matchesTable } from './table-order.ts';

/** A line of the tree as it is drawn. `key` is stable; `position` and `size` are among its siblings, from 1. */
export type TreeRow = {
  readonly key: string;
  readonly level: 1 | 2 | 3;
  readonly expanded: boolean | undefined;
  readonly position: number;
  readonly size: number;
} & (
  | { readonly kind: 'namespace'; readonly name: string }
  | { readonly kind: 'table'; readonly table: TableSummary }
  | { readonly kind: 'column'; readonly table: TableSummary; readonly column: ColumnInfo }
);

/**
 * Namespaces, their tables and their columns, as far as they are open. Namespaces are open unless closed, tables
 * closed unless opened. While there is a filter, what it found is open: a table that a column's name was found in
 * shows those columns.
 *
 * @param toggled keys of rows that a person has closed or opened
 */
export function treeRows(
  namespaces: readonly (readonly string[])[],
  tables: readonly TableSummary[],
  filter: string,
  toggled: ReadonlySet<string>,
): TreeRow[] {
  const wanted = filter.trim().toLowerCase();
  const groups = new Map<string, TableSummary[]>();
  if (wanted === '') for (const namespace of namespaces) groups.set(namespace.join('.'), []);
  for (const table of tables) {
    if (!matchesTable(table, filter)) continue;
    const name = table.namespace.join('.');
    groups.set(name, [...(groups.get(name) ?? []), table]);
  }
  const rows: TreeRow[] = [];
  const names = [...groups.keys()].sort(compareNames);
  for (const [at, name] of names.entries()) {
    const key = `n:${name}`;
    const open = wanted !== '' || !toggled.has(key);
    rows.push({
      kind: 'namespace',
      key,
      name,
      level: 1,
      expanded: open,
      position: at + 1,
      size: names.length,
    });
    if (open) addTables(rows, groups.get(name) ?? [], wanted, toggled);
  }
  return rows;
}

function addTables(
  rows: TreeRow[],
  tables: readonly TableSummary[],
  wanted: string,
  toggled: ReadonlySet<string>,
): void {
  const sorted = tables.toSorted((a, b) => compareNames(a.name, b.name));
  for (const [at, table] of sorted.entries()) {
    const key = `t:${table.id}`;
    const found =
      wanted === '' ? [] : table.columns.filter((column) => column.name.toLowerCase().includes(wanted));
    const byColumn = found.length > 0 && !table.id.toLowerCase().includes(wanted);
    const open = byColumn !== toggled.has(key);
    rows.push({ kind: 'table', key, table, level: 2, expanded: open, position: at + 1, size: sorted.length });
    if (!open) continue;
    const columns = byColumn ? found : table.columns;
    for (const [place, column] of columns.entries()) {
      rows.push({
        kind: 'column',
        key: `c:${table.id}:${column.id}`,
        table,
        column,
        level: 3,
        expanded: undefined,
        position: place + 1,
        size: columns.length,
      });
    }
  }
}

/** Where a key leads in the tree; null where it leads nowhere. */
export function treeMove(rows: readonly TreeRow[], at: number, key: string): number | null {
  const row = rows[at];
  if (!row) return rows.length > 0 ? 0 : null;
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, rows.length - 1);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return rows.length - 1;
    case 'ArrowRight':
      return row.expanded === true && (rows[at + 1]?.level ?? 0) > row.level ? at + 1 : null;
    case 'ArrowLeft': {
      const parent = rows.slice(0, at).findLastIndex((each) => each.level < row.level);
      return parent < 0 ? null : parent;
    }
    default:
      return null;
  }
}

/** The next row, from after `at` and around, whose name starts with the letter. */
export function treeTypeAhead(rows: readonly TreeRow[], at: number, letter: string): number | null {
  const wanted = letter.toLowerCase();
  for (let step = 1; step <= rows.length; step++) {
    const index = (at + step) % rows.length;
    const row = rows[index];
    if (row && rowName(row).toLowerCase().startsWith(wanted)) return index;
  }
  return null;
}

export function rowName(row: TreeRow): string {
  return row.kind === 'namespace' ? row.name : row.kind === 'table' ? row.table.name : row.column.name;
}
