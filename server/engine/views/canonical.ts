import { isNode, nodesOf, textOf, type AstNode, type AstValue } from '../analyze/ast.ts';
import { BOUND, comparisonNode } from './nodes.ts';

/** Comparisons that say the same with their sides exchanged, under the name that this makes of them. */
const EXCHANGED = new Map([
  ['COMPARE_GREATERTHAN', 'COMPARE_LESSTHAN'],
  ['COMPARE_GREATERTHANOREQUALTO', 'COMPARE_LESSTHANOREQUALTO'],
]);
const SYMMETRIC = new Set([
  'COMPARE_EQUAL',
  'COMPARE_NOTEQUAL',
  'COMPARE_DISTINCT_FROM',
  'COMPARE_NOT_DISTINCT_FROM',
]);

/** Equal for expressions over bound columns that say the same in the same way, wherever they stand. */
export function canonical(node: AstNode): string {
  return textFor({ ...node, alias: '' });
}

function textFor(value: AstValue | undefined): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[${(value as readonly AstValue[]).map(textFor).join(',')}]`;
  if (!isNode(value)) return JSON.stringify(value ?? null);
  const column = value[BOUND];
  if (typeof column === 'string') return `#${column}`;
  switch (value['class']) {
    case 'COMPARISON':
      return comparisonText(value);
    case 'CONJUNCTION': {
      const children = nodesOf(value['children']).map(textFor);
      return `${textOf(value['type'])}(${children.sort().join(',')})`;
    }
    default:
      return fieldsText(value);
  }
}

function comparisonText(node: AstNode): string {
  const type = textOf(node['type']);
  const sides = [textFor(node['left']), textFor(node['right'])];
  const exchanged = EXCHANGED.get(type);
  if (exchanged !== undefined) sides.reverse();
  else if (SYMMETRIC.has(type)) sides.sort();
  return `${exchanged ?? type}(${sides.join(',')})`;
}

function fieldsText(node: AstNode): string {
  const fields = Object.entries(node)
    .filter(([key]) => key !== 'query_location')
    .map(([key, value]) => `${key}:${textFor(value)}`);
  return `{${fields.sort().join(',')}}`;
}

/** What has to hold for a condition to hold, each by itself. */
export function conjuncts(condition: AstNode): readonly AstNode[] {
  if (condition['type'] === 'CONJUNCTION_AND') return nodesOf(condition['children']).flatMap(conjuncts);
  const { input, lower, upper } = condition;
  if (condition['type'] !== 'COMPARE_BETWEEN' || !isNode(input) || !isNode(lower) || !isNode(upper))
    return [condition];
  return [
    comparisonNode('COMPARE_GREATERTHANOREQUALTO', input, lower, condition),
    comparisonNode('COMPARE_LESSTHANOREQUALTO', input, upper, condition),
  ];
}
