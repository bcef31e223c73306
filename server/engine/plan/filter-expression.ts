import type { ComparisonOp, Expression, LiteralValue } from '#shared/iceberg/expression.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import { isNode, nodesOf, textOf, textsOf, type AstNode } from '../analyze/ast.ts';
import type { ColumnNames } from './column-names.ts';
import type { ConditionReader } from './condition-reader.ts';
import { dateCondition } from './filter-dates.ts';
import { literalOf } from './filter-literal.ts';

type Reader = Pick<ConditionReader, 'read'>;

const TRUE: Expression = { op: 'true' };

/** Conditions on the scans of a table; see ScanUse. */
interface ScanConditions {
  readonly filters: readonly (readonly string[])[];
  readonly above?: readonly (readonly string[])[];
  /** What those above call columns; without it they say nothing. */
  readonly names?: ColumnNames;
}

/**
 * The rows of a table that can matter, as scan planning prunes by it: a row has to pass every condition of at
 * least one of the scans. What is not understood counts as true.
 *
 * @param fields columns by index, as in the conditions' `_c0_`, `_c1_`…
 */
export async function filterExpression(
  reader: Reader,
  { filters, above = [], names }: ScanConditions,
  fields: readonly NestedField[],
): Promise<Expression> {
  const named = names === undefined ? null : await byName(reader, names, fields);
  const any: Expression[] = [];
  for (const [scan, conditions] of filters.entries()) {
    const parts: Expression[] = [];
    for (const text of conditions) parts.push(await readCondition(reader, text, byIndex(fields)));
    if (named !== null)
      for (const text of above[scan] ?? []) parts.push(await readCondition(reader, text, named));
    const all = conjunction(parts);
    if (all.op === 'true') return TRUE;
    any.push(all);
  }
  return any.length === 0 ? TRUE : joined('or', any);
}

/**
 * As filterExpression, of one scan's conditions, but says exactly which rows pass them: null where that can't be said.
 */
export async function exactFilter(
  reader: Reader,
  conditions: readonly string[],
  fields: readonly NestedField[],
): Promise<Expression | null> {
  const all: Expression[] = [];
  for (const text of conditions) {
    const node = await reader.read(text).catch(() => null);
    const condition = node === null ? null : convert(node, byIndex(fields), true);
    if (condition === null) return null;
    all.push(condition);
  }
  return conjunction(all);
}

async function readCondition(reader: Reader, text: string, columns: Columns): Promise<Expression> {
  // Conditions that DuckDB only may check are as true as the others.
  const sql = text.replace(/^(optional: )+/, '');
  if (sql.includes('optional: ') || sql.includes('Dynamic Filter')) return TRUE;
  try {
    const condition = await reader.read(sql);
    return condition === null ? TRUE : (convert(condition, columns, false) ?? TRUE);
  } catch {
    // EXPLAIN's text is for people: not all of it is SQL, and what is not, prunes nothing.
    return TRUE;
  }
}

function conjunction(parts: readonly Expression[]): Expression {
  const known = parts.filter(({ op }) => op !== 'true');
  return known.length === 0 ? TRUE : joined('and', known);
}

/** In halves, in their order: thousands within each other would be more than the stack of whoever looks at them has. */
function joined(op: 'and' | 'or', parts: readonly Expression[]): Expression {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const half = Math.ceil(parts.length / 2);
  return { op, left: joined(op, parts.slice(0, half)), right: joined(op, parts.slice(half)) };
}

const COMPARISONS: Readonly<Record<string, ComparisonOp>> = {
  COMPARE_EQUAL: 'eq',
  COMPARE_NOTEQUAL: 'not-eq',
  COMPARE_LESSTHAN: 'lt',
  COMPARE_LESSTHANOREQUALTO: 'lt-eq',
  COMPARE_GREATERTHAN: 'gt',
  COMPARE_GREATERTHANOREQUALTO: 'gt-eq',
};
const FLIPPED: Readonly<Record<string, ComparisonOp>> = {
  lt: 'gt',
  'lt-eq': 'gt-eq',
  gt: 'lt',
  'gt-eq': 'lt-eq',
};

/**
 * @param exact false: the result may hold for more rows than the condition does; parts of an AND may be dropped
 * @returns null where the condition is not understood
 */
function convert(node: AstNode, columns: Columns, exact: boolean): Expression | null {
  const type = textOf(node['type']);
  switch (type) {
    case 'CONJUNCTION_AND': {
      const children = nodesOf(node['children']).map((child) => convert(child, columns, exact));
      const known = children.filter((child) => child !== null);
      if (known.length === 0 || (exact && known.length < children.length)) return null;
      return joined('and', known);
    }
    case 'CONJUNCTION_OR': {
      const children = nodesOf(node['children']).map((child) => convert(child, columns, exact));
      const known = children.filter((child) => child !== null);
      if (known.length === 0 || known.length < children.length) return null;
      return joined('or', known);
    }
    case 'OPERATOR_NOT': {
      const child = nodesOf(node['children'])[0];
      const inner = child === undefined ? null : convert(child, columns, true);
      return inner === null ? null : { op: 'not', child: inner };
    }
    case 'OPERATOR_IS_NULL':
    case 'OPERATOR_IS_NOT_NULL': {
      const field = columnOf(nodesOf(node['children'])[0], columns);
      if (field === null) return null;
      return { op: type === 'OPERATOR_IS_NULL' ? 'is-null' : 'not-null', fieldId: field.id };
    }
    case 'COMPARE_IN':
    case 'COMPARE_NOT_IN':
      return membership(node, columns) ?? implied(node, columns, exact);
    case 'COLUMN_REF': {
      const field = columnOf(node, columns);
      return field?.type === 'boolean' ? { op: 'eq', fieldId: field.id, value: true } : null;
    }
    default:
      return comparison(node, columns) ?? implied(node, columns, exact);
  }
}

function implied(node: AstNode, columns: Columns, exact: boolean): Expression | null {
  return exact ? null : dateCondition(node, (column) => columnOf(column, columns));
}

function comparison(node: AstNode, columns: Columns): Expression | null {
  const op = COMPARISONS[textOf(node['type'])];
  const { left, right } = node;
  if (op === undefined || !isNode(left) || !isNode(right)) return null;
  const leftField = columnOf(left, columns);
  const field = leftField ?? columnOf(right, columns);
  if (field === null) return null;
  const value = literalOf(leftField === null ? left : right, field.type);
  if (value === null || !isOrderedAlike(field, op)) return null;
  return { op: leftField === null ? (FLIPPED[op] ?? op) : op, fieldId: field.id, value };
}

/** DuckDB and Iceberg agree on the order of every type that literals are made of, but maybe not on UUIDs'. */
function isOrderedAlike(field: NestedField, op: ComparisonOp): boolean {
  return field.type !== 'uuid' || op === 'eq' || op === 'not-eq';
}

function membership(node: AstNode, columns: Columns): Expression | null {
  const [column, ...items] = nodesOf(node['children']);
  const field = columnOf(column, columns);
  if (field === null || items.length === 0) return null;
  const values: LiteralValue[] = [];
  for (const item of items) {
    const value = literalOf(item, field.type);
    if (value === null) return null;
    values.push(value);
  }
  return { op: node['type'] === 'COMPARE_IN' ? 'in' : 'not-in', fieldId: field.id, values };
}

/** The column that a node is; null for a field inside of one, whose name has two parts. */
function columnOf(node: AstNode | undefined, columns: Columns): NestedField | null {
  if (node?.['class'] !== 'COLUMN_REF') return null;
  const names = textsOf(node['column_names']);
  return names.length === 1 ? columns(names[0] ?? '') : null;
}

/** The column of a name in a condition; null for names that are none. */
type Columns = (name: string) => NestedField | null;

function byIndex(fields: readonly NestedField[]): Columns {
  return (name) => fields[Number(/^_c(\d+)_$/.exec(name)?.[1] ?? -1)] ?? null;
}

/** Null where a name reads as something else than a name, and with it what stands around it. */
async function byName(
  reader: Reader,
  names: ColumnNames,
  fields: readonly NestedField[],
): Promise<Columns | null> {
  for (const name of names.keys()) {
    const node = /^[a-z_]\w*$/i.test(name) ? await reader.read(name).catch(() => null) : null;
    if (node?.['class'] !== 'COLUMN_REF' || textsOf(node['column_names'])[0] !== name) return null;
  }
  return (name) => fields[names.get(name) ?? -1] ?? null;
}
