import { decodeKey, encodeKey, endOfPrefix, startOfPrefix } from '../canonical.ts';
import type { Child, Content, ContentKey, Hash } from '../model.ts';
import type { NodeSource } from './node-source.ts';

export interface ChildRange {
  /** Only names that come after this one. */
  readonly after?: string | undefined;
  /** How many at most; all, where absent. */
  readonly limit?: number | undefined;
  /** Others are passed over, and are not counted. */
  readonly accept?: ((child: Child) => boolean) | undefined;
}

/** What lies right beneath a namespace, or at the top: costs what is listed, and not what lies beneath that. */
export async function childrenOf(
  source: NodeSource,
  root: Hash,
  parent: ContentKey,
  { after, limit = Infinity, accept = () => true }: ChildRange,
): Promise<readonly Child[]> {
  const found: Child[] = [];
  const [start, end] =
    parent.length === 0
      ? (['', null] as const)
      : ([startOfPrefix(encodeKey(parent)), endOfPrefix(encodeKey(parent))] as const);
  const cursor = new Cursor(source, root);
  let from = after === undefined ? start : endOfPrefix(encodeKey([...parent, after]));
  while (found.length < limit) {
    const hit = await cursor.atOrAfter(from);
    if (hit === null || (end !== null && hit[0] >= end)) return found;
    const name = decodeKey(hit[0])[parent.length] ?? '';
    const key = encodeKey([...parent, name]);
    const content = hit[0] === key ? hit[1] : null;
    from = endOfPrefix(key);
    const next = content === null ? hit : await cursor.atOrAfter(startOfPrefix(key));
    const child = { name, content, hasMore: next !== null && next[0] !== key && next[0] < from };
    if (accept(child)) found.push(child);
  }
  return found;
}

type Leaf = readonly (readonly [string, Content])[];

/** Finds entries in rising order; those of one node need no other step down the tree. */
class Cursor {
  readonly #source: NodeSource;
  readonly #root: Hash;
  #leaf: Leaf = [];
  #at = 0;

  constructor(source: NodeSource, root: Hash) {
    this.#source = source;
    this.#root = root;
  }

  /** @param key not lower than the last one */
  async atOrAfter(key: string): Promise<readonly [string, Content] | null> {
    const last = this.#leaf.at(-1);
    if (last === undefined || last[0] < key) {
      this.#leaf = await this.#leafOf(key);
      this.#at = 0;
    }
    for (; this.#at < this.#leaf.length; this.#at += 1) {
      const entry = this.#leaf[this.#at];
      if (entry !== undefined && entry[0] >= key) return entry;
    }
    return null;
  }

  /** The node with the first key at or after this one; nothing where there is none. */
  async #leafOf(key: string): Promise<Leaf> {
    let node = await this.#source.get(this.#root);
    while (node.level > 0) {
      const child = node.entries.find(([lastKey]) => lastKey >= key);
      if (child === undefined) return [];
      node = await this.#source.get(child[1] as Hash);
    }
    return node.entries as Leaf;
  }
}
