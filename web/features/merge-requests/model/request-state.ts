import {
  CircleCheck,
  CircleDashed,
  CircleX,
  GitMerge,
  GitPullRequestArrow,
  GitPullRequestClosed,
  LoaderCircle,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { MergeRequestDetail, MergeRequestInfo, Verdict } from '#shared/contract/merge-requests.ts';
import type { Tone } from '#web/components/badge.tsx';

interface State {
  readonly word: string;
  readonly tone: Tone;
  readonly icon: LucideIcon;
}

export const REQUEST_STATES: Readonly<Record<MergeRequestInfo['status'], State>> = {
  OPEN: { word: 'open', tone: 'good', icon: GitPullRequestArrow },
  MERGING: { word: 'merging', tone: 'accent', icon: LoaderCircle },
  MERGED: { word: 'merged', tone: 'accent', icon: GitMerge },
  CLOSED: { word: 'closed', tone: 'neutral', icon: GitPullRequestClosed },
};

interface VerdictLook {
  readonly icon: LucideIcon;
  readonly look: string;
}

export const VERDICT_LOOKS: Readonly<Record<Verdict['state'], VerdictLook>> = {
  PASSED: { icon: CircleCheck, look: 'text-good' },
  FAILED: { icon: CircleX, look: 'text-bad' },
  PENDING: { icon: LoaderCircle, look: 'text-ink-3 animate-spin' },
};

export const NOT_RUN: VerdictLook = { icon: CircleDashed, look: 'text-ink-3' };

export interface CheckLine {
  readonly name: string;
  readonly required: boolean;
  /** Undefined where nothing was said at the present head. */
  readonly verdict: Verdict | undefined;
  /** What was said at an earlier head, where nothing was at the present one. */
  readonly earlier: Verdict | undefined;
}

/** Every check that is required or has said something: the required first, each with its newest word. */
export function checkLines({ requiredChecks, checks }: MergeRequestDetail): CheckLine[] {
  const others = checks.map(({ name }) => name).filter((name) => !requiredChecks.includes(name));
  return [...new Set([...requiredChecks, ...others.toSorted()])].map((name) => {
    const said = newestFirst(checks.filter((check) => check.name === name));
    const verdict = said.find(({ current }) => current);
    return {
      name,
      required: requiredChecks.includes(name),
      verdict,
      earlier: verdict === undefined ? said[0] : undefined,
    };
  });
}

export interface ReviewLine extends Verdict {
  readonly word: string;
}

/** The last word of each person, newest first. What was said of an earlier head no longer counts. */
export function reviewLines({ approvals }: MergeRequestDetail): ReviewLine[] {
  const seen = new Set<string>();
  return newestFirst(approvals)
    .filter(({ name }) => !seen.has(name) && seen.add(name) !== undefined)
    .map((verdict) => ({
      ...verdict,
      word:
        verdict.state === 'FAILED'
          ? 'asks for changes'
          : verdict.current
            ? 'approved'
            : 'approved an earlier state',
    }));
}

function newestFirst(verdicts: readonly Verdict[]): Verdict[] {
  return verdicts.toSorted((a, b) => b.time.localeCompare(a.time));
}

/** A title to begin with: what the only commit says, else the branch's name in words. */
export function suggestTitle(source: string, messages: readonly string[]): string {
  const [only, ...others] = messages;
  if (only !== undefined && others.length === 0) return only.slice(0, 500);
  const words = (source.split('/').at(-1) ?? source).replaceAll(/[-_.]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "quality, freshness" → two names; each once. */
export function checkNames(text: string): string[] {
  return [
    ...new Set(
      text
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    ),
  ];
}
