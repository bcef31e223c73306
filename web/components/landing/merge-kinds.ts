import type { LandResult, MergeRequest } from '#shared/contract/merges.ts';
import { shortHash } from '#web/lib/format/hashes.ts';
import { countOf } from '#web/lib/format/numbers.ts';

export type MergeKind = 'merge' | 'squash' | 'fast-forward';

export const MERGE_KINDS: readonly {
  readonly value: MergeKind;
  readonly label: string;
  readonly says: string;
}[] = [
  { value: 'merge', label: 'Merge commit', says: 'Keeps each commit, and adds one that joins the two.' },
  { value: 'squash', label: 'Squash', says: 'Lands all changes as one commit.' },
  { value: 'fast-forward', label: 'Fast-forward', says: 'Moves the branch on; no new commit.' },
];

/** What the API calls each kind. */
export function mergeOptions(kind: MergeKind): Pick<MergeRequest, 'strategy' | 'fastForward'> {
  if (kind === 'squash') return { strategy: 'SQUASH', fastForward: 'NEVER' };
  return { strategy: 'MERGE', fastForward: kind === 'merge' ? 'NEVER' : 'ONLY' };
}

/**
 * What a dry run found, in a sentence.
 *
 * @param source what is merged, as the page calls it
 * @param decided there are conflicts, each with its choice
 */
export function rehearsalText(result: LandResult, source: string, decided = false): string {
  const { outcome, branch, changeCount, conflicts, commits, stoppedAt } = result;
  const changes = countOf(changeCount, 'change');
  switch (outcome) {
    case 'UP_TO_DATE':
      return `${branch} has everything of ${source} already.`;
    case 'FAST_FORWARD':
      return `${branch} moves on to ${shortHash(result.after)}: ${changes}, no new commit.`;
    case 'COMMITTED':
      return `${decided ? 'All decided' : 'No conflicts'}: ${changes} to ${branch} in ${countOf(commits.length, 'new commit')}.`;
    case 'NOT_FAST_FORWARD':
      return `${branch} has commits that ${source} has not, so it can’t just move on. Choose another kind of merge.`;
    case 'CONFLICTS':
      return `${countOf(conflicts.length, 'conflict')} to decide before this can land on ${branch}${
        stoppedAt === undefined ? '' : `: commit ${shortHash(stoppedAt)} clashes`
      }.`;
  }
}
