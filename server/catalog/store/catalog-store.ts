import type { EncodedNode } from '../tree/node.ts';
import type { Hash, Ref, ReflogEntry } from '../model.ts';

/** An immutable object: a tree node or a commit, under the SHA-256 of its bytes. */
export type StoredObject = EncodedNode;

/** A commit with what history is searched by. */
export interface NewCommit extends StoredObject {
  /** The first parent; null for the root. */
  readonly parent: Hash | null;
  /** Milliseconds since 1970-01-01 UTC, later than the parent's. */
  readonly time: number;
  readonly author: string;
  readonly message: string;
  /** See pathsOf: everything that it changed against its first parent. */
  readonly paths: readonly string[];
}

export interface NewObjects {
  readonly nodes: readonly StoredObject[];
  /** Parents before their children. */
  readonly commits: readonly NewCommit[];
}

/** A ref before and after: null where there is none. `before` is compared, hash and protection. */
export interface RefChange {
  readonly name: string;
  readonly before: Ref | null;
  readonly after: Ref | null;
}

/** Changes of refs that happen all or not at all, with what they need and what the reflog says of them. */
export interface Move {
  readonly changes: readonly RefChange[];
  readonly objects: NewObjects;
  readonly records: readonly Omit<ReflogEntry, 'id'>[];
}

/** Along first parents from a commit on, newest first, without the root. Times in milliseconds, both included. */
export interface Walk {
  readonly from: Hash;
  readonly limit: number;
  readonly since?: number;
  readonly until?: number;
  /** The whole name, in any case. */
  readonly author?: string;
  /** Part of the message, in any case. */
  readonly text?: string;
  /** Only commits that changed one of these (see pathsOf). */
  readonly paths?: readonly string[];
}

export interface ReflogQuery {
  readonly ref?: string;
  /** Only entries older than this one. */
  readonly beforeId?: string;
  readonly limit: number;
}

/**
 * Where the catalog keeps its objects and refs. Objects are only ever added, and adding one again is no error.
 * A ref changes by compare-and-swap alone; the objects given with it are stored before it is visible.
 */
export interface CatalogStore {
  /** Those of the hashes that there are. */
  getObjects(hashes: readonly Hash[]): Promise<ReadonlyMap<Hash, Uint8Array>>;
  /** At most `limit` hashes of commits that start so. */
  findCommits(prefix: string, limit: number): Promise<readonly Hash[]>;
  walk(walk: Walk): Promise<readonly Hash[]>;

  /** In order of names. */
  listRefs(): Promise<readonly Ref[]>;
  getRef(name: string): Promise<Ref | null>;
  /**
   * False where a ref is not as its change says that it was before; then nothing has changed.
   *
   * @throws COMMIT_STATE_UNKNOWN where the connection broke and the store can't tell whether it happened
   */
  move(move: Move): Promise<boolean>;

  /** Newest first. */
  reflog(query: ReflogQuery): Promise<readonly ReflogEntry[]>;
  /** All entries of the move that one entry is part of; none where there is no such entry. */
  reflogMove(id: string): Promise<readonly ReflogEntry[]>;
  /** Forgets entries of before a time; how many. */
  expireReflog(before: Date): Promise<number>;
  /** All commits that refs and the reflog name: what must not be collected hangs on these. */
  roots(): Promise<readonly Hash[]>;

  /** Remembers of contents, by their hashes, that they have expired, or forgets that again. */
  setExpired(contents: readonly Hash[], expired: boolean): Promise<void>;
  /** Those of the hashes of which that is remembered. */
  expiredAmong(contents: readonly Hash[]): Promise<ReadonlySet<Hash>>;

  /** Commits that history can't be searched for yet, since an older version stored them; none where the root can be. */
  unindexed(root: Hash): Promise<readonly Hash[]>;
  /** Makes up for that; parents before their children, the root last of all. */
  index(commits: readonly NewCommit[]): Promise<void>;
}
