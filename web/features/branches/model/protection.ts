import type { MergeGate, RefInfo } from '#shared/contract/refs.ts';
import { countOf } from '#web/lib/format/numbers.ts';

type Rule = RefInfo['protection'][number];

interface OfferedRule {
  readonly rule: Rule;
  readonly label: string;
  readonly says: string;
}

const RULES: readonly OfferedRule[] = [
  {
    rule: 'MERGE',
    label: 'Everything but merge requests',
    says: 'Commits, other merges, resets, undoing, renaming and deletion are refused, whoever asks.',
  },
  { rule: 'COMMIT', label: 'Direct commits', says: 'Changes come by merges from other branches alone.' },
  {
    rule: 'RESET',
    label: 'Moves that lose commits',
    says: 'Resets and rebases, and putting it back to where it was.',
  },
  { rule: 'DELETE', label: 'Deleting and renaming', says: 'Addresses that name it stay good.' },
];

/** What can be refused; a tag takes neither commits nor merges in any case. */
export function offeredRules(type: RefInfo['type']): readonly OfferedRule[] {
  return type === 'TAG' ? RULES.filter(({ rule }) => rule !== 'COMMIT' && rule !== 'MERGE') : RULES;
}

/** "direct commits, deleting and renaming": what is refused. */
export function rulesText(rules: readonly Rule[]): string {
  const labels = RULES.filter(({ rule }) => rules.includes(rule)).map(({ label }) => label.toLowerCase());
  return labels.join(', ');
}

/** "2 approvals and the checks rows, schema": what a merge request needs; empty where it is nothing. */
export function gateText({ requiredApprovals, requiredChecks }: MergeGate): string {
  const checks = `the check${requiredChecks.length === 1 ? '' : 's'} ${requiredChecks.join(', ')}`;
  return [
    ...(requiredApprovals === 0 ? [] : [countOf(requiredApprovals, 'approval')]),
    ...(requiredChecks.length === 0 ? [] : [checks]),
  ].join(' and ');
}
