import { isNode, nodesOf, textOf, textsOf, type AstNode, type AstValue } from './ast.ts';

/** An aggregate that a table's metadata may know. */
export interface SimpleAggregate {
  readonly name: 'count' | 'min' | 'max';
  /** As the query has it; null: count(*). */
  readonly column: string | null;
}

/** `SELECT count(*), min(x), … FROM t [WHERE …]`: its aggregates; null for any other query. */
export function simpleAggregates(root: AstNode): readonly SimpleAggregate[] | null {
  const table = onlyTable(root);
  if (table === null || nodesOf(root['modifiers']).length > 0) return null;
  const items = nodesOf(root['select_list']).map((item) => aggregateOf(item, table));
  const known = items.filter((item) => item !== null);
  return items.length === 0 || known.length < items.length ? null : known;
}

/** Rows that `SELECT … FROM t [WHERE …] LIMIT n [OFFSET m]` needs, n + m; null for any other query. */
export function rowsNeeded(root: AstNode): number | null {
  const [limit, ...others] = nodesOf(root['modifiers']);
  if (onlyTable(root) === null || limit?.['type'] !== 'LIMIT_MODIFIER' || others.length > 0) return null;
  const rows = countOf(limit['limit']);
  const skipped = limit['offset'] === null ? 0 : countOf(limit['offset']);
  return rows === null || skipped === null ? null : rows + skipped;
}

/** The table of a query that has nothing but a select list, one table and maybe WHERE. */
function onlyTable(root: AstNode): AstNode | null {
  const table = root['from_table'];
  const isSimple =
    root['type'] === 'SELECT_NODE' &&
    isNode(table) &&
    table['type'] === 'BASE_TABLE' &&
    table['sample'] === null &&
    textsOf(table['column_name_alias']).length === 0 &&
    root['sample'] === null &&
    root['having'] === null &&
    root['qualify'] === null &&
    root['aggregate_handling'] === 'STANDARD_HANDLING' &&
    isEmpty(root['group_expressions']) &&
    isEmpty(root['group_sets']) &&
    isNode(root['cte_map']) &&
    isEmpty(root['cte_map']['map']);
  return isSimple ? table : null;
}

function isEmpty(value: AstValue | undefined): boolean {
  return Array.isArray(value) && value.length === 0;
}

function countOf(node: AstValue | undefined): number | null {
  const value = isNode(node) && node['class'] === 'CONSTANT' ? node['value'] : null;
  const count = isNode(value) ? value['value'] : null;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null;
}

function aggregateOf(item: AstNode, table: AstNode): SimpleAggregate | null {
  const orders = isNode(item['order_bys']) ? item['order_bys']['orders'] : null;
  if (
    item['class'] !== 'FUNCTION' ||
    item['distinct'] === true ||
    item['filter'] !== null ||
    !isEmpty(orders)
  )
    return null;
  const children = nodesOf(item['children']);
  const [child] = children;
  switch (textOf(item['function_name'])) {
    case 'count_star':
      return { name: 'count', column: null };
    case 'count':
    case 'min':
    case 'max': {
      const column = child === undefined || children.length > 1 ? null : columnOf(child, table);
      return column === null
        ? null
        : { name: textOf(item['function_name']) as SimpleAggregate['name'], column };
    }
    default:
      return null;
  }
}

/** `x` or `t.x`. */
function columnOf(node: AstNode, table: AstNode): string | null {
  if (node['class'] !== 'COLUMN_REF') return null;
  const names = textsOf(node['column_names']);
  const alias = textOf(table['alias']) || textOf(table['table_name']);
  const [first = '', second] = names;
  if (names.length === 1) return first;
  return names.length === 2 && first.toLowerCase() === alias.toLowerCase() ? (second ?? null) : null;
}
