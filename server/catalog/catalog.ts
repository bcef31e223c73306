import type {
  Commit,
  CommitMeta,
  Content,
  ContentKey,
  Hash,
  KeyDiff,
  Operation,
  Ref,
  Requirement,
} from './model.ts';

export interface CommitInput extends CommitMeta {
  readonly branch: string;
  readonly operations: readonly Operation[];
  /** Checked against the head that the commit lands on, not against the one it started from. */
  readonly requirements: readonly Requirement[];
  /** Only where the branch still is here; otherwise COMMIT_CONFLICT. */
  readonly expectedHead?: Hash;
}

export interface LogOptions {
  readonly limit: number;
  /** Only commits that changed one of these keys. */
  readonly keys?: readonly ContentKey[];
}

/**
 * Git for contents. Everything but refs is immutable and content-addressed; one compare-and-swap of a ref is
 * the only point at which anything becomes visible.
 *
 * Errors: REF_NOT_FOUND, REF_ALREADY_EXISTS, COMMIT_NOT_FOUND, COMMIT_CONFLICT (a requirement does not hold;
 * the context has the keys), INVALID_INPUT (names).
 */
export interface Catalog {
  readonly defaultBranch: string;

  listRefs(): Promise<readonly Ref[]>;
  getRef(name: string): Promise<Ref>;
  createRef(input: { name: string; type: Ref['type']; hash: Hash }): Promise<Ref>;
  deleteRef(input: { name: string; expectedHead?: Hash }): Promise<void>;

  getCommit(hash: Hash): Promise<Commit>;
  /** The only commit whose hash starts so; COMMIT_NOT_FOUND where there is none or more than one. */
  findCommit(prefix: string): Promise<Commit>;
  /** Newest first along first parents. */
  log(from: Hash, options: LogOptions): Promise<{ commits: readonly Commit[]; next?: Hash }>;
  /** The newest first-parent ancestor made at or before a time; null where `from` has none. */
  commitAt(from: Hash, time: Date): Promise<Commit | null>;

  getContent(at: Hash, key: ContentKey): Promise<Content | null>;
  /** In key order; only under a namespace where `prefix` says so. */
  listContents(at: Hash, prefix?: ContentKey): Promise<readonly { key: ContentKey; content: Content }[]>;
  /** Costs what changed, not what the catalog holds. `from: null` is the empty catalog. */
  diff(from: Hash | null, to: Hash): Promise<readonly KeyDiff[]>;

  /** Lands on the branch's head, again and again while others win the race, as long as the requirements hold. */
  commit(input: CommitInput): Promise<Commit>;
}
