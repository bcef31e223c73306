import type { KeptFor, RetentionPolicy } from '#shared/contract/gc.ts';
import { countOf } from '#web/lib/format/numbers.ts';

/** A rule as it is written: text, as long as it is being typed. */
export interface RuleDraft {
  readonly id: number;
  /** The default applies where no other rule does. */
  readonly of: 'default' | 'branch' | 'namespace';
  /** Pattern of a branch, or a namespace; empty for the default. */
  readonly name: string;
  /** Days; empty: age keeps nothing. */
  readonly days: string;
  /** Newest commits; empty: none is kept for being new. */
  readonly last: string;
}

const DAY_MS = 24 * 3600 * 1000;

interface Rule {
  readonly keepForMs?: number | undefined;
  readonly keepLast?: number | undefined;
}

/** The default first, then branches, then namespaces. */
export function draftOf({ default: fallback, branches, namespaces }: RetentionPolicy): RuleDraft[] {
  const drafts: Omit<RuleDraft, 'id'>[] = [
    ...(fallback === undefined ? [] : [{ of: 'default' as const, name: '', ...textsOf(fallback) }]),
    ...branches.map(({ branch, ...rule }) => ({ of: 'branch' as const, name: branch, ...textsOf(rule) })),
    ...namespaces.map(({ namespace, ...rule }) => ({
      of: 'namespace' as const,
      name: namespace,
      ...textsOf(rule),
    })),
  ];
  return drafts.map((draft, id) => ({ ...draft, id }));
}

function textsOf({ keepForMs, keepLast }: Rule): Pick<RuleDraft, 'days' | 'last'> {
  return {
    days: keepForMs === undefined ? '' : String(Number((keepForMs / DAY_MS).toFixed(4))),
    last: keepLast === undefined ? '' : String(keepLast),
  };
}

/** What is wrong with a rule, in a sentence; null where it can be saved. */
export function ruleProblem({ of, name, days, last }: RuleDraft): string | null {
  if (of !== 'default' && name.trim() === '')
    return of === 'branch' ? 'Name the branch; * stands for any letters.' : 'Name the namespace.';
  if (days.trim() !== '' && !(Number(days) >= 0 && Number(days) <= 36_500))
    return 'Days are a number from 0 to 36,500.';
  if (last.trim() !== '' && !/^[1-9]\d{0,8}$/.test(last.trim()))
    return 'Commits are a whole number from 1 on.';
  if (days.trim() === '' && last.trim() === '') return 'Say how many days, how many commits, or both.';
  return null;
}

/** The policy that the rules make; null where one of them can't be. */
export function policyOf(drafts: readonly RuleDraft[]): RetentionPolicy | null {
  if (drafts.some((draft) => ruleProblem(draft) !== null)) return null;
  const rule = ({ days, last }: RuleDraft) => ({
    ...(days.trim() === '' ? {} : { keepForMs: Math.round(Number(days) * DAY_MS) }),
    ...(last.trim() === '' ? {} : { keepLast: Number(last) }),
  });
  const of = (kind: RuleDraft['of']) => drafts.filter((draft) => draft.of === kind);
  const [fallback] = of('default');
  return {
    ...(fallback === undefined ? {} : { default: rule(fallback) }),
    branches: of('branch').map((draft) => ({ branch: draft.name.trim(), ...rule(draft) })),
    namespaces: of('namespace').map((draft) => ({ namespace: draft.name.trim(), ...rule(draft) })),
  };
}

const KEPT: Readonly<Record<KeptFor, string>> = {
  branch: 'branches',
  tag: 'tags',
  'merge-request': 'merge requests',
  'merge-base': 'merges to come',
  reflog: 'moves that can be undone',
};

/** "12 for branches, 3 for tags": what keeps versions, by what keeps most of them. */
export function keptForText(keptFor: Partial<Record<KeptFor, number>>): string {
  return (Object.entries(keptFor) as [KeptFor, number][])
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([why, count]) => `${countOf(count, 'version')} for ${KEPT[why]}`)
    .join(', ');
}
