import type { Content, Hash } from '../model.ts';
import { encodeNode, endsNode, type EncodedNode, type Entry, type TreeNode } from './node.ts';
import type { NodeSource } from './node-source.ts';

/** What becomes of keys: a value is put, null removes. */
type Edits<V> = ReadonlyMap<string, V | null>;

export interface EditedTree {
  readonly root: Hash;
  /** Nodes that may be new to the store. */
  readonly nodes: readonly EncodedNode[];
}

/**
 * A tree with some keys changed. Only the nodes that hold them, and those above, are read and made anew. The
 * same contents give the same root whatever the edits that led there.
 *
 * @param root null is the empty tree
 * @param edits by encoded key
 */
export async function editTree(
  source: NodeSource,
  root: Hash | null,
  edits: Edits<Content>,
): Promise<EditedTree> {
  if (edits.size === 0 && root !== null) return { root, nodes: [] };
  const written = new Map<Hash, EncodedNode>();
  const write = (level: number, entries: readonly Entry[]): Hash => {
    const node = encodeNode(level, entries);
    written.set(node.hash, node);
    source.remember(node);
    return node.hash;
  };
  const height = root === null ? -1 : (await source.get(root)).level;
  let pending: Edits<Content | Hash> = edits;
  for (let level = 0; ; level++) {
    const chunks =
      level <= height && root !== null
        ? await editLevel(source, root, level, pending)
        : chunkAll(level, pending);
    const changes = new Map<string, Hash | null>();
    for (const lastKey of chunks.removed) changes.set(lastKey, null);
    for (const entries of chunks.made) changes.set(lastKeyOf(entries), write(level, entries));
    pending = changes;
    if (level < height) continue;
    const top = [...changes].filter((change): change is [string, Hash] => change[1] !== null);
    const [only] = top;
    if (only === undefined) return { root: write(0, []), nodes: [...written.values()] };
    if (top.length === 1) return { root: await withoutStem(source, only[1]), nodes: [...written.values()] };
  }
}

interface Rechunked {
  /** Last keys of nodes that are no more. */
  readonly removed: readonly string[];
  /** Entries of the nodes in their place. */
  readonly made: readonly (readonly Entry[])[];
}

/** Edits the nodes of one level that hold the keys, cutting anew what they hold. */
async function editLevel(
  source: NodeSource,
  root: Hash,
  level: number,
  edits: Edits<Content | Hash>,
): Promise<Rechunked> {
  const removed: string[] = [];
  const made: (readonly Entry[])[] = [];
  const left = [...edits].sort(([a], [b]) => (a < b ? -1 : 1));
  let next = 0;
  let open: Entry[] = [];
  /** Where the next node starts that an open one runs on into; null while none is open. */
  let after: string | null = null;
  while (next < left.length || (open.length > 0 && after !== null)) {
    const key = left[next]?.[0];
    const node: TreeNode | null =
      after !== null && open.length > 0
        ? await nodeAfter(source, root, level, after)
        : await nodeHolding(source, root, level, key ?? '');
    if (node === null) break;
    const lastKey: string | undefined = node.entries.at(-1)?.[0];
    const isLast: boolean = lastKey === undefined || (await nodeAfter(source, root, level, lastKey)) === null;
    const mine = new Map<string, Content | Hash | null>();
    const within = ([key]: readonly [string, unknown]) => isLast || key <= (lastKey ?? '');
    for (let edit = left[next]; edit !== undefined && within(edit); edit = left[++next]) mine.set(...edit);
    if (lastKey !== undefined) removed.push(lastKey);
    for (const entry of merge(node.entries, mine)) {
      open.push(entry);
      if (endsNode(level, entry[0])) {
        made.push(open);
        open = [];
      }
    }
    after = isLast ? null : (lastKey ?? null);
  }
  if (open.length > 0) made.push(open);
  return { removed, made };
}

function chunkAll(level: number, edits: Edits<Content | Hash>): Rechunked {
  const made: Entry[][] = [];
  let open: Entry[] = [];
  for (const entry of merge([], edits)) {
    open.push(entry);
    if (!endsNode(level, entry[0])) continue;
    made.push(open);
    open = [];
  }
  if (open.length > 0) made.push(open);
  return { removed: [], made };
}

function merge(entries: readonly Entry[], edits: Edits<Content | Hash>): readonly Entry[] {
  const merged = new Map<string, Content | Hash | null>(entries);
  for (const [key, value] of edits) merged.set(key, value);
  return [...merged]
    .filter((entry): entry is [string, Content | Hash] => entry[1] !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The node of a level in which a key is or would be; the last one for keys beyond all. */
async function nodeHolding(source: NodeSource, root: Hash, level: number, key: string): Promise<TreeNode> {
  let node = await source.get(root);
  while (node.level > level) {
    const child = node.entries.find(([lastKey]) => lastKey >= key) ?? node.entries.at(-1);
    node = await source.get(child?.[1] as Hash);
  }
  return node;
}

/** The first node of a level whose keys all come after `key`; null behind the last one. */
async function nodeAfter(
  source: NodeSource,
  root: Hash,
  level: number,
  key: string,
): Promise<TreeNode | null> {
  let node = await source.get(root);
  while (node.level > level) {
    const child = node.entries.find(([lastKey]) => lastKey > key);
    if (child === undefined) return null;
    node = await source.get(child[1] as Hash);
  }
  const first = node.entries[0]?.[0];
  return first !== undefined && first > key ? node : null;
}

/** A root with one child stands for that child. */
async function withoutStem(source: NodeSource, hash: Hash): Promise<Hash> {
  const node = await source.get(hash);
  const [only] = node.entries;
  if (node.level === 0 || node.entries.length !== 1 || only === undefined) return hash;
  return withoutStem(source, only[1] as Hash);
}

function lastKeyOf(entries: readonly Entry[]): string {
  return entries.at(-1)?.[0] ?? '';
}
