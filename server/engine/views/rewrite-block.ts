import { isNode, mapChildren, nodesOf, textOf, textsOf, walkAst, type AstNode } from '../analyze/ast.ts';
import { assertRepeats, assertWithoutOrder, ignoresRepeats, ofGroup, ofParts } from './aggregates.ts';
import { keysOf, ownName, type BlockForm } from './block-form.ts';
import { canonical } from './canonical.ts';
import { isAggregate, type FunctionKinds } from './function-kinds.ts';
import { implies } from './implied.ts';
import { mismatch } from './mismatch.ts';
import { allOf, BOUND, castNode, columnNode, isExpression, someNode } from './nodes.ts';
import { isExactlyEqual, type ViewColumn, type ViewForm } from './view-form.ts';

export interface RewriteTools {
  readonly kinds: FunctionKinds;
  /** DuckDB's types of expressions over the columns of a SELECT's tables. */
  typesOf(block: BlockForm, expressions: readonly AstNode[]): Promise<readonly string[]>;
  /** An expression as text: what a column without a name is called. */
  textOf(expression: AstNode): Promise<string>;
}

/** What columns of the view are qualified by. */
export const STAND_IN = '__timestream_stand_in';

/**
 * A SELECT as one over the rows of a materialized view that has the same tables in the same state.
 *
 * @param from names the view, as STAND_IN
 * @throws Mismatch where the view's rows do not have its answer, or need not have it to the last bit
 */
export async function rewriteBlock(
  query: BlockForm,
  view: ViewForm,
  from: AstNode,
  tools: RewriteTools,
): Promise<AstNode> {
  if (query.sources.from !== view.block.sources.from)
    throw mismatch('the query joins other tables, or otherwise');
  const left = remainingConditions(query, view);
  const rows = new Rows(query, view, tools.kinds, isSameGrouping(query, view, left));
  if (view.grouping === null) await assertAnyOrder(query, tools);
  const items = await Promise.all(
    query.items.map(async ({ node, written }) => ({
      ...rows.value(node),
      alias: ownName(written) ?? (await tools.textOf(written)),
    })),
  );
  return {
    ...query.node,
    select_list: items,
    from_table: from,
    where_clause: allOf(left.map((condition) => rows.value(condition))),
    group_expressions: nodesOf(query.node['group_expressions']).map((written, index) => {
      const group = query.groups[index] ?? null;
      return group === null ? written : rows.value(group);
    }),
    having: query.having === null ? null : rows.value(query.having),
    modifiers: nodesOf(query.node['modifiers']).map((modifier) => rows.modifier(modifier)),
  };
}

/** What rows have to pass beside the view's conditions, all of which have to be the query's too. */
function remainingConditions(query: BlockForm, view: ViewForm): readonly AstNode[] {
  const asked = keysOf(query.conditions);
  const kept = keysOf(view.block.conditions);
  const isMet = (condition: AstNode) =>
    asked.has(canonical(condition)) || query.conditions.some((own) => implies(own, condition));
  if (!view.block.conditions.every(isMet)) throw mismatch('it leaves out rows that the query may read');
  return query.conditions.filter((condition) => !kept.has(canonical(condition)));
}

/** Whether each group of the query is one row of the view. */
function isSameGrouping(query: BlockForm, { grouping }: ViewForm, left: readonly AstNode[]): boolean {
  if (grouping === null) return false;
  if (query.grouping === null && !query.distinct)
    throw mismatch('it has groups, and the query reads the rows of its tables');
  const whole = query.grouping?.whole === true;
  // It has a row where its tables have none.
  if (grouping.whole && !whole) throw mismatch('it is one row, and the query has groups');
  if (query.grouping === null || (whole && left.length > 0)) return false;
  const asked = keysOf(query.grouping.keys);
  return (
    whole === grouping.whole &&
    asked.size === grouping.texts.size &&
    [...asked].every((key) => grouping.texts.has(key))
  );
}

/** @throws Mismatch where the order in which rows come may be seen in the answer */
async function assertAnyOrder(query: BlockForm, tools: RewriteTools): Promise<void> {
  const { kinds } = tools;
  const { items, grouping, having, distinct, node } = query;
  const aggregates: AstNode[] = [];
  const { names } = query.sources;
  const orders = nodesOf(node['modifiers'])
    .flatMap((modifier) => nodesOf(modifier['orders']))
    .flatMap(({ expression }) => (isNode(expression) ? [expression] : []))
    .filter((expression) => someNode(expression, (each) => isAggregate(each, kinds)))
    .map((expression) => names.bind(expression, 'unsure'));
  for (const root of [...items.map((item) => item.node), ...orders, having])
    walkAst(root, (each) => {
      if (isAggregate(each, kinds)) aggregates.push(each);
    });
  const equal = [
    ...(grouping?.keys ?? []),
    ...(distinct && grouping === null ? items.map((item) => item.node) : []),
  ];
  const parts = aggregates.map((aggregate) => nodesOf(aggregate['children']));
  if (equal.length === 0 && parts.length === 0) return;
  const types = await tools.typesOf(query, [...equal, ...parts.flat()]);
  for (const type of types.slice(0, equal.length))
    if (!isExactlyEqual(type))
      throw mismatch(`groups by ${type} have equal values that differ, as 0.0 and -0.0`);
  let at = equal.length;
  for (const [index, aggregate] of aggregates.entries()) {
    const count = parts[index]?.length ?? 0;
    assertWithoutOrder(aggregate, types.slice(at, at + count));
    at += count;
  }
}

/** Expressions of a query over the columns of a view. */
class Rows {
  readonly #query: BlockForm;
  readonly #view: ViewForm;
  readonly #kinds: FunctionKinds;
  readonly #same: boolean;

  constructor(query: BlockForm, view: ViewForm, kinds: FunctionKinds, same: boolean) {
    this.#query = query;
    this.#view = view;
    this.#kinds = kinds;
    this.#same = same;
  }

  /** @param node bound */
  value(node: AstNode): AstNode {
    if (isExpression(node)) {
      const column = this.#view.columns.get(canonical(node));
      if (column !== undefined && !column.measure) return reference(column, node);
      if (column !== undefined && this.#same) {
        walkAst(node, (each) => {
          if (isAggregate(each, this.#kinds)) assertRepeats(each);
        });
        return ofGroup(reference(column, node));
      }
      if (isAggregate(node, this.#kinds)) return this.#aggregate(node);
      if (typeof node[BOUND] === 'string') throw mismatch(`it does not have ${this.#nameOf(node[BOUND])}`);
    }
    return mapChildren(node, (child) => this.value(child));
  }

  #aggregate(node: AstNode): AstNode {
    if (this.#view.grouping === null) return mapChildren(node, (child) => this.value(child));
    const { filter } = node;
    const own = isNode(filter) ? filter : null;
    const [child, ...others] = nodesOf(node['children']);
    if (ignoresRepeats(node) && child !== undefined && others.length === 0) {
      const key = this.#view.columns.get(canonical(child));
      if (key !== undefined && !key.measure) return mapChildren(node, (each) => this.value(each));
    }
    const whole = this.#view.columns.get(canonical(node));
    if (whole !== undefined) return ofParts(node, whole, reference(whole, node), null);
    const unfiltered =
      own === null ? undefined : this.#view.columns.get(canonical({ ...node, filter: null }));
    if (own === null || unfiltered === undefined)
      throw mismatch(`it does not have ${textOf(node['function_name'])} of what the query has it of`);
    return ofParts(node, unfiltered, reference(unfiltered, node), this.value(own));
  }

  /** Of ORDER BY, LIMIT and DISTINCT, which stay as they are over other columns. */
  modifier(modifier: AstNode): AstNode {
    const types = nodesOf(this.#query.node['modifiers']).map(({ type }) => type);
    switch (modifier['type']) {
      case 'ORDER_MODIFIER':
        return { ...modifier, orders: nodesOf(modifier['orders']).map((order) => this.#order(order)) };
      case 'DISTINCT_MODIFIER':
        if (nodesOf(modifier['distinct_on_targets']).length > 0) throw mismatch('the query has DISTINCT ON');
        return modifier;
      default:
        if (!types.includes('ORDER_MODIFIER')) throw mismatch('the query has LIMIT without ORDER BY');
        return modifier;
    }
  }

  #order(order: AstNode): AstNode {
    const { expression } = order;
    if (!isNode(expression) || ['CONSTANT', 'STAR'].includes(textOf(expression['class']))) return order;
    const parts = textsOf(expression['column_names']);
    const name = parts.length === 1 ? parts[0]?.toLowerCase() : undefined;
    const named = this.#query.items.filter(({ written }) => ownName(written)?.toLowerCase() === name);
    if (name !== undefined && named.length > 1)
      throw mismatch(`the query has several columns called ${parts[0]}`);
    if (name !== undefined && named.length === 1) return order;
    return { ...order, expression: this.value(this.#query.sources.names.bind(expression, 'unsure')) };
  }

  #nameOf(bound: string): string {
    for (const { id, fields } of this.#query.sources.leaves)
      for (const field of fields) if (`${id}.${field.id}` === bound) return `the column ${field.name}`;
    return 'a column';
  }
}

/** The column as the expression that it was made of had it. */
function reference({ name, type, stored }: ViewColumn, like: AstNode): AstNode {
  const column = columnNode([STAND_IN, name], like);
  return type === stored ? column : castNode(column, { id: type, type_info: null });
}
