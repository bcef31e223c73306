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
  const qualifying = tablesByQualifier(tables);
  const matches = references.flatMap((reference) => {
    if (taken.has(fold(reference.parts.slice(0, 1)))) return [];
    const found = findTable(qualifying, reference.parts);
    return found === null ? [] : [{ ...found, reference }];
  });
  const qualified = new Set(matches.map(({ index }) => fold(tables[index]?.name ?? [])));
  const names = namesByAlias(tables);
  const aliases = tables.map((table) =>
    qualified.has(fold(table.name)) && hasNamesake(names, table) ? table.name.join('.') : table.alias,
  );
  const qualifiers = matches.flatMap(({ index, parts, reference }): QualifiedColumn[] => {
    const span = locator.qualifierSpan(reference.position, parts);
    const alias = aliases[index] ?? '';
    if (span === null) return [];
    const becomes = [alias, ...reference.parts.slice(parts)];
    return [{ node: reference.node, names: becomes, splice: { ...span, text: quoteIdentifier(alias) } }];
  });
  return { aliases, qualifiers };
}

/** By what columns may be qualified by, two parts and more: the index of the first table that is called so. */
function tablesByQualifier(tables: readonly TableReference[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [index, { name, aliasWritten }] of tables.entries()) {
    if (aliasWritten) continue;
    for (let count = name.length; count >= 2; count -= 1) {
      const qualifier = fold(name.slice(-count));
      if (!found.has(qualifier)) found.set(qualifier, index);
    }
  }
  return found;
}

/** The first table that the first parts of a column's name name, by the most of them. */
function findTable(
  tables: ReadonlyMap<string, number>,
  parts: readonly string[],
): { index: number; parts: number } | null {
  let best: { index: number; parts: number } | null = null;
  for (let count = parts.length - 1; count >= 2; count -= 1) {
    const index = tables.get(fold(parts.slice(0, count)));
    if (index !== undefined && (best === null || index < best.index)) best = { index, parts: count };
  }
  return best;
}

/** By what tables are called without an alias: their names. */
function namesByAlias(tables: readonly TableReference[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const table of tables) {
    if (table.aliasWritten) continue;
    const alias = fold([table.alias]);
    const known = names.get(alias) ?? new Set();
    names.set(alias, known.add(fold(table.name)));
  }
  return names;
}

/** Whether another one is called as it. */
function hasNamesake(names: ReadonlyMap<string, ReadonlySet<string>>, table: TableReference): boolean {
  const alike = names.get(fold([table.alias]));
  return alike !== undefined && alike.size > (alike.has(fold(table.name)) ? 1 : 0);
}

function fold(parts: readonly string[]): string {
  return JSON.stringify(parts).toLowerCase();
}
