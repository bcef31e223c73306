import { isNode, type AstNode, type AstValue } from '../analyze/ast.ts';

/** Key of a column reference whose column is known: which of which table, see Leaf. */
export const BOUND = 'bound';

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

/** @param type without parameters, as DuckDB calls it */
export function constantNode(type: string, value: string | number, query_location: AstNode[string]): AstNode {
  return {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: '',
    query_location,
    value: { type: { id: type, type_info: null }, is_null: false, value },
  };
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
  return {
    class: 'OPERATOR',
    type: 'OPERATOR_COALESCE',
    alias: '',
    query_location,
    children: [child, constantNode('INTEGER', otherwise, query_location)],
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
