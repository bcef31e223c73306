/** DuckDB's AST as json_serialize_sql prints it. Field names are DuckDB's; see its serialization JSON specs. */
export type AstValue = null | boolean | number | bigint | string | readonly AstValue[] | AstNode;
export interface AstNode {
  readonly [key: string]: AstValue | undefined;
}

export function isNode(value: AstValue | undefined): value is AstNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function nodesOf(value: AstValue | undefined): readonly AstNode[] {
  return Array.isArray(value) ? (value as readonly AstValue[]).filter(isNode) : [];
}

export function textOf(value: AstValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function textsOf(value: AstValue | undefined): readonly string[] {
  return Array.isArray(value)
    ? (value as readonly AstValue[]).filter((item) => typeof item === 'string')
    : [];
}

/** The text of a constant that is written as one; null for anything else. */
export function writtenText({ class: kind, value }: AstNode): string | null {
  if (kind !== 'CONSTANT' || !isNode(value) || !isNode(value['type'])) return null;
  return value['type']['id'] === 'VARCHAR' && typeof value['value'] === 'string' ? value['value'] : null;
}

/** Of the function that a node calls, in lower case; empty where it calls none. */
export function functionName(node: AstNode): string {
  return node['class'] === 'FUNCTION' ? textOf(node['function_name']).toLowerCase() : '';
}

/** Whether a call stands for a table: it gives rows as they are taken, not one value. */
export function isTableFunction(node: AstNode, parent: AstNode | undefined): boolean {
  return parent?.['type'] === 'TABLE_FUNCTION' && parent['function'] === node;
}

/** Byte offset of a node in its SQL; null where the parser made the node up (it then says 2^64 - 1). */
export function locationOf(node: AstNode): number | null {
  const location = node['query_location'];
  return typeof location === 'number' && Number.isSafeInteger(location) ? location : null;
}

/** Every object of the tree, parents first. `parents` of a visit is the chain from the root, nearest last. */
export function walkAst(
  value: AstValue | undefined,
  visit: (node: AstNode, parents: readonly AstNode[]) => void,
): void {
  const parents: AstNode[] = [];
  const descend = (value: AstValue | undefined): void => {
    if (Array.isArray(value)) {
      for (const item of value as readonly AstValue[]) descend(item);
    } else if (isNode(value)) {
      visit(value, parents);
      parents.push(value);
      for (const key in value) descend(value[key]);
      parents.pop();
    }
  };
  descend(value);
}

/** Changes the values of a node's fields, and of those of what is in it that is no node. */
export function mapChildren(node: AstNode, change: (child: AstNode) => AstNode): AstNode {
  const map = (value: AstValue | undefined): AstValue | undefined => {
    if (Array.isArray(value)) return (value as readonly AstValue[]).map((item) => map(item) ?? null);
    return isNode(value) ? change(value) : value;
  };
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, map(value)]));
}
