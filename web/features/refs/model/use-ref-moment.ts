import { useCurrentRef } from '#web/lib/current-ref.ts';
import { shortHash } from '#web/lib/format/hashes.ts';
import { exactInstant } from '#web/lib/format/instants.ts';
import { useLog } from '../api/get-log.ts';
import { useRefs } from '../api/list-refs.ts';
import { describeRef, type RefDescription } from './describe-ref.ts';

export interface RefMoment extends RefDescription {
  /** Short hash that goes beside a commit's message, since several commits may have the same. */
  readonly hash: string | undefined;
  /** For hover: message, time and whole hash of a commit; undefined where the page reads now. */
  readonly exact: string | undefined;
}

/**
 * What the page says about a ref expression. A commit is called by its message where the log knows it: commits
 * that are seconds apart have the same time of day.
 */
export function useRefMoment(expression: string): RefMoment {
  const { defaultBranch } = useCurrentRef();
  const known = useRefs().data ?? { refs: [], defaultBranch };
  const described = describeRef(expression, known);
  const hash = /(?:^|@)([0-9a-f]{8,64})$/.exec(expression)?.[1];
  const isCommit = hash !== undefined && described.readOnly && !described.missing;
  const log = useLog(hash === expression ? hash : described.branch, isCommit);
  if (!isCommit) {
    return { ...described, hash: undefined, exact: described.readOnly ? expression : undefined };
  }
  const entry = log.data?.pages.flatMap((page) => page.entries).find((each) => each.hash.startsWith(hash));
  if (entry === undefined) return { ...described, hash: undefined, exact: expression };
  return {
    ...described,
    moment: entry.message,
    hash: shortHash(entry.hash),
    exact: `${entry.message}\n${exactInstant(entry.time)}\n${entry.hash}`,
  };
}
