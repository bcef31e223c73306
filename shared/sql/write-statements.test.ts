import { expect, it } from 'vitest';
import { isWriteStatement, queryOfWrite, writesAnything } from './write-statements.ts';

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
  'CREATE SCHEMA s',
  'drop namespace s cascade',
  'CREATE OR REPLACE VIEW v AS SELECT 1',
  'DROP VIEW v',
  "COMMENT ON TABLE t IS 'x'",
  'ALTER VIEW v RENAME TO w',
  'RESTORE t TO VERSION 1',
  'UNDROP TABLE t',
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
  'SHOW SCHEMAS',
  'DESCRIBE HISTORY t',
  '"insert" into',
])('no write: %s', (sql) => expect(isWriteStatement(sql)).toBe(false));

it.each<[sql: string, query: string | null]>([
  ['INSERT INTO a.b (x, "select") BY NAME SELECT 1', 'SELECT 1'],
  ['insert into t (from) with q as (select 1) from q', 'with q as (select 1) from q'],
  ["CREATE OR REPLACE TABLE t AS -- from\nFROM 'x'", "FROM 'x'"],
  ['INSERT INTO t VALUES (1)', 'VALUES (1)'],
  ['CREATE TABLE t (from_day DATE)', null],
  ['DELETE FROM t WHERE x IN (SELECT 1)', null],
  ['MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE', null],
])('finds the query that gives a write its rows: %s', (sql, query) => {
  const start = queryOfWrite(sql);
  expect(start === null ? null : sql.slice(start)).toBe(query);
});

it('says of a script whether any of it writes', () => {
  expect(writesAnything("SELECT ';'; DELETE FROM t")).toBe(true);
  expect(writesAnything("SELECT 'DELETE FROM t'; FROM t;")).toBe(false);
});
