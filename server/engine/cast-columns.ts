import type { ResultColumn } from '#shared/contract/plan.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';

/** The query with its columns as other types, by place; the query itself where they have these types already. */
export function castColumns(sql: string, columns: readonly ResultColumn[], types: readonly string[]): string {
  if (types.every((type, at) => type === columns[at]?.type)) return sql;
  const names = columns.map((_, at) => quoteIdentifier(`c${at}`));
  const items = types.map((type, at) => {
    const name = names[at] ?? '';
    return type === columns[at]?.type ? name : `CAST(${name} AS ${type}) AS ${name}`;
  });
  return `SELECT ${items.join(', ')} FROM (${sql}\n) AS q(${names.join(', ')})`;
}
