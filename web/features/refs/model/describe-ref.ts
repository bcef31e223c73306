import { parseRefExpression } from '#shared/refs/ref-expression.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { RefInfo } from '#shared/contract/refs.ts';
import { shortHash } from '#web/lib/format/hashes.ts';

export interface RefDescription {
  /** Branch or tag; a short hash for a commit that is named by itself. */
  readonly name: string;
  /** What the top bar says after the name: "now", "3 Nov 14:02", "at 1a2b3c4d", "tag". */
  readonly moment: string;
  readonly readOnly: boolean;
  /** There is no such branch or tag, or the expression can't be read. */
  readonly missing: boolean;
  /** Back to the present: the branch itself, or the default branch for tags, bare commits and what is missing. */
  readonly now: string;
  /** Whose history a person chooses from here. */
  readonly branch: string;
}

const minute: Intl.DateTimeFormatOptions = {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
};

/** "3 Nov 14:02", with seconds where there are some, and the year where it is not this one. Local time. */
export function formatMoment(time: Date, now = new Date()): string {
  const year: Intl.DateTimeFormatOptions =
    time.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' };
  const second: Intl.DateTimeFormatOptions = time.getSeconds() === 0 ? {} : { second: '2-digit' };
  return new Intl.DateTimeFormat('en-GB', { ...minute, ...second, ...year, hourCycle: 'h23' })
    .format(time)
    .replace(',', '');
}

/** What the page says about a ref expression. One that can't be read is shown as it is, read only. */
export function describeRef(
  expression: string,
  known: { readonly refs: readonly RefInfo[]; readonly defaultBranch: string },
): RefDescription {
  const { defaultBranch } = known;
  try {
    const ref = parseRefExpression(expression);
    const found = known.refs.find((each) => each.name === ref.name);
    if (ref.kind === 'commit') {
      const short = shortHash(ref.hash);
      const now = found?.type === 'BRANCH' ? found.name : defaultBranch;
      const at = { readOnly: true, missing: false, now };
      // A commit stays when its branch goes: it can be read by its hash alone.
      return ref.name === undefined
        ? { ...at, name: short, moment: 'commit', branch: defaultBranch }
        : { ...at, name: ref.name, moment: `at ${short}`, branch: found?.name ?? defaultBranch };
    }
    if (found === undefined) return missing(ref.name, defaultBranch);
    const { name } = found;
    if (ref.kind === 'time') {
      return {
        name,
        moment: formatMoment(ref.time),
        readOnly: true,
        missing: false,
        now: name,
        branch: name,
      };
    }
    return found.type === 'TAG'
      ? { name, moment: 'tag', readOnly: true, missing: false, now: defaultBranch, branch: name }
      : { name, moment: 'now', readOnly: false, missing: false, now: name, branch: name };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return missing(expression, defaultBranch);
  }
}

function missing(name: string, now: string): RefDescription {
  return { name, moment: 'does not exist', readOnly: true, missing: true, now, branch: now };
}
