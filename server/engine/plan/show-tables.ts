import { quoteLiteral } from '#shared/sql/quoting.ts';

export interface ListedTable {
  readonly namespace: readonly string[];
  readonly name: string;
}

/** A query that answers SHOW TABLES: `namespace` and `name`, in their order. */
export function showTablesSql(tables: readonly ListedTable[], namespace: string | null): string {
  const rows = tables
    .map((table) => ({ namespace: table.namespace.join('.'), name: table.name }))
    .filter((row) => namespace === null || row.namespace.toLowerCase() === namespace.toLowerCase())
    .map((row) => `(${quoteLiteral(row.namespace)}, ${quoteLiteral(row.name)})`);
  if (rows.length === 0) return `SELECT NULL::VARCHAR AS "namespace", NULL::VARCHAR AS "name" WHERE false`;
  return `SELECT * FROM (VALUES ${rows.join(', ')}) AS t("namespace", "name") ORDER BY ALL`;
}
