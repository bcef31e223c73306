import { expect, it } from 'vitest';
import { failureSentence } from './failure-sentence.ts';

const failure = (message: string, type = 'Invalid Input') => ({ type, message, candidates: [] });

it('leaves what a person has error() say as it is', () => {
  for (const text of ['boom 1', 'no INT32 here!\n\nSecond paragraph.', 'There is no function x'])
    expect(failureSentence(failure(text), `SELECT "Error" ('boom ' || id) FROM t`)).toBe(text);
});

it("makes sentences of DuckDB's own messages", () => {
  const own = failure('need at least one row');
  expect(failureSentence(own)).toBe('Need at least one row.');
  expect(failureSentence(own, "SELECT 'error(1)' FROM error WHERE error = (1)")).toBe(
    'Need at least one row.',
  );
  expect(failureSentence(failure('cannot take logarithm of zero', 'Out of Range'), "SELECT error('x')")).toBe(
    'Cannot take logarithm of zero.',
  );
});
