import { isNode, nodesOf, textOf, type AstNode, type AstValue } from '../analyze/ast.ts';
import { canonical } from './canonical.ts';

type Comparison = '=' | '<' | '<=' | '>' | '>=';

/** An expression against a value, of those kinds whose values are compared here too. */
interface Bounded {
  readonly expression: string;
  readonly comparison: Comparison;
  readonly kind: 'INTEGER' | 'DATE';
  readonly value: number | string;
}

const COMPARISONS = new Map<string, readonly [Comparison, Comparison]>([
  ['COMPARE_EQUAL', ['=', '=']],
  ['COMPARE_LESSTHAN', ['<', '>']],
  ['COMPARE_LESSTHANOREQUALTO', ['<=', '>=']],
  ['COMPARE_GREATERTHAN', ['>', '<']],
  ['COMPARE_GREATERTHANOREQUALTO', ['>=', '<=']],
]);
/** Beyond it, a FLOAT does not tell one integer from the next. */
const EXACT = 2 ** 24;

/**
 * Whether rows that pass the first condition pass the second, which is weaker: it compares the same expression with a
 * wider bound, or wants it not to be NULL. Where that is not seen it is false.
 */
export function implies(condition: AstNode, weaker: AstNode): boolean {
  if (weaker['type'] === 'OPERATOR_IS_NOT_NULL') {
    const [expression] = nodesOf(weaker['children']);
    const { left, right } = condition;
    const isComparison = COMPARISONS.has(textOf(condition['type']));
    // NULL compared with anything is not true.
    return (
      isComparison &&
      expression !== undefined &&
      [left, right].some((side) => isNode(side) && canonical(side) === canonical(expression))
    );
  }
  const [known, wanted] = [boundOf(condition), boundOf(weaker)];
  if (known === null || wanted === null) return false;
  if (known.expression !== wanted.expression || known.kind !== wanted.kind) return false;
  const { value } = known;
  switch (wanted.comparison) {
    case '>':
    case '>=': {
      if (!['=', '>', '>='].includes(known.comparison)) return false;
      const isOpen = wanted.comparison === '>' && known.comparison !== '>';
      return isOpen ? value > wanted.value : value >= wanted.value;
    }
    case '<':
    case '<=': {
      if (!['=', '<', '<='].includes(known.comparison)) return false;
      const isOpen = wanted.comparison === '<' && known.comparison !== '<';
      return isOpen ? value < wanted.value : value <= wanted.value;
    }
    case '=':
      return known.comparison === '=' && value === wanted.value;
  }
}

function boundOf(condition: AstNode): Bounded | null {
  const comparison = COMPARISONS.get(textOf(condition['type']));
  const { left, right } = condition;
  if (comparison === undefined || !isNode(left) || !isNode(right)) return null;
  const [above, below] = [valueOf(right), valueOf(left)];
  if (above !== null) return { expression: canonical(left), comparison: comparison[0], ...above };
  return below === null ? null : { expression: canonical(right), comparison: comparison[1], ...below };
}

function valueOf(node: AstNode): Pick<Bounded, 'kind' | 'value'> | null {
  if (node['class'] === 'CAST') {
    const { child, cast_type: type } = node;
    const text = isNode(child) ? constantOf(child, 'VARCHAR') : undefined;
    const isDate = isNode(type) && type['id'] === 'DATE' && typeof text === 'string';
    // In the order of the alphabet.
    return isDate && /^\d{4}-\d\d-\d\d$/.test(text) ? { kind: 'DATE', value: text } : null;
  }
  const value = constantOf(node, 'INTEGER');
  return typeof value === 'number' && Math.abs(value) <= EXACT ? { kind: 'INTEGER', value } : null;
}

function constantOf(node: AstNode, type: string): AstValue | undefined {
  const { value } = node;
  if (node['class'] !== 'CONSTANT' || !isNode(value) || !isNode(value['type'])) return undefined;
  return value['type']['id'] === type && value['is_null'] === false ? value['value'] : undefined;
}
