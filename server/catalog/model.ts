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
}

export type Operation =
  | { readonly kind: 'put'; readonly key: ContentKey; readonly content: Content }
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
