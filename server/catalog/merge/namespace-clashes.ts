import { decodeKey, encodeKey, endOfPrefix, startOfPrefix } from '../canonical.ts';
import { NAMESPACE_TYPE, type Content } from '../model.ts';
import type { CatalogReader } from '../reader.ts';
import { walkTree } from '../tree/read-tree.ts';
import type { ConflictKind } from './outcome.ts';
import { findInView, type View } from './view.ts';

export interface NamespaceClash {
  readonly key: string;
  readonly kind: Extract<ConflictKind, 'NAMESPACE_ABSENT' | 'NAMESPACE_NOT_EMPTY'>;
  readonly message: string;
  /** Theirs, which would have to come along; outermost first. */
  readonly withNamespaces: readonly (readonly [key: string, content: Content])[];
}

type Edits = Map<string, Content | null>;

/**
 * Where a merge would leave something in a namespace that is no more. Only namespaces that one of the sides has as a
 * content count: names with several levels may also be used without any.
 */
export async function namespaceClashes(
  reader: CatalogReader,
  sides: { readonly ours: View; readonly theirs: View },
  edits: Edits,
): Promise<readonly NamespaceClash[]> {
  const result = { ...sides.ours, edits: new Map([...sides.ours.edits, ...edits]) };
  const clashes: NamespaceClash[] = [];
  for (const [key, content] of edits) {
    const name = decodeKey(key).join('.');
    if (content === null) {
      if ((await findInView(reader, sides.ours, key))?.type !== NAMESPACE_TYPE) continue;
      const left = await firstBeneath(reader, result, key);
      if (left === null) continue;
      const message = `Theirs removed the namespace ${name}, in which ours has ${decodeKey(left).join('.')}.`;
      clashes.push({ key, kind: 'NAMESPACE_NOT_EMPTY', message, withNamespaces: [] });
      continue;
    }
    if ((await findInView(reader, sides.ours, key)) !== null) continue;
    const missing: [string, Content][] = [];
    for (const namespace of namespacesOf(key)) {
      if ((await findInView(reader, result, namespace)) !== null) continue;
      const known = await findInView(reader, sides.theirs, namespace);
      if (known !== null) missing.push([namespace, known]);
    }
    const [first] = missing;
    // Where the merge removes the namespace, that is told once, and not for each thing that is in it.
    if (first === undefined || edits.has(first[0])) continue;
    const message = `${name} came to theirs, but ours has removed the namespace ${decodeKey(first[0]).join('.')}.`;
    clashes.push({ key, kind: 'NAMESPACE_ABSENT', message, withNamespaces: missing });
  }
  return clashes;
}

/** Removes all that ours, or the merge, has in a namespace. */
export async function removeBeneath(
  reader: CatalogReader,
  ours: View,
  edits: Edits,
  namespace: string,
): Promise<void> {
  const [start, end] = [startOfPrefix(namespace), endOfPrefix(namespace)];
  for (const key of edits.keys()) if (key >= start && key < end) edits.set(key, null);
  for await (const [key] of walkTree(reader.nodes, ours.tree, start, end)) edits.set(key, null);
}

async function firstBeneath(reader: CatalogReader, view: View, namespace: string): Promise<string | null> {
  const [start, end] = [startOfPrefix(namespace), endOfPrefix(namespace)];
  for (const [key, content] of view.edits) if (content !== null && key >= start && key < end) return key;
  for await (const [key] of walkTree(reader.nodes, view.tree, start, end)) {
    if (view.edits.get(key) !== null) return key;
  }
  return null;
}

/** The namespaces that a key is in, outermost first. */
function namespacesOf(key: string): readonly string[] {
  const levels = decodeKey(key);
  return levels.slice(1).map((_, index) => encodeKey(levels.slice(0, index + 1)));
}
