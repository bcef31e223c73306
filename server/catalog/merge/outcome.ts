import type { Commit, Content, ContentKey, Hash, KeyDiff, MovedBy } from '../model.ts';
import type { ContentMerger } from './content-merger.ts';

/** What a merge found at one place and can't decide. Kinds other than these are the content merger's. */
export type ConflictKind =
  /** Both sides put something else here: two additions, or a rename onto what is there. */
  | 'KEY_EXISTS'
  /** One side changed or renamed what the other removed. */
  | 'KEY_MISSING'
  /** One side replaced it by another thing of the same name, the other changed it too. */
  | 'CONTENT_ID_DIFFERS'
  /** Both changed it, and nobody knows how to combine that. */
  | 'VALUE_DIFFERS'
  /** Both renamed it, to different names. */
  | 'RENAMED_APART'
  /** Theirs is in a namespace that ours has removed. */
  | 'NAMESPACE_ABSENT'
  /** One side removed a namespace in which the other has something. */
  | 'NAMESPACE_NOT_EMPTY';

export interface MergeSide {
  readonly key: ContentKey;
  readonly content: Content;
}

export interface MergeConflict {
  /** The name by which a choice is given: theirs, where the sides have different ones. */
  readonly key: ContentKey;
  readonly kind: string;
  readonly message: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** Null where there is nothing. */
  readonly base: MergeSide | null;
  readonly ours: MergeSide | null;
  readonly theirs: MergeSide | null;
}

/** OURS and THEIRS take it as that side has it, also where that is not at all; DROP removes it. */
export type Choice = 'OURS' | 'THEIRS' | 'DROP';

/** What every way to bring changes onto a branch may be told. */
export interface LandInput extends MovedBy {
  readonly branch: string;
  /** Only where the branch still is here; otherwise COMMIT_CONFLICT. */
  readonly expectedHead?: Hash;
  /** Tells what would happen, and changes nothing. */
  readonly dryRun?: boolean;
  readonly properties?: Readonly<Record<string, string>>;
  /** By key, for conflicts only: INVALID_INPUT for a key that does not conflict. */
  readonly choices?: readonly { readonly key: ContentKey; readonly choice: Choice }[];
  /** For conflicts without a choice of their own. */
  readonly defaultChoice?: Choice;
  /** Without one, whatever both sides changed conflicts. */
  readonly merger?: ContentMerger;
}

export interface MergeInput extends LandInput {
  /** What is merged in. */
  readonly from: Hash;
  /** SQUASH makes one commit with the branch as its only parent. */
  readonly strategy?: 'MERGE' | 'SQUASH';
  /** ONLY refuses where a merge commit would be needed; NEVER makes one always. Default IF_POSSIBLE. */
  readonly fastForward?: 'IF_POSSIBLE' | 'ONLY' | 'NEVER';
  /** Whoever asks is a merge request that may be merged: then protection from all else lets it pass. */
  readonly byRequest?: boolean;
}

export interface PickInput extends LandInput {
  /** Oldest first; each becomes one commit. */
  readonly commits: readonly Hash[];
  /** Which parent (from 1) a merge commit is taken against; needed for merge commits. */
  readonly mainline?: number;
}

export interface RebaseInput extends LandInput {
  readonly onto: Hash;
}

export interface LandOutcome {
  /** NOT_FAST_FORWARD: asked for a fast-forward only, and the branch has commits of its own. */
  readonly outcome: 'UP_TO_DATE' | 'FAST_FORWARD' | 'COMMITTED' | 'CONFLICTS' | 'NOT_FAST_FORWARD';
  /** False for a dry run, and where there was nothing to do. */
  readonly applied: boolean;
  readonly branch: string;
  /** Where the two sides parted; null where that is nowhere, or not one place. */
  readonly base: Hash | null;
  /** Head of the branch before and after; the same where nothing was applied. */
  readonly before: Hash;
  readonly after: Hash;
  /** New commits, oldest first. Of a dry run: as they would be, but for their hash and time. */
  readonly commits: readonly Commit[];
  /** Of the branch. Where there are conflicts: what does not conflict. */
  readonly changes: readonly KeyDiff[];
  readonly conflicts: readonly MergeConflict[];
  /** The commit that conflicts, where several were to be picked. */
  readonly stoppedAt?: Hash;
}
