import { expect, it } from 'vitest';
import { formatSql } from './format-sql.ts';

it('writes clauses in capitals, also those that look like functions, and leaves functions and texts alone', async () => {
  const formatted = await formatSql(
    `select count(*) filter(where a > 1), row_number() over(order by b), filter(list, x -> x > 1), 'over (' from t at (version => 'v') where over = 1`,
  );
  expect(formatted.replaceAll(/\s+/g, ' ')).toBe(
    `SELECT count(*) FILTER ( WHERE a > 1 ), row_number() OVER ( ORDER BY b ), filter(list, x -> x > 1), 'over (' FROM t AT (VERSION => 'v') WHERE over = 1`,
  );
});
