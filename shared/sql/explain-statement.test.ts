import { expect, it } from 'vitest';
import { explainStatement } from './explain-statement.ts';

it('takes the query out of EXPLAIN and leaves every place of it where it was', () => {
  const sql = '-- why\nexplain /* slow */ ANALYZE\n  SELECT x FROM t';
  const found = explainStatement(sql);
  expect(found?.analyze).toBe(true);
  expect(found?.query).toHaveLength(sql.length);
  expect(found?.query.trim()).toBe('SELECT x FROM t');
  expect(found?.query.indexOf('SELECT')).toBe(sql.indexOf('SELECT'));
  expect(found?.query.split('\n')).toHaveLength(3);
});

it('leaves other statements alone', () => {
  expect(explainStatement('SELECT 1')).toBeNull();
  expect(explainStatement('"EXPLAIN" SELECT 1')).toBeNull();
  expect(explainStatement('')).toBeNull();
  expect(explainStatement('EXPLAIN')).toMatchObject({ analyze: false, query: '       ' });
});
