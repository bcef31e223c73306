import { isNode, nodesOf, textOf, type AstNode } from '../analyze/ast.ts';
import { mismatch } from './mismatch.ts';
import { callNode, castNode, coalesceNode } from './nodes.ts';
import { isExactlyEqual, type ViewColumn } from './view-form.ts';

const COUNTS = new Set(['count', 'count_if', 'count_star', 'countif']);
/** Of a whole what they are of the values that they have of its parts. */
const OF_PARTS = new Set(['bool_and', 'bool_or', 'max', 'min']);
/** Whose value no order of the rows changes, as long as numbers are exact. */
const WITHOUT_ORDER = new Set([...COUNTS, ...OF_PARTS, 'avg', 'bit_and', 'bit_or', 'bit_xor', 'mean', 'sum']);
const SUMS = new Set(['avg', 'mean', 'sum']);
/** More that have one value for a group, but for the last digits of floating-point numbers, in any run. */
const OF_A_GROUP = new Set([
  ...WITHOUT_ORDER,
  ...'corr covar_pop covar_samp entropy kurtosis kurtosis_pop mad median quantile quantile_cont quantile_disc regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy sem skewness stddev stddev_pop stddev_samp sum_no_overflow var_pop var_samp variance'.split(
    ' ',
  ),
]);
const INTEGERS_AND_DECIMALS = /^((TINY|SMALL|BIG|HUGE)INT|INTEGER|DECIMAL\(\d+, ?\d+\))$/;

export function isOrdered(node: AstNode): boolean {
  return isNode(node['order_bys']) && nodesOf(node['order_bys']['orders']).length > 0;
}

/** @throws Mismatch for an aggregate whose value for a group may be another one in another run */
export function assertRepeats(node: AstNode): void {
  const name = textOf(node['function_name']);
  if (isOrdered(node) || !OF_A_GROUP.has(name)) throw mismatch(`${name} may depend on the order of rows`);
}

/** The value of a group by what is stored for it: its only one. */
export function ofGroup(stored: AstNode): AstNode {
  return callNode('first', [stored]);
}

/** Whether it is the same over each value once. */
export function ignoresRepeats(node: AstNode): boolean {
  const name = textOf(node['function_name']);
  return OF_PARTS.has(name) || (name === 'count' && node['distinct'] === true);
}

/**
 * The aggregate of a group by what is stored for its parts.
 *
 * @param stored the column, as `type` of it
 * @param filter which parts count
 * @throws Mismatch where it is not, or need not be to the last bit, what it is of the rows
 */
export function ofParts(
  node: AstNode,
  { type }: ViewColumn,
  stored: AstNode,
  filter: AstNode | null,
): AstNode {
  const name = textOf(node['function_name']);
  const distinct = node['distinct'] === true;
  if (isOrdered(node)) throw mismatch(`${name} has an order`);
  if (OF_PARTS.has(name)) {
    if (!isExactlyEqual(type))
      throw mismatch(`${name} of ${type} has equal values that differ, as 0.0 and -0.0`);
    return callNode(name, [stored], filter);
  }
  if (distinct) throw mismatch(`${name}(DISTINCT …) of the parts is not that of the whole`);
  // NULL, where there are no parts, is no count.
  if (COUNTS.has(name))
    return castNode(coalesceNode(callNode('sum', [stored], filter), 0), { id: type, type_info: null });
  if (name === 'sum') {
    // Rounded in parts, a sum of floating-point numbers is another one.
    if (!/^(HUGEINT|DECIMAL\(38, ?\d+\))$/.test(type))
      throw mismatch(`a sum of ${type} is rounded part by part`);
    return callNode('sum', [stored], filter);
  }
  throw mismatch(`${name} of the parts is not that of the whole`);
}

/**
 * Rows that are stored may come in another order than those that they were made of.
 *
 * @param types of the arguments
 * @throws Mismatch where that may change the aggregate
 */
export function assertWithoutOrder(node: AstNode, types: readonly string[]): void {
  const name = textOf(node['function_name']);
  if (isOrdered(node) || !WITHOUT_ORDER.has(name)) throw mismatch(`${name} may depend on the order of rows`);
  const [type = ''] = types;
  if (SUMS.has(name) && !INTEGERS_AND_DECIMALS.test(type))
    throw mismatch(`${name} of ${type} is rounded in the order of rows`);
  if (types.some((each) => !isExactlyEqual(each)) && !COUNTS.has(name))
    throw mismatch(`${name} of ${type} has equal values that differ, as 0.0 and -0.0`);
  if (node['distinct'] === true && types.some((each) => !isExactlyEqual(each)))
    throw mismatch(`${name}(DISTINCT …) of ${type} has equal values that differ`);
}
