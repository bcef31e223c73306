import { parseRefExpression } from '#shared/refs/ref-expression.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { RefInfo } from '#shared/contract/refs.ts';

export interface RefDescription {
  /** Branch or tag; a short hash for a commit that is named by itself. */
  readonly name: string;
  /** What the top bar says after the name: "now", "3 Nov 14:02", "at 1a2b3c4d", "tag". */
  readonly moment: string;
  readonly readOnly: boolean;
  /** Back to the present: the branch itself, or the default branch for tags and bare commits. */
  readonly now: string;
}

const minute: Intl.DateTimeFormatOptions = {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
};

/** "3 Nov 14:02", with the year where it is not this one. Local time. */
export function formatMoment(time: Date, now = new Date()): string {
  const year: Intl.DateTimeFormatOptions =
    time.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' };
  return new Intl.DateTimeFormat('en-GB', { ...minute, ...year, hourCycle: 'h23' })
    .format(time)
    .replace(',', '');
}

/** What the page says about a ref expression. One that can't be read is shown as it is, read only. */
export function describeRef(
  expression: string,
  known: { readonly refs: readonly RefInfo[]; readonly defaultBranch: string },
): RefDescription {
  try {
    const ref = parseRefExpression(expression);
    if (ref.kind === 'time')
      return { name: ref.name, moment: formatMoment(ref.time), readOnly: true, now: ref.name };
    if (ref.kind === 'commit') {
      const hash = ref.hash.slice(0, 8);
      if (ref.name === undefined)
        return { name: hash, moment: 'commit', readOnly: true, now: known.defaultBranch };
      return { name: ref.name, moment: `at ${hash}`, readOnly: true, now: ref.name };
    }
    const isTag = known.refs.some((each) => each.name === ref.name && each.type === 'TAG');
    return isTag
      ? { name: ref.name, moment: 'tag', readOnly: true, now: known.defaultBranch }
      : { name: ref.name, moment: 'now', readOnly: false, now: ref.name };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { name: expression, moment: 'unknown', readOnly: true, now: known.defaultBranch };
  }
}
