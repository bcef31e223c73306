import type { ColumnInfo, TableSummary, ViewSummary } from '#shared/contract/tables.ts';
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
  | { readonly kind: 'view'; readonly view: ViewSummary }
  | { readonly kind: 'column'; readonly column: ColumnInfo }
);

type Relation = TableSummary | ViewSummary;

/**
 * Namespaces, their tables and views, and their columns, as far as they are open. Namespaces are open unless closed,
 * tables closed unless opened. While there is a filter, what it found is open: a table that a column's name was found in
 * shows those columns.
 *
 * @param toggled keys of rows that a person has closed or opened
 */
export function treeRows(
  namespaces: readonly (readonly string[])[],
  tables: readonly TableSummary[],
  filter: string,
  toggled: ReadonlySet<string>,
  views: readonly ViewSummary[] = [],
): TreeRow[] {
  const wanted = filter.trim().toLowerCase();
  const groups = new Map<string, Relation[]>();
  if (wanted === '') for (const namespace of namespaces) groups.set(namespace.join('.'), []);
  for (const relation of [...tables, ...views]) {
    if (!matchesTable(relation, filter)) continue;
    const name = relation.namespace.join('.');
    groups.set(name, [...(groups.get(name) ?? []), relation]);
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
  relations: readonly Relation[],
  wanted: string,
  toggled: ReadonlySet<string>,
): void {
  const sorted = relations.toSorted((a, b) => compareNames(a.name, b.name));
  for (const [at, relation] of sorted.entries()) {
    const key = `t:${relation.id}`;
    const found =
      wanted === '' ? [] : relation.columns.filter((column) => column.name.toLowerCase().includes(wanted));
    const byColumn = found.length > 0 && !relation.id.toLowerCase().includes(wanted);
    const open = byColumn !== toggled.has(key);
    const what = isView(relation)
      ? { kind: 'view' as const, view: relation }
      : { kind: 'table' as const, table: relation };
    rows.push({ ...what, key, level: 2, expanded: open, position: at + 1, size: sorted.length });
    if (!open) continue;
    const columns = byColumn ? found : relation.columns;
    for (const [place, column] of columns.entries()) {
      rows.push({
        kind: 'column',
        key: `c:${relation.id}:${column.id}`,
        column,
        level: 3,
        expanded: undefined,
        position: place + 1,
        size: columns.length,
      });
    }
  }
}

function isView(relation: Relation): relation is ViewSummary {
  return 'sql' in relation;
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
  switch (row.kind) {
    case 'namespace':
      return row.name;
    case 'table':
      return row.table.name;
    case 'view':
      return row.view.name;
    case 'column':
      return row.column.name;
  }
}
