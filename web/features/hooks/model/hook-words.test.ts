import { describe, expect, it } from 'vitest';
import type { HookDelivery } from '#shared/contract/hooks.ts';
import { answerText, eventsText, prettyBody } from './hook-words.ts';

const delivery: HookDelivery = {
  id: '1',
  event: 'post-commit',
  state: 'DELIVERED',
  attempts: 1,
  dueAt: null,
  status: 204,
  problem: null,
  createdAt: '2026-11-14T00:00:00.000Z',
  updatedAt: '2026-11-14T00:00:00.000Z',
  body: '{}',
};

describe('what hooks say', () => {
  it('names events by when they are', () => {
    expect(eventsText(['pre-commit', 'post-merge'])).toBe('before commit, after merge');
  });

  it('tells an answer, a veto, a failure and what is tried again apart', () => {
    expect(answerText(delivery)).toBe('It took it, with status 204.');
    expect(answerText({ ...delivery, state: 'VETOED', problem: 'Friday.' })).toBe('It says no: Friday.');
    const failed = { ...delivery, status: 500, problem: 'It answered 500.' };
    expect(answerText({ ...failed, state: 'FAILED' })).toBe('It answered 500.');
    expect(answerText({ ...failed, state: 'WAITING' })).toBe('It answered 500. It is tried again.');
    expect(answerText({ ...delivery, state: 'WAITING', attempts: 0 })).toBe('It was not sent yet.');
  });

  it('shows a body on lines, and one that is no JSON as it is', () => {
    expect(prettyBody('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(prettyBody('{a')).toBe('{a');
  });
});
