import { expect, it } from 'vitest';
import { readsHistory } from './reads-history.ts';

it.each([
  ["FROM a.t AT (VERSION => 'dev')", true],
  ["FROM a.t AS x at/* then */( timestamp=>TIMESTAMP '2024-01-01' )", true],
  ["SELECT t AT TIME ZONE 'UTC' FROM a.t", false],
  ["SELECT 'AT (VERSION => 1)' -- AT (VERSION => 1)", false],
  ['FROM a.t AS at (version, x)', false],
  ['SELECT at, version FROM a.t WHERE at IN (1, 2)', false],
])('%s', (sql, reads) => {
  expect(readsHistory(sql)).toBe(reads);
});
