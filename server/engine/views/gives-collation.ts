import { isNode, type AstNode, type AstValue } from '../analyze/ast.ts';
import type { SqlParser } from '../analyze/parse.ts';
import { isLongName, quoteLongNames } from '../plan/long-names.ts';

/** Where values are only compared, so that none of them is in the result. */
const COMPARED = new Set([
  'where_clause',
  'having',
  'qualify',
  'group_expressions',
  'modifiers',
  'condition',
  'filter',
  'filter_expr',
  'order_bys',
  'orders',
  'arg_orders',
  'partitions',
  'when_expr',
]);
const COMPARISONS = new Set(['BETWEEN', 'COMPARISON', 'CONJUNCTION']);

/**
 * Whether text that a query gives may have a collation: COLLATE says so, and functions, subqueries and casts keep it. Where
 * it only compares, groups or orders, nothing of it is in the result.
 *
 * @throws SQL_SYNTAX, UNSUPPORTED
 */
export async function givesCollation(parser: SqlParser, sql: string): Promise<boolean> {
  if (!/collate/i.test(sql)) return false;
  const root = await parser.parse(sql).catch(async (error: unknown) => {
    const quoted = isLongName(error) ? quoteLongNames(sql) : null;
    if (quoted === null) throw error;
    return parser.parse(quoted.sql);
  });
  return collates(root);
}

function collates(value: AstValue | undefined): boolean {
  if (Array.isArray(value)) return (value as readonly AstValue[]).some(collates);
  return isNode(value) && nodeCollates(value);
}

function nodeCollates(node: AstNode): boolean {
  if (node['class'] === 'COLLATE') return true;
  if (typeof node['class'] === 'string' && COMPARISONS.has(node['class'])) return false;
  return Object.entries(node).some(([key, value]) => !COMPARED.has(key) && collates(value));
}
