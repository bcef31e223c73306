import { expect, it } from 'vitest';
import { withoutTrailingLimit } from './trailing-limit.ts';

it.each([
  ['SELECT * FROM t LIMIT 1_000_000;', 'SELECT * FROM t ', 1_000_000],
  ['FROM t -- all\nlimit /* of them */ 50000', 'FROM t -- all\n', 50_000],
  [
    'WITH c AS (FROM t ORDER BY 1 LIMIT 5) FROM c LIMIT 60000',
    'WITH c AS (FROM t ORDER BY 1 LIMIT 5) FROM c ',
    60_000,
  ],
])('%s is read without it', (sql, without, rows) => {
  expect(withoutTrailingLimit(sql)).toEqual({ sql: `${without}\n`, rows });
});

it.each([
  'SELECT * FROM t',
  'SELECT * FROM t LIMIT 1000',
  'SELECT * FROM t ORDER BY a LIMIT 100000',
  'SELECT * FROM t OFFSET 3 LIMIT 100000',
  'SELECT * FROM t LIMIT 100000 OFFSET 3',
  'SELECT * FROM t LIMIT 50000 + 50000',
  'SELECT * FROM t LIMIT 60000 %',
  'SELECT * FROM t LIMIT 6e5',
  'FROM (FROM t LIMIT 100000)',
  'SELECT 1 -- LIMIT 100000',
  '',
])('%s stays as it is', (sql) => {
  expect(withoutTrailingLimit(sql)).toBeNull();
});
