import type { Content, Hash } from '../model.ts';
import type { CatalogReader } from '../reader.ts';
import { diffTrees, findInTree } from '../tree/read-tree.ts';

/** A tree with some keys otherwise, which is nowhere stored. Keys are encoded. */
export interface View {
  readonly tree: Hash;
  /** Null: absent. */
  readonly edits: ReadonlyMap<string, Content | null>;
}

export interface ViewChange {
  readonly before: Content | null;
  readonly after: Content | null;
}

export function viewOf(tree: Hash): View {
  return { tree, edits: new Map() };
}

export async function findInView(reader: CatalogReader, view: View, key: string): Promise<Content | null> {
  const edited = view.edits.get(key);
  return edited === undefined ? findInTree(reader.nodes, view.tree, key) : edited;
}

/** What differs, by key. Edits that change nothing may be told as changes to the same. */
export async function diffViews(
  reader: CatalogReader,
  from: View,
  to: View,
): Promise<ReadonlyMap<string, ViewChange>> {
  const changes = new Map<string, ViewChange>();
  for (const { key, before, after } of await diffTrees(reader.nodes, from.tree, to.tree)) {
    changes.set(key, { before, after });
  }
  for (const key of new Set([...from.edits.keys(), ...to.edits.keys()])) {
    const [before, after] = [await findInView(reader, from, key), await findInView(reader, to, key)];
    if (before === null && after === null) changes.delete(key);
    else changes.set(key, { before, after });
  }
  return changes;
}
