import type { DuckDbType } from '#shared/iceberg/duckdb-type-text.ts';
import { trinoType } from './bound-type.ts';
import type { Operand } from './expression.ts';

/**
 * Rows of a query that is put together: values over what FROM names, with an order and a limit that the last query over
 * them can still have. Trino keeps no order of what stands in a FROM.
 */
export interface Relation {
  /** What stands after FROM: a query in parentheses, or a join. Null: no table, one row. */
  readonly from: string | null;
  /** Over `from`. */
  readonly columns: readonly Operand[];
  readonly where: readonly string[];
  /** Over `from`; with ASC or DESC and where NULLs go. */
  readonly order: readonly OrderKey[];
  readonly offset: bigint;
  readonly limit: bigint | null;
}

export interface OrderKey {
  readonly sql: string;
  readonly direction: string;
}

/** Gives names that no other part of the query has. */
export class Names {
  #last = 0;

  next(): string {
    this.#last += 1;
    return `x${this.#last}`;
  }
}

export function relation(from: string | null, columns: readonly Operand[]): Relation {
  return { from, columns, where: [], order: [], offset: 0n, limit: null };
}

/** Values under names of their own: as SELECT has them, and as what reads that names them. */
export function aliased(
  values: readonly Operand[],
  names: Names,
): { readonly columns: readonly Operand[]; readonly items: readonly string[] } {
  const columns = values.map(({ type }): Operand => ({ sql: names.next(), type }));
  return { columns, items: values.map(({ sql }, at) => `${sql} AS ${columns[at]?.sql}`) };
}

/** The whole of it, its values under the given names. */
export function selectSql(rows: Relation, items: readonly string[], distinct = false): string {
  const clauses = [
    `SELECT ${distinct ? 'DISTINCT ' : ''}${items.join(', ')}`,
    ...(rows.from === null ? [] : [`FROM ${rows.from}`]),
    ...(rows.where.length === 0 ? [] : [`WHERE ${rows.where.join(' AND ')}`]),
    ...(rows.order.length === 0
      ? []
      : [`ORDER BY ${rows.order.map(({ sql, direction }) => `${sql} ${direction}`).join(', ')}`]),
    ...(rows.offset === 0n ? [] : [`OFFSET ${rows.offset}`]),
    ...(rows.limit === null ? [] : [`LIMIT ${rows.limit}`]),
  ];
  return clauses.join(' ');
}

/** The same rows as values that are names alone, with nothing that another clause would come before or after. */
export function named(rows: Relation, names: Names): Relation {
  const isPlain = rows.where.length === 0 && rows.limit === null && rows.offset === 0n;
  if (isPlain && rows.from !== null && rows.columns.every(({ sql }) => isName(sql))) return rows;
  const { columns, items: values } = aliased(rows.columns, names);
  const keys = rows.order.map(({ direction }) => ({ sql: names.next(), direction }));
  const items = [...values, ...rows.order.map(({ sql }, at) => `${sql} AS ${keys[at]?.sql}`)];
  const isCut = rows.limit !== null || rows.offset > 0n;
  const inner = selectSql(isCut ? rows : { ...rows, order: [] }, items.length === 0 ? ['1 AS one'] : items);
  return { ...relation(`(${inner})`, columns), order: keys };
}

export function isName(sql: string): boolean {
  return /^x\d+$/.test(sql);
}

/** No rows of these types. */
export function emptyRelation(types: readonly DuckDbType[], names: Names): Relation {
  const nulls = types.map((type): Operand => ({ sql: `CAST(NULL AS ${trinoType(type)})`, type }));
  const { columns, items } = aliased(nulls, names);
  return relation(`(SELECT ${items.join(', ')} WHERE FALSE)`, columns);
}
