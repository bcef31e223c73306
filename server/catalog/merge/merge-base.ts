import type { Commit, Hash } from '../model.ts';
import type { CatalogReader } from '../reader.ts';

/** How two commits are related. */
export interface Relation {
  /** Best common ancestors: none is in the history of another. Newest first. */
  readonly bases: readonly Hash[];
  /** What only the first, and only the second, has in its history: newest first. */
  readonly onlyA: readonly Commit[];
  readonly onlyB: readonly Commit[];
}

const A = 1;
const B = 2;
const BOTH = A | B;
/** In the history of a common ancestor, so not a best one. */
const STALE = 4;

/**
 * Walks both histories at once, newest commit first, and marks what is reached from where. A commit is later than
 * its parents, so when its turn comes everything that reaches it has been seen. Ends when only what both have is
 * left: costs what lies between the two and their bases.
 */
export async function relate(reader: CatalogReader, a: Hash, b: Hash): Promise<Relation> {
  const read = reader.walker();
  const marks = new Map<Hash, number>();
  const queue = new NewestFirst();
  const bases: Hash[] = [];
  const onlyA: Commit[] = [];
  const onlyB: Commit[] = [];
  /** Commits in the queue that may still tell something. */
  let open = 0;
  const reach = async (hash: Hash, mark: number): Promise<void> => {
    const before = marks.get(hash);
    marks.set(hash, (before ?? 0) | mark);
    if (before === undefined) queue.push(await read(hash));
    const wasOpen = before !== undefined && (before & STALE) === 0;
    const isOpen = ((before ?? 0) & STALE) === 0 && (mark & STALE) === 0;
    open += Number(isOpen) - Number(wasOpen);
  };
  await reach(a, A);
  await reach(b, B);
  while (open > 0) {
    const commit = queue.pop();
    if (commit === undefined) break;
    const mark = marks.get(commit.hash) ?? 0;
    if ((mark & STALE) === 0) open -= 1;
    const common = (mark & BOTH) === BOTH;
    if (common && (mark & STALE) === 0) bases.push(commit.hash);
    if (mark === A) onlyA.push(commit);
    if (mark === B) onlyB.push(commit);
    for (const parent of commit.parents) await reach(parent, common ? mark | STALE : mark);
  }
  return { bases, onlyA, onlyB };
}

/** A heap of commits; of equal times the order does not matter, since neither is an ancestor of the other. */
class NewestFirst {
  private readonly heap: Commit[] = [];

  push(commit: Commit): void {
    let at = this.heap.push(commit) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (this.time(above) >= this.time(at)) return;
      this.swap(at, above);
      at = above;
    }
  }

  pop(): Commit | undefined {
    const [newest] = this.heap;
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return newest;
    this.heap[0] = last;
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let newer = at;
      if (this.time(left) > this.time(newer)) newer = left;
      if (this.time(right) > this.time(newer)) newer = right;
      if (newer === at) return newest;
      this.swap(at, newer);
      at = newer;
    }
  }

  private time(at: number): number {
    return this.heap[at]?.time.getTime() ?? -Infinity;
  }

  private swap(a: number, b: number): void {
    const [one, other] = [this.heap[a], this.heap[b]];
    if (one === undefined || other === undefined) return;
    this.heap[a] = other;
    this.heap[b] = one;
  }
}
