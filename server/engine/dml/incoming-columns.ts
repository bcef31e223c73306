import type { ResultColumn } from '#shared/contract/plan.ts';

/** The columns of a query as a table takes them. DuckDB writes the type of a bare NULL as a name in quotes. */
export function incomingColumns(
  columns: readonly ResultColumn[],
): readonly { readonly name: string; readonly sqlType: string }[] {
  return columns.map(({ name, type }) => ({ name, sqlType: type === '"NULL"' ? 'NULL' : type }));
}
