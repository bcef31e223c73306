import { utf16Offset } from '#shared/sql/positions.ts';
import { locationOf, mapChildren, type AstNode } from './ast.ts';
import type { SplicedSql } from './splices.ts';

/** The tree of SQL that something was put into, with the places of the SQL that it was put into. */
export function movedBack(tree: AstNode, original: string, spliced: SplicedSql): AstNode {
  const bytes = new Map<number, number>();
  const back = (location: number): number => {
    const known = bytes.get(location);
    if (known !== undefined) return known;
    const offset = spliced.toOriginal(utf16Offset(spliced.sql, location));
    const moved = Buffer.byteLength(original.slice(0, offset));
    bytes.set(location, moved);
    return moved;
  };
  const moved = (node: AstNode): AstNode => {
    const location = locationOf(node);
    const inside = mapChildren(node, moved);
    return location === null ? inside : { ...inside, query_location: back(location) };
  };
  return moved(tree);
}
