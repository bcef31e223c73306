import type { ResultColumn } from '#shared/contract/plan.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { castColumns } from '../cast-columns.ts';

/** Of a type as DuckDB writes it: names, values of an ENUM, and what is between them. */
const TOKENS = /"(?:[^"]|"")*"|'(?:[^']|'')*'|[(),]/g;

/**
 * The query with names for the fields of structs that have none, such as row(1, 2): their places, from 1 on, as in Arrow. Objects
 * of JSON are by name, and the interface would give the last field alone. The query itself where there are none.
 */
export function withNamedFields(sql: string, columns: readonly ResultColumn[]): string {
  return castColumns(
    sql,
    columns,
    columns.map(({ type }) => namedType(type)),
  );
}

function namedType(type: string): string {
  if (!type.includes('"" ')) return type;
  const places: number[] = [];
  return type.replaceAll(TOKENS, (token) => {
    const place = places.at(-1) ?? 0;
    if (token === '(') places.push(1);
    else if (token === ')') places.pop();
    else if (token === ',') places.splice(-1, 1, place + 1);
    return token === '""' ? quoteIdentifier(String(place)) : token;
  });
}
