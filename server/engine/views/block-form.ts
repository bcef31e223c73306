import { isNode, mapChildren, nodesOf, textOf, textsOf, type AstNode } from '../analyze/ast.ts';
import { isPlainStar, type BlockSources } from './block-sources.ts';
import { canonical, conjuncts } from './canonical.ts';
import { isAggregate, type FunctionKinds } from './function-kinds.ts';
import { mismatch } from './mismatch.ts';
import { BOUND, columnNode, someNode } from './nodes.ts';
import { groupPlace } from './select-names.ts';

/** A column of a SELECT's answer. */
export interface BlockItem {
  /** Bound. */
  readonly node: AstNode;
  /** As the query has it; for one of `*`, a reference by its name. */
  readonly written: AstNode;
  readonly aggregates: boolean;
}

/** How rows are grouped: by which expressions, if by any. */
export interface Grouping {
  readonly keys: readonly AstNode[];
  /** All rows are one group, also where there are none. */
  readonly whole: boolean;
}

/** One SELECT over tables, with all names bound. */
export interface BlockForm {
  readonly node: AstNode;
  readonly sources: BlockSources;
  /** What rows have to pass, inner joins' conditions included. */
  readonly conditions: readonly AstNode[];
  readonly items: readonly BlockItem[];
  readonly grouping: Grouping | null;
  /** As the query has them, in order; null for one that names an item by its place. */
  readonly groups: readonly (AstNode | null)[];
  readonly having: AstNode | null;
  /** SELECT DISTINCT: equal rows of the answer are one. */
  readonly distinct: boolean;
}

/** @throws Mismatch where the SELECT has something that is not compared */
export function blockForm(node: AstNode, sources: BlockSources, kinds: FunctionKinds): BlockForm {
  if (isNode(node['sample'])) throw mismatch('it takes a sample');
  if (isNode(node['qualify'])) throw mismatch('it has QUALIFY');
  const { names } = sources;
  const items = nodesOf(node['select_list'])
    .flatMap((item) => (item['class'] === 'STAR' ? starItems(item, sources) : [item]))
    .map((written): BlockItem => {
      const bound = names.bind(written);
      const alias = textOf(written['alias']);
      if (alias !== '') names.addAlias(alias, bound);
      return { node: bound, written, aggregates: hasAggregate(bound, kinds) };
    });
  const where = node['where_clause'];
  const own = isNode(where) ? conjuncts(names.bind(where)) : [];
  const { having } = node;
  const boundHaving = isNode(having) ? names.bind(having, 'unsure') : null;
  if (node['aggregate_handling'] === 'FORCE_AGGREGATES' && boundHaving !== null) {
    const keys = keysOf(items.map((item) => item.node));
    if (hasOtherColumn(boundHaving, keys, kinds))
      throw mismatch('GROUP BY ALL groups by columns of HAVING too');
  }
  const { grouping, groups } = groupingOf(
    node,
    items,
    sources,
    (at) => boundHaving !== null || ordersByAggregate(at, kinds),
  );
  return {
    node,
    sources,
    conditions: [...sources.conditions, ...own],
    items,
    grouping,
    groups,
    having: boundHaving,
    distinct: nodesOf(node['modifiers']).some(({ type }) => type === 'DISTINCT_MODIFIER'),
  };
}

export function hasAggregate(node: AstNode, kinds: FunctionKinds): boolean {
  return someNode(node, (each) => isAggregate(each, kinds));
}

/** Whether it reads a column, beside those that aggregates read, that is none of these expressions. */
function hasOtherColumn(node: AstNode, keys: ReadonlySet<string>, kinds: FunctionKinds): boolean {
  if (isAggregate(node, kinds)) return false;
  if (typeof node[BOUND] === 'string') return !keys.has(canonical(node));
  let has = false;
  mapChildren(node, (child) => {
    has ||= hasOtherColumn(child, keys, kinds);
    return child;
  });
  return has;
}

function starItems(item: AstNode, { leaves, merges }: BlockSources): readonly AstNode[] {
  if (!isPlainStar(item)) throw mismatch('it picks columns of * by name');
  if (merges) throw mismatch('it has * over a join with USING');
  const relation = textOf(item['relation_name']).toLowerCase();
  const of = leaves.filter(({ alias }) => relation === '' || alias.toLowerCase() === relation);
  if (of.length === 0 || (relation !== '' && of.length > 1))
    throw mismatch('it has * of something that is none of its tables');
  return of.flatMap(({ alias, fields }) =>
    fields.map(({ name }) => columnNode(alias === '' ? [name] : [alias, name], item)),
  );
}

function groupingOf(
  node: AstNode,
  items: readonly BlockItem[],
  { names }: BlockSources,
  isWhole: (node: AstNode) => boolean,
): Pick<BlockForm, 'grouping' | 'groups'> {
  const expressions = nodesOf(node['group_expressions']);
  const sets = Array.isArray(node['group_sets']) ? node['group_sets'].length : 0;
  if (sets > 1) throw mismatch('it groups in several ways at once');
  if (node['aggregate_handling'] === 'FORCE_AGGREGATES') {
    const keys = items.filter(({ aggregates }) => !aggregates).map((item) => item.node);
    if (keys.length === 0) throw mismatch('it groups by nothing');
    return { grouping: { keys, whole: false }, groups: [] };
  }
  if (node['aggregate_handling'] !== 'STANDARD_HANDLING') throw mismatch('it groups in another way');
  if (expressions.length === 0) {
    if (sets > 0) throw mismatch('it groups by nothing');
    const whole = items.some(({ aggregates }) => aggregates) || isWhole(node);
    return { grouping: whole ? { keys: [], whole } : null, groups: [] };
  }
  const groups = expressions.map((expression) => {
    const at = placeOf(expression);
    if (at === null) return { node: names.bind(expression), written: false };
    const item = items[at];
    if (item === undefined) throw mismatch('it groups by a column that is not there');
    return { node: item.node, written: true };
  });
  return {
    grouping: { keys: groups.map((group) => group.node), whole: false },
    groups: groups.map((group) => (group.written ? null : group.node)),
  };
}

/** An aggregate in ORDER BY alone makes one group of all rows too. */
function ordersByAggregate(node: AstNode, kinds: FunctionKinds): boolean {
  return nodesOf(node['modifiers']).some(
    (modifier) => modifier['type'] === 'ORDER_MODIFIER' && hasAggregate(modifier, kinds),
  );
}

function placeOf(expression: AstNode): number | null {
  if (expression['class'] !== 'CONSTANT') return null;
  const place = groupPlace(expression);
  if (place === null) throw mismatch('it groups by a constant');
  return place;
}

/** Texts of what rows are grouped by. */
export function keysOf(keys: readonly AstNode[]): ReadonlySet<string> {
  return new Set(keys.map(canonical));
}

/** What the column of an item is called where nothing names it: null for an expression, whose text it is. */
export function ownName(written: AstNode): string | null {
  const alias = textOf(written['alias']);
  if (alias !== '') return alias;
  return written['class'] === 'COLUMN_REF' ? (textsOf(written['column_names']).at(-1) ?? null) : null;
}
