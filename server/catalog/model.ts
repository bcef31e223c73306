/** SHA-256 of an object's bytes, 64 hex digits. */
export type Hash = string;

/** Namespace levels and a name: ['bronze', 'flights']. */
export type ContentKey = readonly string[];

/**
 * What stands at a key. The catalog compares and stores it and never looks inside `value`: for an Iceberg
 * table that is its metadata location and ids, for a namespace its properties.
 */
export interface Content {
  /** ICEBERG_TABLE, ICEBERG_VIEW, NAMESPACE. */
  readonly type: string;
  /** Survives renames: the same thing at another key. */
  readonly id: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** What lies right beneath a namespace. */
export interface Child {
  readonly name: string;
  /** Null where it has no entry of its own, but something beneath it. */
  readonly content: Content | null;
  /** Whether something lies beneath it. */
  readonly hasMore: boolean;
}

export interface CommitMeta {
  readonly author: string;
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
}

export interface Commit extends CommitMeta {
  readonly hash: Hash;
  /** First parent first; two after a merge; none for the root commit. */
  readonly parents: readonly Hash[];
  /** Root of the tree of contents. */
  readonly tree: Hash;
  readonly time: Date;
}

export interface Ref {
  readonly name: string;
  readonly type: 'BRANCH' | 'TAG';
  readonly hash: Hash;
  /** What is refused on it; in order of the alphabet. */
  readonly protection: readonly RefRule[];
}

/**
 * What protection refuses. COMMIT: commits of writers (merges still land). DELETE: deletion and renaming. MERGE: every
 * move but that of a merge request. RESET: moves to a commit that does not have the present one in its history, such
 * as reset, rebase, restore.
 */
export type RefRule = 'COMMIT' | 'DELETE' | 'MERGE' | 'RESET';

/** The one type of content that the catalog itself knows: others stand in it, and it goes when they are gone. */
export const NAMESPACE_TYPE = 'NAMESPACE';

/** Who moves a ref, and why; the reflog keeps it. */
export interface MovedBy {
  readonly author?: string;
  readonly message?: string;
}

/** One move of one ref. */
export interface ReflogEntry {
  /** Decimal digits, growing with time. */
  readonly id: string;
  readonly ref: string;
  readonly type: Ref['type'];
  /** Null where the move made the ref. */
  readonly before: Hash | null;
  /** Null where the move removed it. */
  readonly after: Hash | null;
  readonly operation: RefOperation;
  readonly author: string;
  readonly message: string;
  readonly time: Date;
}

export type RefOperation =
  | 'create'
  | 'delete'
  | 'rename'
  | 'protect'
  | 'reset'
  | 'restore'
  | 'commit'
  | 'fast-forward'
  | 'merge'
  | 'squash'
  | 'cherry-pick'
  | 'revert'
  | 'rebase';

/** `ensure` puts it only where nothing stands when the commit lands: several may bring one namespace. */
export type Operation =
  | { readonly kind: 'put' | 'ensure'; readonly key: ContentKey; readonly content: Content }
  | { readonly kind: 'delete'; readonly key: ContentKey };

/** What must hold at the head of the branch for a commit to be taken: `content: null` means absent. */
export interface Requirement {
  readonly key: ContentKey;
  readonly content: Content | null;
}

export interface KeyDiff {
  readonly key: ContentKey;
  readonly before: Content | null;
  readonly after: Content | null;
}
