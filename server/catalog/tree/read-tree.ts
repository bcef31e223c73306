import type { Content, Hash } from '../model.ts';
import type { TreeNode } from './node.ts';
import type { NodeSource } from './node-source.ts';

/** The content at an encoded key. */
export async function findInTree(source: NodeSource, root: Hash, key: string): Promise<Content | null> {
  let node = await source.get(root);
  while (node.level > 0) {
    const child = node.entries.find(([lastKey]) => lastKey >= key);
    if (child === undefined) return null;
    node = await source.get(child[1] as Hash);
  }
  return (node.entries.find(([own]) => own === key)?.[1] as Content | undefined) ?? null;
}

/** Entries with from <= key < until, in order. Only nodes that have some are read. */
export async function* walkTree(
  source: NodeSource,
  root: Hash,
  from = '',
  until: string | null = null,
): AsyncGenerator<readonly [key: string, content: Content]> {
  const node = await source.get(root);
  if (node.level === 0) {
    for (const [key, content] of node.entries) {
      if (key >= from && (until === null || key < until)) yield [key, content as Content];
    }
    return;
  }
  const children: Hash[] = [];
  let before: string | null = null;
  for (const [lastKey, child] of node.entries) {
    if (until !== null && before !== null && before >= until) break;
    if (lastKey >= from) children.push(child as Hash);
    before = lastKey;
  }
  await source.getAll(children);
  for (const child of children) yield* walkTree(source, child, from, until);
}

export interface TreeDiff {
  readonly key: string;
  readonly before: Content | null;
  readonly after: Content | null;
}

/** What differs between two trees, in order of keys. Nodes that they share are not read. */
export async function diffTrees(
  source: NodeSource,
  before: Hash | null,
  after: Hash | null,
): Promise<readonly TreeDiff[]> {
  const left = new Frontier(source, before);
  const right = new Frontier(source, after);
  const found: TreeDiff[] = [];
  for (;;) {
    const a = left.head();
    const b = right.head();
    if (a === null && b === null) return found;
    if (a?.hash !== undefined && a.hash === b?.hash) {
      left.drop();
      right.drop();
    } else if (a?.hash !== undefined || b?.hash !== undefined) {
      // The higher of the two is opened, both where they are as high: then nodes that they share meet again.
      const heightA = a?.level ?? -1;
      const heightB = b?.level ?? -1;
      if (heightA === heightB) await prefetch(source, a, b);
      if (heightA >= heightB) await left.open();
      if (heightB >= heightA) await right.open();
    } else if (b === null || (a !== null && a.key < b.key)) {
      left.drop();
      if (a !== null) found.push({ key: a.key, before: a.content ?? null, after: null });
    } else if (a === null || b.key < a.key) {
      right.drop();
      found.push({ key: b.key, before: null, after: b.content ?? null });
    } else {
      left.drop();
      right.drop();
      const differs = JSON.stringify(a.content) !== JSON.stringify(b.content);
      if (differs) found.push({ key: a.key, before: a.content ?? null, after: b.content ?? null });
    }
  }
}

/**
 * Asks the store at once for two nodes that are about to be opened and, where these were inner nodes, for
 * those of their children that only one of them has: what differs lies in them.
 */
async function prefetch(source: NodeSource, a: Head | null, b: Head | null): Promise<void> {
  const roots = [a?.hash, b?.hash].filter((hash) => hash !== undefined);
  const [left, right] = await source.getAll(roots);
  if (left === undefined || right === undefined || left.level === 0 || left.level !== right.level) return;
  const mine = new Set(left.entries.map(([, child]) => child as Hash));
  const theirs = new Set(right.entries.map(([, child]) => child as Hash));
  await source.getAll([...mine].filter((hash) => !theirs.has(hash)));
  await source.getAll([...theirs].filter((hash) => !mine.has(hash)));
}

/** An entry (content) or a whole node that is not opened yet (hash, level). Entries have level -1. */
interface Head {
  readonly key: string;
  readonly level: number;
  readonly hash?: Hash;
  readonly content?: Content;
}

/** What is left of a tree to walk, in order; nodes are opened on demand. */
class Frontier {
  private readonly stack: Head[] = [];
  private readonly source: NodeSource;

  constructor(source: NodeSource, root: Hash | null) {
    this.source = source;
    // The root's level is not known before it is opened: it is above all others.
    if (root !== null) this.stack.push({ key: '', level: Number.MAX_SAFE_INTEGER, hash: root });
  }

  head(): Head | null {
    return this.stack.at(-1) ?? null;
  }

  drop(): void {
    this.stack.pop();
  }

  async open(): Promise<void> {
    const head = this.stack.pop();
    if (head?.hash === undefined) return;
    const node: TreeNode = await this.source.get(head.hash);
    for (const [key, value] of [...node.entries].reverse()) {
      this.stack.push(
        node.level === 0
          ? { key, level: -1, content: value as Content }
          : { key, level: node.level - 1, hash: value as Hash },
      );
    }
  }
}
