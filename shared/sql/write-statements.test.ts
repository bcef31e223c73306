import { expect, it } from 'vitest';
import { isWriteStatement } from './write-statements.ts';

it.each([
  'insert into t values (1)',
  '-- why\nDELETE FROM t',
  'UPDATE t SET a = 1',
  'TRUNCATE t',
  'BEGIN; DELETE FROM t; COMMIT',
  'OPTIMIZE t ZORDER BY (a, b)',
  'vacuum t retain 7 days',
  'MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE',
  'CREATE OR REPLACE TABLE t AS SELECT 1',
  'create table t (a int)',
  'ALTER TABLE t DROP a',
  'DROP TABLE IF EXISTS t',
  'MERGE BRANCH a INTO b',
  'CREATE BRANCH x',
  'DROP TAG x',
  'WITH a AS (SELECT 1), b(x) AS (SELECT 2) INSERT INTO t SELECT * FROM a',
  'WITH a AS (SELECT 1) MERGE INTO t USING a ON true WHEN MATCHED THEN UPDATE SET x = 1',
])('a write: %s', (sql) => expect(isWriteStatement(sql)).toBe(true));

it.each([
  '',
  'SELECT 1; DELETE FROM t',
  '(SELECT 1)',
  'FROM t SELECT insert',
  'WITH a AS (SELECT 1) SELECT * FROM a AS delete',
  'WITH optimize AS (SELECT 1) SELECT * FROM optimize',
  'DESCRIBE t',
  '"insert" into',
])('no write: %s', (sql) => expect(isWriteStatement(sql)).toBe(false));
