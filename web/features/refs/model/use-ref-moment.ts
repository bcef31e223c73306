import { useCurrentRef } from '#web/lib/current-ref.ts';
import { exactInstant } from '#web/lib/format/instants.ts';
import { useLog } from '../api/get-log.ts';
import { useRefs } from '../api/list-refs.ts';
import { describeRef, formatMoment, type RefDescription } from './describe-ref.ts';

/**
 * What the page says about a ref expression. A commit is called by its time where the log knows it: people
 * remember when, not a hash; `exact` has both for hover.
 */
export function useRefMoment(expression: string): RefDescription & { readonly exact: string | undefined } {
  const { defaultBranch } = useCurrentRef();
  const known = useRefs().data ?? { refs: [], defaultBranch };
  const described = describeRef(expression, known);
  const hash = /@([0-9a-f]{8,64})$/.exec(expression)?.[1];
  const log = useLog(described.name, hash !== undefined);
  if (hash === undefined) return { ...described, exact: described.readOnly ? expression : undefined };
  const entry = log.data?.pages.flatMap((page) => page.entries).find((each) => each.hash.startsWith(hash));
  if (entry === undefined) return { ...described, exact: expression };
  return {
    ...described,
    moment: formatMoment(new Date(entry.time)),
    exact: `${entry.message}\n${exactInstant(entry.time)}\n${hash}`,
  };
}
