import { Utf16Offsets } from '#shared/sql/positions.ts';
import { isNode, locationOf, mapChildren, type AstNode } from '../analyze/ast.ts';
import type { SqlParser } from '../analyze/parse.ts';
import { isAlike } from '../analyze/rewrite.ts';
import type { SplicedSql } from '../analyze/splices.ts';
import { castNode, constantNode } from './nodes.ts';

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
  const place = (ours: AstNode, theirs: AstNode) => {
    const [from, to] = [locationOf(ours), locationOf(theirs)];
    if (from !== null && to !== null) places.push([to, from]);
  };
  if (read === null || !isAlike(writable, read, { met: place })) return null;
  const [written, asked] = [new Utf16Offsets(sql), new Utf16Offsets(original)];
  const anchors = places
    .map(([to, from]) => [written.of(to), asked.of(from)] as const)
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
    return castNode(constantNode('VARCHAR', String(value['value']), query_location), type);
  }
  return mapChildren(node, withWritableConstants);
}
