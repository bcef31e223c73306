import { describe, expect, it } from 'vitest';
import { gateDraftOf, gateOf } from './gate-draft.ts';
import { gateText, offeredRules, rulesText } from './protection.ts';

describe('protection', () => {
  it('is told by what it refuses, and offers tags only what can be done to them', () => {
    expect(rulesText(['RESET', 'MERGE'])).toBe('everything but merge requests, moves that lose commits');
    expect(rulesText([])).toBe('');
    expect(offeredRules('TAG').map(({ rule }) => rule)).toEqual(['RESET', 'DELETE']);
    expect(offeredRules('BRANCH')).toHaveLength(4);
  });

  it('says what a merge request needs', () => {
    const gate = { requiredApprovals: 2, requiredChecks: ['rows', 'schema'], authorMayApprove: false };
    expect(gateText(gate)).toBe('2 approvals and the checks rows, schema');
    expect(gateText({ ...gate, requiredApprovals: 0, requiredChecks: ['rows'] })).toBe('the check rows');
    expect(gateText({ ...gate, requiredApprovals: 0, requiredChecks: [] })).toBe('');
  });

  it('is written as text and read back; what is no number of approvals is refused', () => {
    const gate = { requiredApprovals: 3, requiredChecks: ['rows'], authorMayApprove: true };
    expect(gateOf(gateDraftOf(gate))).toEqual(gate);
    expect(gateOf({ ...gateDraftOf(undefined), checks: 'a,,a , b' })).toEqual({
      requiredApprovals: 1,
      requiredChecks: ['a', 'b'],
      authorMayApprove: false,
    });
    for (const approvals of ['', '-1', '101', 'two'])
      expect(gateOf({ ...gateDraftOf(gate), approvals })).toBeNull();
  });
});
