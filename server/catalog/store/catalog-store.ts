import type { EncodedNode } from '../tree/node.ts';
import type { Hash, Ref } from '../model.ts';

/** An immutable object: a tree node or a commit, under the SHA-256 of its bytes. */
export type StoredObject = EncodedNode;

/**
 * Where the catalog keeps its objects and refs. Objects are only ever added, and adding one again is no error.
 * A ref changes by compare-and-swap alone; the objects given with it are stored before it is visible.
 */
export interface CatalogStore {
  /** Those of the hashes that there are. */
  getObjects(hashes: readonly Hash[]): Promise<ReadonlyMap<Hash, Uint8Array>>;
  /** At most `limit` hashes of commits that start so. */
  findCommits(prefix: string, limit: number): Promise<readonly Hash[]>;

  /** In order of names. */
  listRefs(): Promise<readonly Ref[]>;
  getRef(name: string): Promise<Ref | null>;
  /** False where the name is taken. */
  createRef(ref: Ref, objects?: NewObjects): Promise<boolean>;
  /**
   * False where the ref is gone or no longer at `expected`.
   *
   * @throws COMMIT_STATE_UNKNOWN where the connection broke and the store can't tell whether it was swapped
   */
  swapRef(swap: RefSwap, objects: NewObjects): Promise<boolean>;
  /** False where the ref is gone, or not at `expected` where that is given. */
  deleteRef(name: string, expected?: Hash): Promise<boolean>;
}

export interface RefSwap {
  readonly name: string;
  readonly expected: Hash;
  /** A commit that is among the new objects. */
  readonly next: Hash;
}

export interface NewObjects {
  readonly nodes: readonly StoredObject[];
  readonly commits: readonly StoredObject[];
}
