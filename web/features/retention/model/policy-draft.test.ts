import { describe, expect, it } from 'vitest';
import type { RetentionPolicy } from '#shared/contract/gc.ts';
import { draftOf, keptForText, policyOf, ruleProblem, type RuleDraft } from './policy-draft.ts';

const DAY = 24 * 3600 * 1000;
const draft = (more: Partial<RuleDraft>): RuleDraft => ({
  id: 0,
  of: 'branch',
  name: 'dev/*',
  days: '7',
  last: '',
  ...more,
});

describe('a retention policy', () => {
  it('is the same after it was written as rules and read again', () => {
    const policy: RetentionPolicy = {
      default: { keepForMs: 30 * DAY, keepLast: 10 },
      branches: [{ branch: 'dev/*', keepForMs: DAY / 2 }],
      namespaces: [{ namespace: 'gold.sales', keepLast: 100 }],
    };
    const drafts = draftOf(policy);
    expect(drafts.map(({ of, days, last }) => [of, days, last])).toEqual([
      ['default', '30', '10'],
      ['branch', '0.5', ''],
      ['namespace', '', '100'],
    ]);
    expect(policyOf(drafts)).toEqual(policy);
    expect(policyOf([])).toEqual({ branches: [], namespaces: [] });
  });

  it('says what is wrong with a rule, and is not made as long as one is', () => {
    expect(ruleProblem(draft({}))).toBeNull();
    expect(ruleProblem(draft({ of: 'default', name: '' }))).toBeNull();
    for (const wrong of [
      { name: ' ' },
      { days: '' },
      { days: '-1' },
      { days: 'soon' },
      { days: '', last: '0' },
      { last: '1.5' },
    ]) {
      expect(ruleProblem(draft(wrong))).not.toBeNull();
      expect(policyOf([draft({}), draft(wrong)])).toBeNull();
    }
  });

  it('tells what keeps versions, most of them first', () => {
    expect(keptForText({ tag: 1, branch: 1200, reflog: 0 })).toBe(
      '1,200 versions for branches, 1 version for tags',
    );
  });
});
