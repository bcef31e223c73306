import type { ResolvedTable } from '../plan/scan-source.ts';
import { isNode, nodesOf, textOf, textsOf, type AstNode } from '../analyze/ast.ts';
import type { TableReference } from '../analyze/table-reference.ts';
import { collectBaseTables } from '../analyze/tables.ts';
import { BlockNames, type Leaf } from './block-names.ts';
import { canonical, conjuncts } from './canonical.ts';
import type { FunctionKinds } from './function-kinds.ts';
import { mismatch } from './mismatch.ts';
import { boundColumn, comparisonNode } from './nodes.ts';
import type { SnapshotSchema } from './snapshot-schema.ts';

/** A table as FROM has it, and as it was found. */
export interface FoundTable {
  readonly node: AstNode;
  /** As the query names it. */
  readonly name: readonly string[];
  readonly table: ResolvedTable;
}

/** Those of a query by their nodes. @param references and their tables, in the order that they stand in it */
export function foundTables(
  root: AstNode,
  references: readonly TableReference[],
  tables: readonly ResolvedTable[],
): ReadonlyMap<AstNode, FoundTable> {
  return new Map(
    collectBaseTables(root).flatMap((node, index) => {
      const [reference, table] = [references[index], tables[index]];
      return reference === undefined || table === undefined
        ? []
        : [[node, { node, name: reference.name, table }] as const];
    }),
  );
}

export interface BlockSources {
  readonly leaves: readonly Leaf[];
  readonly names: BlockNames;
  /** Equal where the same tables are joined in the same way, the conditions of inner joins aside. */
  readonly from: string;
  /** Those of inner joins. */
  readonly conditions: readonly AstNode[];
  /** Some columns have no single table, so that `*` is not theirs in order. */
  readonly merges: boolean;
}

/**
 * The tables of a FROM clause and how they are joined; null where they are no tables of the catalog alone.
 *
 * @throws Mismatch for joins that are not understood
 */
export function blockSources(
  from: AstNode,
  tables: ReadonlyMap<AstNode, FoundTable>,
  kinds: FunctionKinds,
  schemaOf: SnapshotSchema,
): BlockSources | null {
  const found = leavesOf(from, tables);
  if (found === null) return null;
  const seen = new Map<string, number>();
  const leaves = found.map(({ table, alias, written, node }): [AstNode, Leaf] => {
    const uuid = table.table.metadata.tableUuid;
    const count = seen.get(uuid) ?? 0;
    seen.set(uuid, count + 1);
    const leaf: Leaf = {
      id: `${uuid}~${count}`,
      alias,
      name: written ? null : table.name,
      table: table.table,
      fields: schemaOf(table.table).fields,
    };
    return [node, leaf];
  });
  const joined = new Joins(new Map(leaves), kinds);
  const text = joined.textOf(from);
  return {
    leaves: leaves.map(([, leaf]) => leaf),
    names: joined.names,
    from: joined.isInner
      ? leaves
          .map(([, { id }]) => id)
          .sort()
          .join(' ')
      : text.text,
    conditions: joined.isInner ? joined.conditions : [],
    merges: joined.merges,
  };
}

interface FoundLeaf {
  readonly node: AstNode;
  readonly table: FoundTable;
  readonly alias: string;
  readonly written: boolean;
}

function leavesOf(from: AstNode, tables: ReadonlyMap<AstNode, FoundTable>): readonly FoundLeaf[] | null {
  if (isNode(from['sample']) || textsOf(from['column_name_alias']).length > 0) return null;
  const written = textOf(from['alias']);
  if (from['type'] === 'JOIN') {
    const { left, right } = from;
    const sides = [left, right].map((side) => (isNode(side) ? leavesOf(side, tables) : null));
    const [first, second] = sides;
    return written !== '' || !first || !second ? null : [...first, ...second];
  }
  const base = wholeTable(from);
  const table = base === null ? undefined : tables.get(base);
  if (base === null || table === undefined) return null;
  // A subquery hides what its table was called.
  const inner = base === from ? table.name.at(-1) : undefined;
  const alias = written === '' ? (inner ?? '') : written;
  return [{ node: from, table, alias, written: written !== '' || base !== from }];
}

/** The table that FROM names, or that `(FROM t)` stands for there; null for anything else. */
function wholeTable(from: AstNode): AstNode | null {
  if (from['type'] === 'BASE_TABLE') return from;
  const query = isNode(from['subquery']) ? from['subquery']['node'] : null;
  if (from['type'] !== 'SUBQUERY' || !isNode(query) || query['type'] !== 'SELECT_NODE') return null;
  const [item, ...more] = nodesOf(query['select_list']);
  const plain =
    more.length === 0 &&
    item !== undefined &&
    isPlainStar(item) &&
    textOf(item['relation_name']) === '' &&
    ['where_clause', 'having', 'qualify', 'sample'].every((key) => query[key] === null) &&
    ['modifiers', 'group_expressions', 'group_sets'].every((key) => nodesOf(query[key]).length === 0) &&
    query['aggregate_handling'] === 'STANDARD_HANDLING' &&
    isNode(query['cte_map']) &&
    nodesOf(query['cte_map']['map']).length === 0;
  const inner = query['from_table'];
  if (!plain || !isNode(inner) || inner['type'] !== 'BASE_TABLE') return null;
  return isNode(inner['sample']) || textsOf(inner['column_name_alias']).length > 0 ? null : inner;
}

/** `*` or `t.*`, with nothing left out or put in. */
export function isPlainStar(item: AstNode): boolean {
  const lists = ['exclude_list', 'replace_list', 'qualified_exclude_list', 'rename_list'];
  return (
    item['class'] === 'STAR' &&
    item['columns'] === false &&
    !isNode(item['expr']) &&
    lists.every((key) => !Array.isArray(item[key]) || item[key].length === 0)
  );
}

interface Joined {
  readonly text: string;
  readonly leaves: readonly Leaf[];
}

class Joins {
  readonly names: BlockNames;
  readonly conditions: AstNode[] = [];
  isInner = true;
  merges = false;
  readonly #leaves: ReadonlyMap<AstNode, Leaf>;

  constructor(leaves: ReadonlyMap<AstNode, Leaf>, kinds: FunctionKinds) {
    this.#leaves = leaves;
    this.names = new BlockNames([...leaves.values()], kinds);
  }

  textOf(from: AstNode): Joined {
    const leaf = this.#leaves.get(from);
    if (leaf !== undefined) return { text: leaf.id, leaves: [leaf] };
    const { left, right, join_type: type, ref_type: kind } = from;
    if (!isNode(left) || !isNode(right) || !['REGULAR', 'CROSS'].includes(textOf(kind)))
      throw mismatch('it joins in a way that is not compared');
    if (!['INNER', 'LEFT', 'RIGHT', 'OUTER'].includes(textOf(type)))
      throw mismatch('it joins in a way that is not compared');
    if (type !== 'INNER') this.isInner = false;
    const sides = [this.textOf(left), this.textOf(right)] as const;
    const conditions = [...this.#using(from, sides), ...this.#on(from)];
    this.conditions.push(...conditions);
    const on = conditions.map(canonical).sort().join(' AND ');
    const text = `(${sides[0].text} ${textOf(type)} ${sides[1].text} ON ${on})`;
    return { text, leaves: sides.flatMap(({ leaves }) => leaves) };
  }

  #on({ condition }: AstNode): readonly AstNode[] {
    return isNode(condition) ? conjuncts(this.names.bind(condition)) : [];
  }

  #using(from: AstNode, [left, right]: readonly [Joined, Joined]): readonly AstNode[] {
    return textsOf(from['using_columns']).map((column) => {
      // Of a right or full join the column may have the value of either side.
      if (!['INNER', 'LEFT'].includes(textOf(from['join_type'])))
        throw mismatch(`${column} of USING has no single table`);
      this.merges = true;
      const [one, other] = [left, right].map((side) => columnOf(side, column, this.names.merged(column)));
      if (one === undefined || other === undefined) throw mismatch(`${column} of USING has no single table`);
      this.names.merge(column, one.leaf);
      return comparisonNode('COMPARE_EQUAL', boundColumn(one.id, from), boundColumn(other.id, from), from);
    });
  }
}

function columnOf(
  { leaves }: Joined,
  column: string,
  merged: Leaf | undefined,
): { readonly leaf: Leaf; readonly id: string } | undefined {
  const name = column.toLowerCase();
  const found = leaves
    .flatMap((leaf) =>
      leaf.fields
        .filter((field) => field.name.toLowerCase() === name)
        .map(({ id }) => ({ leaf, id: `${leaf.id}.${id}` })),
    )
    .filter(({ leaf }) => merged === undefined || !leaves.includes(merged) || leaf === merged);
  return found.length === 1 ? found[0] : undefined;
}
