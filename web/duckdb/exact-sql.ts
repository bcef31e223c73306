import type { Plan } from '#shared/contract/plan.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';

/**
 * Types whose Arrow form says less than the value: it drops the offset, is DuckDB's own bytes, or (ENUM) refers to a
 * dictionary that the engine's stream leaves out.
 */
const INEXACT = /TIME WITH TIME ZONE|TIMETZ|BIGNUM|VARINT|ENUM\(|UNION\(|VARIANT|GEOMETRY/;
const EXACT_TIMESTAMP = /TIMESTAMP WITH TIME ZONE/g;

/** The plan's SQL, its columns turned into text where Arrow can't carry them. */
export function exactSql({ sql, columns }: Pick<Plan, 'sql' | 'columns'>): string {
  const inexact = columns.map(({ type }) => INEXACT.test(type.toUpperCase().replace(EXACT_TIMESTAMP, '')));
  if (!inexact.includes(true)) return sql;
  const list = columns.map(({ name }, at) => {
    const value = inexact[at] ? `CAST(column${at} AS VARCHAR)` : `column${at}`;
    return `${value} AS ${quoteIdentifier(name)}`;
  });
  const names = columns.map((_, at) => `column${at}`);
  return `SELECT ${list.join(', ')} FROM (${sql.replace(/;\s*$/, '')}\n) AS result(${names.join(', ')})`;
}
