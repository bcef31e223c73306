import type { DuckDbType } from '#shared/iceberg/duckdb-type-text.ts';
import { nodesOf, isNode, textOf, type AstNode } from '../analyze/ast.ts';
import { isFloat, isInteger, isNamed, isNumber, isScalar, trinoType } from './bound-type.ts';
import { translate, typeOf, type Operand } from './expression.ts';
import { assertKnown } from './known-keys.ts';
import { text } from './literal.ts';
import { refuse } from './refuse.ts';

/** What stands around the arguments of an aggregate: DISTINCT before them, and FILTER and OVER behind each call. */
interface Around {
  readonly distinct: string;
  readonly tail: string;
}

/** Null where these arguments are not compared. */
type Made = (args: readonly Operand[], around: Around) => string | null;

const WIDE = 'decimal(38,0)';

const one =
  (name: string, holds: (type: DuckDbType) => boolean): Made =>
  ([a, ...more], { distinct, tail }) =>
    a !== undefined && more.length === 0 && holds(a.type) ? `${name}(${distinct}${a.sql})${tail}` : null;

const two =
  (name: string): Made =>
  ([a, b], { tail }) =>
    a !== undefined && b !== undefined && isFloat(a.type) && isFloat(b.type)
      ? `${name}(${a.sql}, ${b.sql})${tail}`
      : null;

/** In 128 bits, as DuckDB sums up integers. */
const wide = ({ sql, type }: Operand) => (isInteger(type) ? `CAST(${sql} AS ${WIDE})` : sql);

const sum: Made = ([a], { distinct, tail }) =>
  a !== undefined && isNumber(a.type) ? `sum(${distinct}${wide(a)})${tail}` : null;

/** Exact numbers are summed up exactly, and divided once. */
const average: Made = ([a], { distinct, tail }) => {
  if (a === undefined || !isNumber(a.type)) return null;
  if (isFloat(a.type)) return `avg(${distinct}CAST(${a.sql} AS double))${tail}`;
  const scale = a.type.kind === 'decimal' ? a.type.scale : 0;
  const whole = `CAST(sum(${distinct}${wide(a)})${tail} AS double)`;
  const count = `CAST(count(${distinct}${a.sql})${tail} AS double)`;
  const [divided, by] =
    scale === 0 ? [whole, count] : [`round(${whole} * 1E${scale})`, `(${count} * 1E${scale})`];
  return `(${divided} / nullif(${by}, 0E0))`;
};

/** NaN is the greatest number. */
const greatest: Made = (args, { tail }) => {
  const [a] = args;
  if (a === undefined || args.length > 1 || !isScalar(a.type)) return null;
  const plain = `max(${a.sql})${tail}`;
  return isFloat(a.type) ? `IF(bool_or(is_nan(${a.sql}))${tail}, nan(), ${plain})` : plain;
};

const least: Made = (args, { tail }) => {
  const [a] = args;
  if (a === undefined || args.length > 1 || !isScalar(a.type)) return null;
  return isFloat(a.type)
    ? `coalesce(min(IF(is_nan(${a.sql}), NULL, ${a.sql}))${tail}, max(${a.sql})${tail})`
    : `min(${a.sql})${tail}`;
};

const isBoolean = (type: DuckDbType) => isNamed(type, 'BOOLEAN');

/** By DuckDB's names; see SCALAR_FUNCTIONS. */
const FUNCTIONS: ReadonlyMap<string, Made> = new Map<string, Made>([
  ['count_star', (_, { tail }) => `count(*)${tail}`],
  ['count', ([a], { distinct, tail }) => `count(${a === undefined ? '*' : distinct + a.sql})${tail}`],
  ['count_if', one('count_if', isBoolean)],
  ['countif', one('count_if', isBoolean)],
  ['sum', sum],
  ['avg', average],
  ['mean', average],
  ['min', least],
  ['max', greatest],
  ['bool_and', one('bool_and', isBoolean)],
  ['bool_or', one('bool_or', isBoolean)],
  ['any_value', one('any_value', isScalar)],
  ['stddev', one('stddev_samp', isFloat)],
  ['stddev_samp', one('stddev_samp', isFloat)],
  ['stddev_pop', one('stddev_pop', isFloat)],
  ['variance', one('var_samp', isFloat)],
  ['var_samp', one('var_samp', isFloat)],
  ['var_pop', one('var_pop', isFloat)],
  ['corr', two('corr')],
  ['covar_pop', two('covar_pop')],
  ['covar_samp', two('covar_samp')],
  ['regr_slope', two('regr_slope')],
  ['regr_intercept', two('regr_intercept')],
]);

/** Those whose answer is in an order that the query has to give. */
const ORDERED: ReadonlyMap<string, (value: Operand, order: string, separator: string) => string | null> =
  new Map([
    ['string_agg', listagg],
    ['group_concat', listagg],
    ['listagg', listagg],
    ['list', arrayAgg],
    ['array_agg', arrayAgg],
  ]);

function listagg({ sql, type }: Operand, order: string, separator: string): string | null {
  return isNamed(type, 'VARCHAR') ? `listagg(${sql}, ${text(separator)}) WITHIN GROUP (${order})` : null;
}

function arrayAgg({ sql }: Operand, order: string): string {
  return `array_agg(${sql} ${order})`;
}

/** What takes any row of some. */
const UNSTEADY = new Set(['any_value', 'first']);

/** Whether it may say something else of the same rows another time. */
export function isUnsteady(aggregate: AstNode): boolean {
  return UNSTEADY.has(textOf(aggregate['name'])) || sumsFloats(aggregate);
}

/** Such a sum depends on the order of what is summed up. */
export function sumsFloats({ name, children }: AstNode): boolean {
  const isSum = !['min', 'max', 'count'].includes(textOf(name));
  return isSum && nodesOf(children).some((child) => isFloat(typeOf(child)));
}

/**
 * A bound aggregate of DuckDB's plan in Trino's SQL.
 *
 * @param single each group has one row at most, or fails: its first row is any
 * @throws UNSUPPORTED
 */
export function aggregateSql(node: AstNode, columns: readonly Operand[], single: boolean): string {
  assertKnown(node);
  const name = textOf(node['name']);
  const type = typeOf(node);
  const args = nodesOf(node['children']).map((child) => translate(child, columns));
  const tail = isNode(node['filter']) ? ` FILTER (WHERE ${translate(node['filter'], columns).sql})` : '';
  const isDistinct = node['aggregate_type'] === 'DISTINCT';
  const orders = isNode(node['order_bys']) ? nodesOf(node['order_bys']['orders']) : [];
  if (name === 'first' && single && args[0] !== undefined) return `any_value(${args[0].sql})`;
  const ordered = ORDERED.get(name);
  if (ordered === undefined) {
    const call = plainCall(name, args, { distinct: isDistinct ? 'DISTINCT ' : '', tail });
    return `CAST(${call} AS ${trinoType(type)})`;
  }
  if (orders.length === 0 || isDistinct)
    return refuse(`${name} ${isDistinct ? 'of distinct values' : 'without ORDER BY'} is not on the cluster`);
  const data = isNode(node['function_data']) ? node['function_data'] : {};
  const order = `ORDER BY ${orders.map((key) => orderSql(key, columns)).join(', ')}`;
  const made = args[0] === undefined ? null : ordered(args[0], order, textOf(data['separator']));
  return made === null ? refuse(`${name} of these values is not on the cluster`) : `${made}${tail}`;
}

/** @throws UNSUPPORTED */
export function plainCall(name: string, args: readonly Operand[], around: Around): string {
  return FUNCTIONS.get(name)?.(args, around) ?? refuse(`${name} is not compared with the cluster’s`);
}

/** @throws UNSUPPORTED */
export function orderSql(key: AstNode, columns: readonly Operand[]): string {
  return orderKeys(key, columns)
    .map(({ sql, direction }) => `${sql} ${direction}`)
    .join(', ');
}

/**
 * Values that sort as one does in DuckDB, of whose floats both zeros are one, and NaN is greater than infinity.
 *
 * @throws UNSUPPORTED for what is made of others
 */
export function orderKeys(key: AstNode, columns: readonly Operand[]) {
  const expression = isNode(key['expression'])
    ? translate(key['expression'], columns)
    : refuse('ORDER BY lacks a value');
  if (!isScalar(expression.type)) return refuse('an order of nested values differs on the cluster');
  const down = key['type'] === 'DESCENDING';
  const nulls = key['null_order'] === 'NULLS FIRST' ? 'NULLS FIRST' : 'NULLS LAST';
  const direction = `${down ? 'DESC' : 'ASC'} ${nulls}`;
  const { sql } = expression;
  const values = isFloat(expression.type)
    ? [`is_nan(${sql})`, `(${sql} + CAST(0 AS ${trinoType(expression.type)}))`]
    : [sql];
  return values.map((value) => ({ sql: value, direction }));
}
