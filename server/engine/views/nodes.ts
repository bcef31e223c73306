import type { AstNode, AstValue } from '../analyze/ast.ts';
import { isNode } from '../analyze/ast.ts';

/** Key of a column reference whose column is known: which of which table, see Leaf. */
export const BOUND = 'bound';

/** Changes the values of a node's fields, and of those of what is in it that is no node. */
export function mapChildren(node: AstNode, change: (child: AstNode) => AstNode): AstNode {
  const map = (value: AstValue | undefined): AstValue | undefined => {
    if (Array.isArray(value)) return (value as readonly AstValue[]).map((item) => map(item) ?? null);
    return isNode(value) ? change(value) : value;
  };
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, map(value)]));
}

/** Whether it is an expression: what stands around some, as the orders of an aggregate, is none. */
export function isExpression(node: AstNode): boolean {
  return typeof node['class'] === 'string';
}

export function boundColumn(id: string, like: AstNode): AstNode {
  const { query_location } = like;
  return { class: 'COLUMN_REF', type: 'COLUMN_REF', alias: '', query_location, [BOUND]: id };
}

export function columnNode(names: readonly string[], like: AstNode): AstNode {
  const { query_location } = like;
  return { class: 'COLUMN_REF', type: 'COLUMN_REF', alias: '', query_location, column_names: names };
}

export function castNode(child: AstNode, type: AstNode): AstNode {
  const { query_location } = child;
  return {
    class: 'CAST',
    type: 'OPERATOR_CAST',
    alias: '',
    query_location,
    child,
    cast_type: type,
    try_cast: false,
  };
}

export function callNode(name: string, children: readonly AstNode[], filter: AstNode | null = null): AstNode {
  return {
    class: 'FUNCTION',
    type: 'FUNCTION',
    alias: '',
    query_location: children[0]?.['query_location'],
    function_name: name,
    schema: '',
    children,
    filter,
    order_bys: { type: 'ORDER_MODIFIER', orders: [] },
    distinct: false,
    is_operator: false,
    export_state: false,
    catalog: '',
  };
}

export function coalesceNode(child: AstNode, otherwise: number): AstNode {
  const { query_location } = child;
  const constant: AstNode = {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: '',
    query_location,
    value: { type: { id: 'INTEGER', type_info: null }, is_null: false, value: otherwise },
  };
  return {
    class: 'OPERATOR',
    type: 'OPERATOR_COALESCE',
    alias: '',
    query_location,
    children: [child, constant],
  };
}

export function comparisonNode(type: string, left: AstNode, right: AstNode, like: AstNode): AstNode {
  const { query_location } = like;
  return { class: 'COMPARISON', type, alias: '', query_location, left, right };
}

export function allOf(conditions: readonly AstNode[]): AstNode | null {
  const [first, ...others] = conditions;
  if (first === undefined || others.length === 0) return first ?? null;
  const { query_location } = first;
  return {
    class: 'CONJUNCTION',
    type: 'CONJUNCTION_AND',
    alias: '',
    query_location,
    children: conditions,
  };
}

export function someNode(value: AstValue | undefined, test: (node: AstNode) => boolean): boolean {
  if (Array.isArray(value)) return (value as readonly AstValue[]).some((item) => someNode(item, test));
  if (!isNode(value)) return false;
  return test(value) || Object.values(value).some((item) => someNode(item, test));
}
