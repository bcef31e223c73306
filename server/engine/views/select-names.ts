import { isNode, nodesOf, textOf, textsOf, walkAst, type AstNode } from '../analyze/ast.ts';

/**
 * What names in a SELECT stand for: for columns of its tables, as anywhere in DuckDB, and only where there are none of the
 * name for what the select list calls so. Where the list calls something by a name that may or may not be a column,
 * nothing is certain.
 */
export class SelectNames {
  /** Which items of the select list have a name, in lower case. */
  readonly #items = new Map<string, readonly number[]>();
  /** In lower case; null where the SELECT reads something else than the table. */
  readonly #columns: ReadonlySet<string> | null;
  /** What the table is called: its rows are meant by that. */
  readonly #table: string;

  /**
   * @param tableNodes the tables of the catalog that the query reads, one
   * @param fields names of its columns
   */
  constructor(select: AstNode, tableNodes: readonly AstNode[], fields: readonly string[]) {
    for (const [index, item] of nodesOf(select['select_list']).entries()) {
      const alias = textOf(item['alias']).toLowerCase();
      if (alias !== '') this.#items.set(alias, [...(this.#items.get(alias) ?? []), index]);
    }
    const from = select['from_table'];
    const readsTable =
      isNode(from) && tableNodes.includes(from) && textsOf(from['column_name_alias']).length === 0;
    this.#columns = readsTable ? new Set(fields.map((name) => name.toLowerCase())) : null;
    const { alias, table_name: name } = readsTable ? from : {};
    this.#table = (textOf(alias) === '' ? textOf(name) : textOf(alias)).toLowerCase();
  }

  /** Of a reference by name: a column, the item of the select list that it names, or null where that is not certain. */
  meaningOf(reference: AstNode): 'column' | number | null {
    const [first = '', ...others] = textsOf(reference['column_names']).map((part) => part.toLowerCase());
    const items = this.#items.get(first);
    // No item is called by a name of several parts.
    if (items === undefined || others.length > 0) return 'column';
    if (this.#columns === null) return null;
    if (this.#columns.has(first)) return 'column';
    const [item, ...more] = items;
    if (item === undefined || more.length > 0 || first === this.#table || first === 'rowid') return null;
    return item;
  }

  /** Whether all names in an expression are surely those of columns. */
  areColumns(expression: AstNode): boolean {
    let are = true;
    walkAst(expression, (node) => {
      if (node['class'] === 'COLUMN_REF' && this.meaningOf(node) !== 'column') are = false;
    });
    return are;
  }
}

/** `GROUP BY 2` is the item of index 1; null for another constant, by which all rows are one group. */
export function groupPlace(group: AstNode): number | null {
  const { value } = group;
  if (group['class'] !== 'CONSTANT' || !isNode(value) || !isNode(value['type'])) return null;
  // The value of the DECIMAL 0.1 is 1 here.
  const isInteger = value['type']['id'] === 'INTEGER' && typeof value['value'] === 'number';
  return isInteger ? Number(value['value']) - 1 : null;
}
