import type { DuckDbType } from '#shared/iceberg/duckdb-type-text.ts';
import { isNode, nodesOf, textOf, type AstNode, type AstValue } from '../analyze/ast.ts';
import { boundType, isScalar, trinoType } from './bound-type.ts';
import { castSql } from './cast.ts';
import { compareSql, inSql } from './comparison.ts';
import { assertKnown } from './known-keys.ts';
import { constantValue, integerOf, literal } from './literal.ts';
import { refuse, words } from './refuse.ts';
import { SCALAR_FUNCTIONS } from './scalar-functions.ts';

/** A value that an expression can name: SQL of Trino, and DuckDB's type of it. */
export interface Operand {
  readonly sql: string;
  readonly type: DuckDbType;
  /** Of a constant that is no NULL. */
  readonly constant?: string | number | bigint | boolean;
  /** Of a constant length of time. */
  readonly interval?: { readonly months: number; readonly days: number; readonly micros: bigint };
}

/**
 * A bound expression of DuckDB's plan in Trino's SQL, of DuckDB's type for it.
 *
 * @param columns what its references by number stand for
 * @throws UNSUPPORTED for what is not known to give the same on Trino
 */
export function translate(node: AstNode, columns: readonly Operand[]): Operand {
  const type = typeOf(node);
  const kind = textOf(node['expression_class']);
  assertKnown(node);
  switch (kind) {
    case 'BOUND_REF':
      return columns[Number(node['index'])] ?? refuse('it refers to a column that is not there');
    case 'BOUND_CONSTANT': {
      const value = constantValue(node);
      const sql = literal(isNode(node['value']) ? node['value'] : {});
      return { sql, type, ...(value === null ? {} : { constant: value }) };
    }
    case 'BOUND_CAST': {
      const child = child1(node['child'], columns);
      return { sql: castSql(child, type, node['try_cast'] === true), type };
    }
    case 'BOUND_COMPARISON':
      return {
        sql: compareSql(textOf(node['type']), child1(node['left'], columns), child1(node['right'], columns)),
        type,
      };
    case 'BOUND_CONJUNCTION': {
      const word = node['type'] === 'CONJUNCTION_AND' ? ' AND ' : ' OR ';
      return { sql: `(${childSql(node, columns).join(word)})`, type };
    }
    case 'BOUND_BETWEEN':
      return { sql: between(node, columns), type };
    case 'BOUND_OPERATOR':
      return { sql: operator(node, columns), type };
    case 'BOUND_CASE':
      return { sql: caseSql(node, columns, type), type };
    case 'BOUND_FUNCTION':
      return { sql: functionSql(node, columns, type), type };
    default:
      return refuse(`${words(textOf(node['expression_class']))} is not on the cluster`);
  }
}

/** @throws UNSUPPORTED */
export function typeOf(node: AstNode): DuckDbType {
  const constant = node['value'];
  // Such a constant is none of a column's; only what takes one asks for it.
  if (isInterval(node)) return { kind: 'name', name: 'VARCHAR' };
  if (node['expression_class'] === 'BOUND_CONSTANT' && isNode(constant)) return boundType(constant['type']);
  return isNode(node['return_type']) ? boundType(node['return_type']) : { kind: 'name', name: 'BOOLEAN' };
}

function isInterval(node: AstNode): boolean {
  const { value, expression_class: kind } = node;
  return (
    kind === 'BOUND_CONSTANT' && isNode(value) && isNode(value['type']) && value['type']['id'] === 'INTERVAL'
  );
}

function child1(node: AstValue | undefined, columns: readonly Operand[]): Operand {
  return isNode(node) ? translate(node, columns) : refuse('an expression has no operand');
}

function childSql(node: AstNode, columns: readonly Operand[]): readonly string[] {
  return nodesOf(node['children']).map((child) => translate(child, columns).sql);
}

function between(node: AstNode, columns: readonly Operand[]): string {
  const [input, lower, upper] = [node['input'], node['lower'], node['upper']].map((part) =>
    child1(part, columns),
  );
  if (input === undefined || lower === undefined || upper === undefined)
    return refuse('BETWEEN lacks an end');
  const from = node['lower_inclusive'] === true ? 'COMPARE_GREATERTHANOREQUALTO' : 'COMPARE_GREATERTHAN';
  const to = node['upper_inclusive'] === true ? 'COMPARE_LESSTHANOREQUALTO' : 'COMPARE_LESSTHAN';
  return `(${compareSql(from, input, lower)} AND ${compareSql(to, input, upper)})`;
}

function operator(node: AstNode, columns: readonly Operand[]): string {
  const kind = textOf(node['type']);
  const children = nodesOf(node['children']).map((child) => translate(child, columns));
  const [first] = children;
  if (first === undefined) return refuse('an operator has no operand');
  switch (kind) {
    case 'OPERATOR_NOT':
      return `(NOT ${first.sql})`;
    case 'OPERATOR_IS_NULL':
      return `(${first.sql} IS NULL)`;
    case 'OPERATOR_IS_NOT_NULL':
      return `(${first.sql} IS NOT NULL)`;
    case 'OPERATOR_COALESCE':
      return children.length === 1 ? first.sql : `coalesce(${children.map(({ sql }) => sql).join(', ')})`;
    case 'COMPARE_IN':
    case 'COMPARE_NOT_IN':
      return `(${kind === 'COMPARE_IN' ? '' : 'NOT '}${inSql(first, children.slice(1))})`;
    default:
      return refuse(`${words(kind)} is not on the cluster`);
  }
}

function caseSql(node: AstNode, columns: readonly Operand[], type: DuckDbType): string {
  const checks = nodesOf(node['case_checks']).map(
    (check) =>
      `WHEN ${child1(check['when_expr'], columns).sql} THEN ${child1(check['then_expr'], columns).sql}`,
  );
  const sql = `CASE ${checks.join(' ')} ELSE ${child1(node['else_expr'], columns).sql} END`;
  // Of texts of different lengths each has a type of its own there.
  return isScalar(type) ? `CAST(${sql} AS ${trinoType(type)})` : sql;
}

function functionSql(node: AstNode, columns: readonly Operand[], type: DuckDbType): string {
  const name = textOf(node['name']);
  const made = SCALAR_FUNCTIONS.get(name);
  if (made === undefined) return refuse(`${name} is not compared with the cluster’s`);
  const args = nodesOf(node['children']).map((child): Operand => {
    if (!isInterval(child)) return translate(child, columns);
    return { sql: '', type: { kind: 'name', name: 'INTERVAL' }, interval: intervalOf(child) };
  });
  return made(args, type) ?? refuse(`${name} with these arguments is not compared with the cluster’s`);
}

function intervalOf(node: AstNode): NonNullable<Operand['interval']> {
  const constant = isNode(node['value']) ? node['value'] : {};
  const { months, days, micros } = isNode(constant['value']) ? constant['value'] : {};
  if (constant['is_null'] === true) return refuse('NULL as a length of time is not on the cluster');
  return { months: Number(months), days: Number(days), micros: integerOf(micros) };
}
