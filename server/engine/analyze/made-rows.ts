import { functionName, isNode, isTableFunction, walkAst, type AstNode } from './ast.ts';
import { extentOfCall } from './constant-extents.ts';

const SERIES: ReadonlySet<string> = new Set(['range', 'generate_series']);
const LISTS: ReadonlySet<string> = new Set(['repeat', 'list_resize', 'array_resize']);
/** Table functions that give what is in their arguments, which are counted for themselves. */
const TAKES_APART: ReadonlySet<string> = new Set(['unnest', 'json_each', 'json_tree']);

/**
 * How many rows at most a query's own calls make of one that it reads, whatever they stand for in it; Infinity where that
 * can't be known. What joins make of rows is not counted.
 */
export function rowsMade(root: AstNode): number {
  let rows = 1;
  walkAst(root, (node, parents) => {
    if (node['type'] === 'RECURSIVE_CTE_NODE') rows = Number.POSITIVE_INFINITY;
    rows *= rowsOf(node, parents.at(-1));
  });
  return rows;
}

function rowsOf(node: AstNode, parent: AstNode | undefined): number {
  const name = functionName(node);
  const length = SERIES.has(name) || LISTS.has(name) ? extentOfCall(node)?.values : null;
  if (typeof length === 'number') return Math.max(1, length);
  const isUnknown = SERIES.has(name) || (isTableFunction(node, parent) && !TAKES_APART.has(name));
  return isUnknown ? Number.POSITIVE_INFINITY : 1;
}

/** Whether it joins anything, by JOIN or a comma. */
export function hasJoin(root: AstNode): boolean {
  let found = false;
  walkAst(root, (node) => {
    if (node['type'] === 'JOIN' && isNode(node['left'])) found = true;
  });
  return found;
}
