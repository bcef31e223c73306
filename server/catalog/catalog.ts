import type { ChildRange } from './tree/children.ts';
import type {
  Child,
  Commit,
  CommitMeta,
  Content,
  ContentKey,
  Hash,
  KeyDiff,
  MovedBy,
  Operation,
  Ref,
  ReflogEntry,
  RefRule,
  Requirement,
} from './model.ts';
import type { Relation } from './merge/merge-base.ts';
import type { AuditEvent } from './audit.ts';
import type { LandOutcome, MergeInput, PickInput, RebaseInput } from './merge/outcome.ts';

export interface CommitInput extends CommitMeta {
  readonly branch: string;
  readonly operations: readonly Operation[];
  /** Checked against the head that the commit lands on, not against the one it started from. */
  readonly requirements: readonly Requirement[];
  /** Only where the branch still is here; otherwise COMMIT_CONFLICT. */
  readonly expectedHead?: Hash;
}

/** All that is given must hold. */
export interface LogOptions {
  readonly limit: number;
  /** Only commits that changed one of these keys. */
  readonly keys?: readonly ContentKey[];
  /** Only commits that changed this key or something beneath it. */
  readonly under?: ContentKey;
  /** The whole name, in any case. */
  readonly author?: string;
  /** Part of the message, in any case. */
  readonly text?: string;
  /** Both included. */
  readonly since?: Date;
  readonly until?: Date;
}

export interface MoveRefInput extends MovedBy {
  readonly name: string;
  /** Only where the ref still is here; otherwise COMMIT_CONFLICT. */
  readonly expectedHead?: Hash;
}

/**
 * Git for contents. Everything but refs is immutable and content-addressed; one compare-and-swap of a ref is
 * the only point at which anything becomes visible.
 *
 * Errors: REF_NOT_FOUND, REF_ALREADY_EXISTS, COMMIT_NOT_FOUND, COMMIT_CONFLICT (a requirement does not hold;
 * the context has the keys), INVALID_INPUT (names), FORBIDDEN (tags as branches, what protection refuses),
 * NAMESPACE_NOT_EMPTY.
 */
export interface Catalog {
  readonly defaultBranch: string;

  listRefs(): Promise<readonly Ref[]>;
  getRef(name: string): Promise<Ref>;
  createRef(input: { name: string; type: Ref['type']; hash: Hash } & MovedBy): Promise<Ref>;
  deleteRef(input: MoveRefInput): Promise<void>;
  renameRef(input: MoveRefInput & { to: string }): Promise<Ref>;
  /** Points a branch or tag at any commit. */
  assignRef(input: MoveRefInput & { hash: Hash }): Promise<Ref>;
  protectRef(input: MoveRefInput & { protection: readonly RefRule[] }): Promise<Ref>;

  /** Newest first. `next` is where the following page goes on. */
  reflog(query: {
    ref?: string;
    before?: string;
    limit: number;
  }): Promise<{ entries: readonly ReflogEntry[]; next?: string }>;
  /**
   * Undoes a move: what moved stands again where it stood before, whatever happened since; a rename is undone as a
   * whole. That is a move too. The refs as they are then; none for an undone creation.
   */
  restore(
    input: { entry: string; expectedHead?: Hash } & MovedBy,
  ): Promise<{ undone: ReflogEntry; refs: readonly Ref[] }>;
  /** Forgets moves of before a time, after which what only they name may be collected. How many. */
  expireReflog(before: Date): Promise<number>;
  /** Every commit that a ref or the reflog names; all that must be kept hangs on these. */
  roots(): Promise<readonly Hash[]>;

  /** Says of contents that retention let them go, so that what they name may be removed; or takes that back. */
  setExpired(contents: readonly Content[], expired: boolean): Promise<void>;
  /** Of each, whether it is said to have expired. */
  areExpired(contents: readonly Content[]): Promise<readonly boolean[]>;

  /** See auditCatalog: reads everything there is afresh, and tells what is there and what is wrong. */
  audit(): AsyncIterable<AuditEvent>;

  getCommit(hash: Hash): Promise<Commit>;
  /** The only commit whose hash starts so; COMMIT_NOT_FOUND where there is none or more than one. */
  findCommit(prefix: string): Promise<Commit>;
  /** Newest first along first parents. */
  log(from: Hash, options: LogOptions): Promise<{ commits: readonly Commit[]; next?: Hash }>;
  /** The newest first-parent ancestor made at or before a time; null where `from` has none. */
  commitAt(from: Hash, time: Date): Promise<Commit | null>;
  /** Best common ancestors, and what only one of the two has in its history. Costs what lies between them. */
  relate(a: Hash, b: Hash): Promise<Relation>;

  getContent(at: Hash, key: ContentKey): Promise<Content | null>;
  /** In key order; only under a namespace where `prefix` says so. */
  listContents(at: Hash, prefix?: ContentKey): Promise<readonly { key: ContentKey; content: Content }[]>;
  /** Right beneath a namespace, or at the top, by name. Costs what it passes there, not what lies beneath that. */
  listChildren(at: Hash, parent: ContentKey, range?: ChildRange): Promise<readonly Child[]>;
  /** Costs what changed, not what the catalog holds. `from: null` is the empty catalog. */
  diff(from: Hash | null, to: Hash): Promise<readonly KeyDiff[]>;

  /** Lands on the branch's head, again and again while others win the race, as long as the requirements hold. */
  commit(input: CommitInput): Promise<Commit>;
  /** Three-way, on keys; what can't be decided comes back as conflicts, and then nothing has changed. */
  merge(input: MergeInput): Promise<LandOutcome>;
  /** The changes that commits made, made on another branch. */
  cherryPick(input: PickInput): Promise<LandOutcome>;
  /** The changes that commits made, taken back; newest first is the order to give. */
  revert(input: PickInput): Promise<LandOutcome>;
  /** The branch's own commits along first parents, made again on top of another commit; merges become plain commits. */
  rebase(input: RebaseInput): Promise<LandOutcome>;
}
