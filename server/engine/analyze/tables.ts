import { isNode, nodesOf, textOf, type AstNode, type AstValue } from './ast.ts';

/** A common table expression in sight: true where it is recursive and this is its recursive part. */
type Scope = ReadonlyMap<string, boolean>;

/**
 * The BASE_TABLE nodes that name tables of the catalog, in the order of the tree, which leaves out names of
 * common table expressions. As DuckDB resolves them: a WITH list is in sight from its second entry on, an entry
 * does not see itself unless it is the recursive part of a recursive one, inner names hide outer ones, and a
 * name with a schema is never a CTE (`recurring.x` aside, which is the whole of a recursive one).
 */
export function collectBaseTables(root: AstNode): readonly AstNode[] {
  const tables: AstNode[] = [];
  visit(root, new Map(), tables);
  return tables;
}

function visit(value: AstValue | undefined, scope: Scope, tables: AstNode[]): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly AstValue[]) visit(item, scope, tables);
    return;
  }
  if (!isNode(value)) return;
  if (value['type'] === 'BASE_TABLE') {
    if (!isCte(value, scope)) tables.push(value);
    return;
  }
  const inner = isNode(value['cte_map']) ? visitCtes(value['cte_map'], scope, tables) : scope;
  for (const key in value) {
    if (key === 'cte_map') continue;
    const recursive = value['type'] === 'RECURSIVE_CTE_NODE' && key === 'right';
    visit(value[key], recursive ? withName(inner, textOf(value['cte_name']), true) : inner, tables);
  }
}

function visitCtes(cteMap: AstNode, outer: Scope, tables: AstNode[]): Scope {
  let scope = outer;
  for (const entry of nodesOf(cteMap['map'])) {
    visit(entry['value'], scope, tables);
    scope = withName(scope, textOf(entry['key']), false);
  }
  return scope;
}

function withName(scope: Scope, name: string, recursive: boolean): Scope {
  return new Map(scope).set(name.toLowerCase(), recursive);
}

function isCte(table: AstNode, scope: Scope): boolean {
  const recursive = scope.get(textOf(table['table_name']).toLowerCase());
  if (recursive === undefined || textOf(table['catalog_name']) !== '') return false;
  const schema = textOf(table['schema_name']).toLowerCase();
  return schema === '' || (schema === 'recurring' && recursive);
}
