import type { RefInfo } from '#shared/contract/refs.ts';

type Rule = RefInfo['protection'][number];

interface OfferedRule {
  readonly rule: Rule;
  readonly label: string;
  readonly says: string;
}

const RULES: readonly OfferedRule[] = [
  { rule: 'COMMIT', label: 'Direct commits', says: 'Changes come by merges from other branches alone.' },
  {
    rule: 'RESET',
    label: 'Moves that lose commits',
    says: 'Resets and rebases, and putting it back to where it was.',
  },
  { rule: 'DELETE', label: 'Deleting and renaming', says: 'Addresses that name it stay good.' },
];

/** What can be refused; a tag takes no commits in any case. */
export function offeredRules(type: RefInfo['type']): readonly OfferedRule[] {
  return type === 'TAG' ? RULES.filter(({ rule }) => rule !== 'COMMIT') : RULES;
}

/** "direct commits, deleting and renaming": what is refused. */
export function rulesText(rules: readonly Rule[]): string {
  const labels = RULES.filter(({ rule }) => rules.includes(rule)).map(({ label }) => label.toLowerCase());
  return labels.join(', ');
}
