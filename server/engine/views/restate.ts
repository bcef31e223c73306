import { utf16Offset } from '#shared/sql/positions.ts';
import { isNode, locationOf, type AstNode, type AstValue } from '../analyze/ast.ts';
import type { SqlParser } from '../analyze/parse.ts';
import type { SplicedSql } from '../analyze/splices.ts';
import { castNode, mapChildren } from './nodes.ts';

/**
 * The SQL of a tree that was made of that of `original`, whose places the nodes still have; null where DuckDB does not
 * read what it writes of it as the same tree.
 */
export async function restate(
  parser: SqlParser,
  original: string,
  tree: AstNode,
): Promise<Pick<SplicedSql, 'sql' | 'toOriginal'> | null> {
  const writable = withWritableConstants(tree);
  const sql = await parser.write(writable).catch(() => null);
  if (sql === null) return null;
  const places: [number, number][] = [];
  const read = await parser.parse(sql, true).catch(() => null);
  if (read === null || !isSame(writable, read, places)) return null;
  const anchors = places
    .map(([to, from]) => [utf16Offset(sql, to), utf16Offset(original, from)] as const)
    .sort(([a], [b]) => a - b);
  return {
    sql,
    toOriginal: (offset) => anchors.findLast(([at]) => at <= offset)?.[1] ?? 0,
  };
}

/** DuckDB writes the DOUBLE 1.5e0 as 1.5, which it reads as a DECIMAL. */
function withWritableConstants(node: AstNode): AstNode {
  const { value, query_location } = node;
  if (
    node['class'] === 'CONSTANT' &&
    isNode(value) &&
    isNode(value['type']) &&
    typeof value['value'] === 'number'
  ) {
    const { type } = value;
    if (type['id'] !== 'DOUBLE') return node;
    const text = { type: { id: 'VARCHAR', type_info: null }, is_null: false, value: String(value['value']) };
    return castNode(
      { class: 'CONSTANT', type: 'VALUE_CONSTANT', alias: '', query_location, value: text },
      type,
    );
  }
  return mapChildren(node, withWritableConstants);
}

/** Places of nodes aside, which are put in `places` as those of the second and the first. */
function isSame(a: AstValue | undefined, b: AstValue | undefined, places: [number, number][]): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    const others = b as readonly AstValue[];
    return (
      a.length === others.length &&
      (a as readonly AstValue[]).every((item, at) => isSame(item, others[at], places))
    );
  }
  if (!isNode(a) || !isNode(b)) return a === b;
  const [from, to] = [locationOf(a), locationOf(b)];
  if (from !== null && to !== null) places.push([to, from]);
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  keys.delete('query_location');
  return [...keys].every((key) => isSame(a[key], b[key], places));
}
