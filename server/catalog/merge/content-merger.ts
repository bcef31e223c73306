import type { Content, ContentKey } from '../model.ts';

/** One thing that both sides of a merge changed since their base, each to something else. */
export interface ContentToMerge {
  /** Where the result will stand: a rename on one side counts already. */
  readonly key: ContentKey;
  /** All three have one type and one id. */
  readonly base: Content;
  /** At the head of the branch that is merged into. */
  readonly ours: Content;
  readonly theirs: Content;
}

/** What truly conflicts, as data. */
export interface ContentConflict {
  /** SCHEMA_CLASH, SAME_ROWS_CHANGED…: the merger's own. */
  readonly kind: string;
  /** A sentence for a person. */
  readonly message?: string;
  /** Facts for programs: fields, files, partitions; what JSON can hold. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

export type ContentMergeResult = { readonly content: Content } | { readonly conflict: ContentConflict };

/**
 * Combines two versions of one content, for whoever knows what it is; the catalog does not. Asked again on newer
 * contents where another commit wins the race, so what it writes must do no harm if nothing ever reaches it. The branch
 * that is merged into takes no commits of this process meanwhile, so it must make none there.
 */
export interface ContentMerger {
  merge(input: ContentToMerge): Promise<ContentMergeResult>;
  /**
   * For one dry run: merges alike, may be given what it has made itself, and leaves nothing behind. Absent where merging
   * writes nothing anyway.
   */
  rehearsal?(): ContentMerger;
}

/** The merger for one landing: of a dry run nothing stays. */
export function mergerFor(
  merger: ContentMerger | undefined,
  dryRun: boolean | undefined,
): { readonly merger?: ContentMerger } {
  if (merger === undefined) return {};
  return { merger: dryRun === true ? (merger.rehearsal?.() ?? merger) : merger };
}
