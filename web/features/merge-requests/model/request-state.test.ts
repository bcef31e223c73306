import { describe, expect, it } from 'vitest';
import type { MergeRequestDetail, Verdict } from '#shared/contract/merge-requests.ts';
import { checkLines, checkNames, reviewLines, suggestTitle } from './request-state.ts';

const verdict = (name: string, state: Verdict['state'], current: boolean, hour: number): Verdict => ({
  name,
  state,
  current,
  sourceHash: current ? 'a'.repeat(64) : 'b'.repeat(64),
  summary: '',
  time: `2026-11-14T${String(hour).padStart(2, '0')}:00:00.000Z`,
});

function request(more: Partial<MergeRequestDetail>): MergeRequestDetail {
  return {
    id: 7,
    title: 'Prices',
    description: '',
    source: 'prices',
    target: 'main',
    status: 'OPEN',
    author: 'ada',
    requiredChecks: [],
    requiredApprovals: 0,
    sourceHash: null,
    targetBefore: null,
    mergedHash: null,
    version: 1,
    createdAt: '2026-11-14T00:00:00.000Z',
    updatedAt: '2026-11-14T00:00:00.000Z',
    diffFrom: null,
    diffTo: null,
    ahead: 0,
    behind: 0,
    commits: [],
    approvals: [],
    checks: [],
    blockers: [],
    ...more,
  };
}

describe('checkLines', () => {
  it('lists the required first, also those that never ran, each with its newest word at this head', () => {
    const lines = checkLines(
      request({
        requiredChecks: ['quality', 'freshness'],
        checks: [
          verdict('lineage', 'FAILED', true, 1),
          verdict('quality', 'FAILED', true, 1),
          verdict('quality', 'PASSED', true, 3),
          verdict('quality', 'FAILED', false, 9),
          verdict('freshness', 'PASSED', false, 2),
        ],
      }),
    );
    expect(lines.map(({ name, required, verdict: said }) => [name, required, said?.state])).toEqual([
      ['quality', true, 'PASSED'],
      ['freshness', true, undefined],
      ['lineage', false, 'FAILED'],
    ]);
    expect(lines.map(({ earlier }) => earlier?.state)).toEqual([undefined, 'PASSED', undefined]);
  });
});

describe('reviewLines', () => {
  it('takes the last word of each person, and says when it is about an earlier state', () => {
    const approvals = [
      verdict('ada', 'FAILED', false, 1),
      verdict('ada', 'PASSED', true, 2),
      verdict('bob', 'PASSED', false, 3),
      verdict('cyd', 'FAILED', true, 1),
    ];
    expect(reviewLines(request({ approvals })).map(({ name, word }) => `${name} ${word}`)).toEqual([
      'bob approved an earlier state',
      'ada approved',
      'cyd asks for changes',
    ]);
  });
});

describe('suggestTitle', () => {
  it('takes the message of an only commit, else the words of the branch', () => {
    expect(suggestTitle('team/fix-late_orders', ['Insert 3 rows'])).toBe('Insert 3 rows');
    expect(suggestTitle('team/fix-late_orders', ['a', 'b'])).toBe('Fix late orders');
    expect(suggestTitle('x', [])).toBe('X');
  });
});

describe('checkNames', () => {
  it('splits at commas, and names each check once', () => {
    expect(checkNames(' quality, freshness,,quality ')).toEqual(['quality', 'freshness']);
    expect(checkNames('  ')).toEqual([]);
  });
});
