import { isNode, nodesOf, textOf, type AstNode } from '../analyze/ast.ts';
import { isScalar, trinoType } from './bound-type.ts';
import { orderSql, plainCall, sumsFloats } from './aggregates.ts';
import { translate, typeOf, type Operand } from './expression.ts';
import { assertKnown } from './known-keys.ts';
import { refuse, words } from './refuse.ts';

/** By DuckDB's kinds of window expressions; an aggregate has a name of its own. */
const FUNCTIONS = new Map([
  ['WINDOW_ROW_NUMBER', 'row_number'],
  ['WINDOW_RANK', 'rank'],
  ['WINDOW_RANK_DENSE', 'dense_rank'],
  ['WINDOW_PERCENT_RANK', 'percent_rank'],
  ['WINDOW_CUME_DIST', 'cume_dist'],
  ['WINDOW_NTILE', 'ntile'],
  ['WINDOW_LAG', 'lag'],
  ['WINDOW_LEAD', 'lead'],
  ['WINDOW_FIRST_VALUE', 'first_value'],
  ['WINDOW_LAST_VALUE', 'last_value'],
  ['WINDOW_NTH_VALUE', 'nth_value'],
]);
const FRAMED = new Set(['WINDOW_AGGREGATE', 'WINDOW_FIRST_VALUE', 'WINDOW_LAST_VALUE', 'WINDOW_NTH_VALUE']);
const BOUNDS = new Map([
  ['UNBOUNDED_PRECEDING', 'UNBOUNDED PRECEDING'],
  ['UNBOUNDED_FOLLOWING', 'UNBOUNDED FOLLOWING'],
  ['CURRENT_ROW_RANGE', 'CURRENT ROW'],
  ['CURRENT_ROW_ROWS', 'CURRENT ROW'],
  ['CURRENT_ROW_GROUPS', 'CURRENT ROW'],
  ['EXPR_PRECEDING_ROWS', 'PRECEDING'],
  ['EXPR_FOLLOWING_ROWS', 'FOLLOWING'],
  ['EXPR_PRECEDING_GROUPS', 'PRECEDING'],
  ['EXPR_FOLLOWING_GROUPS', 'FOLLOWING'],
]);

/** A window expression of DuckDB's plan in Trino's SQL. @throws UNSUPPORTED */
export function windowSql(node: AstNode, columns: readonly Operand[]): string {
  assertKnown(node);
  const kind = textOf(node['type']);
  if (node['exclude_clause'] !== 'NO_OTHER') return refuse('EXCLUDE in a window is not on the cluster');
  if (nodesOf(node['arg_orders']).length > 0)
    return refuse('ORDER BY in a window function is not on the cluster');
  if (node['distinct'] === true) return refuse('DISTINCT in a window is not on the cluster');
  const partitions = nodesOf(node['partitions']).map((part) => {
    const { sql, type } = translate(part, columns);
    return isScalar(type) ? sql : refuse('windows by nested values are not on the cluster');
  });
  const orders = nodesOf(node['orders']).map((key) => orderSql(key, columns));
  const frame = FRAMED.has(kind) && orders.length > 0 ? frameSql(node) : '';
  const over = [
    ...(partitions.length === 0 ? [] : [`PARTITION BY ${partitions.join(', ')}`]),
    ...(orders.length === 0 ? [] : [`ORDER BY ${orders.join(', ')}`]),
    ...(frame === '' ? [] : [frame]),
  ].join(' ');
  const wholeFrame = FRAMED.has(kind) && orders.length === 0 && hasBounds(node);
  if (wholeFrame) return refuse('a part of an unordered window is not on the cluster');
  const call = callSql(node, kind, columns, ` OVER (${over})`);
  return `CAST(${call} AS ${trinoType(typeOf(node))})`;
}

function callSql(node: AstNode, kind: string, columns: readonly Operand[], over: string): string {
  const args = nodesOf(node['children']).map((argument) => translate(argument, columns));
  // Trino has none for window functions.
  if (isNode(node['filters'])) return refuse('FILTER in a window is not on the cluster');
  if (kind === 'WINDOW_AGGREGATE') {
    if (isSliding(node) && sumsFloats(node))
      return refuse('sums of floats in a window that moves differ on the cluster');
    return plainCall(textOf(node['name']), args, { distinct: '', tail: over });
  }
  const name = FUNCTIONS.get(kind) ?? refuse(`${words(kind)} is not on the cluster`);
  const more = [node['offset_expr'], node['default_expr']].filter(isNode);
  const all = [...args, ...more.map((argument) => translate(argument, columns))];
  const nulls = node['ignore_nulls'] === true ? ' IGNORE NULLS' : '';
  return `${name}(${all.map(({ sql }) => sql).join(', ')})${nulls}${over}`;
}

/** Rows leave it as others come: Trino takes these off a sum, and has what rounding left. */
function isSliding(node: AstNode): boolean {
  return nodesOf(node['orders']).length > 0 && node['start'] !== 'UNBOUNDED_PRECEDING';
}

function hasBounds(node: AstNode): boolean {
  return !(
    node['start'] === 'UNBOUNDED_PRECEDING' &&
    ['UNBOUNDED_FOLLOWING', 'CURRENT_ROW_RANGE'].includes(textOf(node['end']))
  );
}

function frameSql(node: AstNode): string {
  const [start, end] = [textOf(node['start']), textOf(node['end'])];
  const unit = [start, end].some((bound) => bound.endsWith('_GROUPS'))
    ? 'GROUPS'
    : [start, end].some((bound) => bound.endsWith('_ROWS'))
      ? 'ROWS'
      : 'RANGE';
  return `${unit} BETWEEN ${boundSql(start, node['start_expr'])} AND ${boundSql(end, node['end_expr'])}`;
}

function boundSql(kind: string, expression: AstNode[string]): string {
  const bound = BOUNDS.get(kind) ?? refuse('windows of a range of values are not on the cluster');
  if (!kind.startsWith('EXPR')) return bound;
  const { constant } = isNode(expression) ? translate(expression, []) : { constant: undefined };
  if (typeof constant !== 'number')
    return refuse('a window whose length is not constant is not on the cluster');
  return `${constant} ${bound}`;
}
