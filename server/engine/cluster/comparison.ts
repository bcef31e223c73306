import type { DuckDbType } from '#shared/iceberg/duckdb-type-text.ts';
import { isFloat, isScalar } from './bound-type.ts';
import type { Operand } from './expression.ts';
import { refuse } from './refuse.ts';

const SIGNS = new Map([
  ['COMPARE_EQUAL', '='],
  ['COMPARE_NOTEQUAL', '<>'],
  ['COMPARE_LESSTHAN', '<'],
  ['COMPARE_LESSTHANOREQUALTO', '<='],
  ['COMPARE_GREATERTHAN', '>'],
  ['COMPARE_GREATERTHANOREQUALTO', '>='],
  ['COMPARE_DISTINCT_FROM', 'IS DISTINCT FROM'],
  ['COMPARE_NOT_DISTINCT_FROM', 'IS NOT DISTINCT FROM'],
]);

/** @throws UNSUPPORTED */
export function compareSql(kind: string, left: Operand, right: Operand): string {
  const sign = SIGNS.get(kind);
  if (sign === undefined) return refuse(`the comparison ${kind} is not on the cluster`);
  assertComparable(left.type);
  const plain = `(${left.sql} ${sign} ${right.sql})`;
  return isFloat(left.type) ? floats(sign, left, right) : plain;
}

/** @throws UNSUPPORTED */
export function inSql(value: Operand, list: readonly Operand[]): string {
  assertComparable(value.type);
  if (isFloat(value.type)) return `(${list.map((item) => floats('=', value, item)).join(' OR ')})`;
  return `(${value.sql} IN (${list.map(({ sql }) => sql).join(', ')}))`;
}

/** What is made of others has rules of its own for the NULLs in it. @throws UNSUPPORTED */
export function assertComparable(type: DuckDbType): void {
  if (!isScalar(type)) refuse('comparisons of nested values differ on the cluster');
}

/** To DuckDB, NaN equals itself and is greater than every other number; to Trino it compares with nothing. */
function floats(sign: string, left: Operand, right: Operand): string {
  const [a, b] = [left.sql, right.sql];
  const plain = `${a} ${sign} ${b}`;
  const isNumber = ({ constant }: Operand) => typeof constant === 'number' && !Number.isNaN(constant);
  if (isNumber(right)) return sign.startsWith('>') ? `(${plain} OR is_nan(${a}))` : `(${plain})`;
  if (isNumber(left)) return sign.startsWith('<') ? `(${plain} OR is_nan(${b}))` : `(${plain})`;
  switch (sign) {
    case '=':
      return `(${plain} OR (is_nan(${a}) AND is_nan(${b})))`;
    case '<>':
      return `(${plain} AND NOT (is_nan(${a}) AND is_nan(${b})))`;
    case '<':
      return `(${plain} OR (is_nan(${b}) AND NOT is_nan(${a})))`;
    case '>':
      return `(${plain} OR (is_nan(${a}) AND NOT is_nan(${b})))`;
    case '<=':
      return `(${plain} OR (is_nan(${b}) AND ${a} IS NOT NULL))`;
    case '>=':
      return `(${plain} OR (is_nan(${a}) AND ${b} IS NOT NULL))`;
    default:
      return `(${plain})`;
  }
}
