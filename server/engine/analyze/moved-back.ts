import { Utf16Offsets } from '#shared/sql/positions.ts';
import { locationOf, mapChildren, type AstNode } from './ast.ts';
import type { SplicedSql } from './splices.ts';

/** The tree of SQL that something was put into, with the places of the SQL that it was put into. */
export function movedBack(tree: AstNode, original: string, spliced: SplicedSql): AstNode {
  const offsets = new Utf16Offsets(spliced.sql);
  const places = new Utf16Offsets(original);
  const back = (location: number): number => places.bytesAt(spliced.toOriginal(offsets.of(location)));
  const moved = (node: AstNode): AstNode => {
    const location = locationOf(node);
    const inside = mapChildren(node, moved);
    return location === null ? inside : { ...inside, query_location: back(location) };
  };
  return moved(tree);
}
