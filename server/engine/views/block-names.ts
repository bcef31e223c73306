import type { NestedField } from '#shared/iceberg/types.ts';
import { mapChildren, textOf, textsOf, type AstNode } from '../analyze/ast.ts';
import type { ResolvedTable } from '../plan/scan-source.ts';
import { canonical } from './canonical.ts';
import { isAggregate, type FunctionKinds } from './function-kinds.ts';
import { mismatch } from './mismatch.ts';
import { BOUND, boundColumn, isExpression, someNode } from './nodes.ts';

/** A table in FROM. */
export interface Leaf {
  /** Equal for the same table at the same place in both queries: its uuid, and which of its mentions it is. */
  readonly id: string;
  readonly alias: string;
  /** What columns may be qualified by beside the alias; null where that alone may. */
  readonly name: readonly string[] | null;
  readonly table: ResolvedTable;
  readonly fields: readonly NestedField[];
}

/** Kinds of expressions that are looked into; others may read other rows, or compare in other ways. */
const CLASSES = new Set([
  'BETWEEN',
  'CASE',
  'CAST',
  'COMPARISON',
  'CONJUNCTION',
  'CONSTANT',
  'FUNCTION',
  'OPERATOR',
]);
const OTHERS = new Map([
  ['COLLATE', 'it compares by a collation'],
  ['SUBQUERY', 'it has a subquery in an expression'],
  ['WINDOW', 'it has a window function'],
]);
const NO_OPERATORS = new Set(['GROUPING_FUNCTION', 'OPERATOR_TRY', 'OPERATOR_UNPACK']);

/** What names in one SELECT stand for. */
export class BlockNames {
  readonly #leaves: readonly Leaf[];
  readonly #kinds: FunctionKinds;
  /** Columns that USING made one, by the table whose value they have. */
  readonly #merged = new Map<string, Leaf>();
  /** Of the select list, as far as it is known; null for a name that several have. */
  readonly #aliases = new Map<string, AstNode | null>();

  constructor(leaves: readonly Leaf[], kinds: FunctionKinds) {
    this.#leaves = leaves;
    this.#kinds = kinds;
  }

  merge(column: string, leaf: Leaf): void {
    this.#merged.set(column.toLowerCase(), leaf);
  }

  merged(column: string): Leaf | undefined {
    return this.#merged.get(column.toLowerCase());
  }

  /** @param node bound */
  addAlias(name: string, node: AstNode): void {
    const key = name.toLowerCase();
    this.#aliases.set(key, this.#aliases.has(key) ? null : { ...node, alias: '' });
  }

  /**
   * The expression with its columns bound, and what it calls by the names of the select list put in.
   *
   * @param order what a name is that a column and the select list both have
   * @throws Mismatch
   */
  bind(node: AstNode, order: 'column first' | 'unsure' = 'column first'): AstNode {
    const kind = textOf(node['class']);
    if (kind === 'COLUMN_REF') return this.#column(node, order);
    if (isExpression(node)) {
      if (!CLASSES.has(kind) || NO_OPERATORS.has(textOf(node['type'])))
        throw mismatch(OTHERS.get(kind) ?? 'it has an expression that is not understood');
      // Only to refuse what is unknown.
      isAggregate(node, this.#kinds);
    }
    const bound = mapChildren(node, (child) => this.bind(child, order));
    return isCountOfConstant(bound) ? { ...bound, function_name: 'count_star', children: [] } : bound;
  }

  #column(node: AstNode, order: 'column first' | 'unsure'): AstNode {
    const parts = textsOf(node['column_names']);
    const column = this.#find(parts);
    const [name = ''] = parts;
    const alias = parts.length === 1 ? this.#aliases.get(name.toLowerCase()) : undefined;
    if (column !== null) {
      const bound = boundColumn(column, node);
      const isOther = alias !== undefined && (alias === null || canonical(alias) !== canonical(bound));
      if (order === 'unsure' && isOther)
        throw mismatch(`${name} is both a column and a name of the select list`);
      return bound;
    }
    // The name of a table by itself is its rows, before it is a name of the select list.
    const isTable = this.#leaves.some((leaf) => leaf.alias.toLowerCase() === name.toLowerCase());
    if (alias === undefined || alias === null || isTable)
      throw mismatch(`it reads ${parts.join('.')}, which is not a column of its tables alone`);
    return alias;
  }

  #find(parts: readonly string[]): string | null {
    const name = parts.at(-1)?.toLowerCase() ?? '';
    const has = (leaf: Leaf, column: string) =>
      leaf.fields.filter((field) => field.name.toLowerCase() === column);
    const found = this.#leaves.flatMap((leaf) => {
      if (parts.length > 1 && !isQualifier(leaf, parts.slice(0, -1))) return [];
      const merged = parts.length === 1 ? this.#merged.get(name) : undefined;
      if (merged !== undefined && merged !== leaf) return [];
      return has(leaf, name).map(({ id }) => `${leaf.id}.${id}`);
    });
    const [only, ...more] = found;
    if (more.length > 0) throw mismatch(`${parts.join('.')} is a column of several of its tables`);
    if (parts.length > 1) {
      // A field of a struct might be meant.
      const first = parts[0]?.toLowerCase() ?? '';
      if (this.#leaves.some((leaf) => has(leaf, first).length > 0))
        throw mismatch(`${parts.join('.')} may be a field of a column`);
    }
    return only ?? null;
  }
}

function isQualifier({ alias, name }: Leaf, parts: readonly string[]): boolean {
  const text = parts.join('\0').toLowerCase();
  if (parts.length === 1) return alias.toLowerCase() === text;
  return name?.slice(-parts.length).join('\0').toLowerCase() === text;
}

/** `count(1)` */
function isCountOfConstant(node: AstNode): boolean {
  const children = Array.isArray(node['children']) ? (node['children'] as readonly AstNode[]) : [];
  const [child, ...others] = children;
  if (node['function_name'] !== 'count' || node['distinct'] === true || child?.['class'] !== 'CONSTANT')
    return false;
  const value = child['value'];
  return (
    others.length === 0 &&
    typeof value === 'object' &&
    value !== null &&
    'is_null' in value &&
    !value['is_null']
  );
}

/** Whether a bound expression has a column in it. */
export function hasColumn(node: AstNode): boolean {
  return someNode(node, (each) => typeof each[BOUND] === 'string');
}
