import type { MergeRequestInfo, MergeRequestQuery, Verdict } from '#shared/contract/merge-requests.ts';

export type NewMergeRequest = Omit<
  MergeRequestInfo,
  'id' | 'version' | 'createdAt' | 'updatedAt' | 'sourceHash' | 'targetBefore' | 'mergedHash'
>;
export type StoredVerdict = Omit<Verdict, 'current'> & { readonly kind: 'APPROVAL' | 'CHECK' };

/** Where merge requests are kept. `update` is a compare-and-swap on the version. */
export interface MergeRequestStore {
  insert(request: NewMergeRequest): Promise<MergeRequestInfo>;
  get(id: number): Promise<MergeRequestInfo | null>;
  /** Newest first. */
  list(query: MergeRequestQuery): Promise<readonly MergeRequestInfo[]>;
  /** Null where it is gone or no longer at `version`. */
  update(
    id: number,
    version: number,
    change: Partial<Omit<MergeRequestInfo, 'id' | 'version' | 'createdAt' | 'updatedAt'>>,
  ): Promise<MergeRequestInfo | null>;
  verdicts(id: number): Promise<readonly StoredVerdict[]>;
  /** In the place of an earlier one of that kind and name. */
  putVerdict(id: number, verdict: StoredVerdict): Promise<void>;
}
