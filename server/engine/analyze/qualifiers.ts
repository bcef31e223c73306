import { quoteIdentifier } from '#shared/sql/quoting.ts';
import type { AstNode } from './ast.ts';
import type { Splice } from './splices.ts';
import type { TableLocator, TableReference } from './table-reference.ts';

/** A column reference with its schema, and what it becomes. */
export interface QualifiedColumn {
  readonly node: AstNode;
  readonly names: readonly string[];
  readonly splice: Splice;
}

export interface ColumnReference {
  readonly node: AstNode;
  readonly parts: readonly string[];
  /** UTF-16 offset in the SQL. */
  readonly position: number;
}

/**
 * A table without an alias may be called by its schema in column references (`bronze.flights.x`). Its
 * substitute has no schema, so these references lose theirs. Where two tables of one name but different
 * schemas are told apart in that way, such a table is called by its whole dotted name instead.
 */
export function unqualifyColumns(
  tables: readonly TableReference[],
  references: readonly ColumnReference[],
  locator: TableLocator,
): { aliases: readonly string[]; qualifiers: readonly QualifiedColumn[] } {
  const taken = new Set(tables.map((table) => fold([table.alias])));
  const matches = references.flatMap((reference) => {
    if (taken.has(fold(reference.parts.slice(0, 1)))) return [];
    const found = findTable(tables, reference.parts);
    return found === null ? [] : [{ ...found, reference }];
  });
  const qualified = new Set(matches.map((match) => fold(match.table.name)));
  const aliases = tables.map((table) =>
    qualified.has(fold(table.name)) && hasNamesake(tables, table) ? table.name.join('.') : table.alias,
  );
  const qualifiers = matches.flatMap(({ table, parts, reference }): QualifiedColumn[] => {
    const span = locator.qualifierSpan(reference.position, parts);
    const alias = aliases[tables.indexOf(table)] ?? table.alias;
    if (span === null) return [];
    const names = [alias, ...reference.parts.slice(parts)];
    return [{ node: reference.node, names, splice: { ...span, text: quoteIdentifier(alias) } }];
  });
  return { aliases, qualifiers };
}

function findTable(
  tables: readonly TableReference[],
  parts: readonly string[],
): { table: TableReference; parts: number } | null {
  for (const table of tables) {
    if (table.aliasWritten) continue;
    for (let count = table.name.length; count >= 2; count -= 1)
      if (parts.length > count && fold(parts.slice(0, count)) === fold(table.name.slice(-count)))
        return { table, parts: count };
  }
  return null;
}

function hasNamesake(tables: readonly TableReference[], table: TableReference): boolean {
  return tables.some(
    (other) =>
      !other.aliasWritten &&
      fold([other.alias]) === fold([table.alias]) &&
      fold(other.name) !== fold(table.name),
  );
}

function fold(parts: readonly string[]): string {
  return JSON.stringify(parts).toLowerCase();
}
