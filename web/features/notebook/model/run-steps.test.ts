import { expect, it } from 'vitest';
import { runSteps } from './run-steps.ts';

it('runs statements one by one, and a transaction as a whole', () => {
  const sql = "SELECT ';';\nBEGIN;\nINSERT INTO t VALUES (1);\nDELETE FROM u;\nCOMMIT;\nFROM t -- all";
  expect(runSteps(sql).map((step) => step.sql)).toEqual([
    "SELECT ';'",
    'BEGIN;\nINSERT INTO t VALUES (1);\nDELETE FROM u;\nCOMMIT',
    'FROM t',
  ]);
  for (const { sql: text, offset } of runSteps(sql)) expect(sql.startsWith(text, offset)).toBe(true);
});

it('sends a single step as it was typed, also where a transaction is not ended', () => {
  for (const sql of [
    ' SELECT 1; -- one',
    'start transaction; DELETE FROM t; commit;',
    'BEGIN; DELETE FROM t',
  ])
    expect(runSteps(sql)).toEqual([{ sql, offset: 0 }]);
  expect(runSteps('-- nothing')).toEqual([]);
});
