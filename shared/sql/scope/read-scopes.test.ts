import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { readScopes } from './read-scopes.ts';
import {
  columnsOfQuery,
  columnsOfSource,
  coreAt,
  resolveColumn,
  sourceName,
  visibleCtes,
  type KnownTable,
} from './resolve.ts';

const table = (id: string, ...columns: string[]): KnownTable => ({
  id,
  name: id.split('.').at(-1) ?? id,
  columns: columns.map((name) => ({ name, sqlType: 'INTEGER' })),
});
const TABLES = [
  table('bronze.flights', 'date', 'delay', 'origin'),
  table('bronze.airports', 'iata', 'city', 'Odd name'),
];

/** What the place of the "|" sees: sources by name, and common table expressions. */
function seen(text: string) {
  const offset = text.indexOf('|');
  const query = readScopes(text.replace('|', ''));
  const core = coreAt(query, offset);
  return {
    sources: core?.sources.map(sourceName) ?? null,
    ctes: visibleCtes(core?.query ?? query, offset).map(({ name }) => name.text),
  };
}

const columnsOf = (sql: string) => columnsOfQuery(readScopes(sql), TABLES).columns.map(({ name }) => name);

describe('the sources that a place sees', () => {
  it.each([
    ['SELECT | FROM bronze.flights', ['flights']],
    ['SELECT | FROM bronze.flights f', ['f']],
    ['SELECT | FROM bronze.flights AS "My f", bronze.airports a', ['My f', 'a']],
    ['SELECT | FROM bronze.flights f JOIN bronze.airports a ON a.iata = f.origin WHERE 1', ['f', 'a']],
    ['SELECT 1 FROM a LEFT JOIN b USING (x), c WHERE |', ['a', 'b', 'c']],
    ['SELECT 1 FROM (a JOIN b ON a.x = b.x) ASOF JOIN c ON |', ['a', 'b', 'c']],
    ['SELECT 1 FROM (SELECT | FROM inside) o', ['inside']],
    ['SELECT | FROM (SELECT 1 FROM inside) o', ['o']],
    ['SELECT 1 FROM a UNION ALL SELECT | FROM b', ['b']],
    ['FROM a SELECT |', ['a']],
    ['SELECT 1 FROM f: bronze.flights WHERE |', ['f']],
    ['SELECT 1 FROM a AT (VERSION => 12) x WHERE |', ['x']],
    ['SELECT 1 FROM a, LATERAL (SELECT a.x) l WHERE |', ['a', 'l']],
    ['SELECT 1 FROM range(1, 10) t(i) WHERE |', ['t']],
    ['SELECT extract(year FROM day) FROM a WHERE |', ['a']],
    ['SELECT 1 FROM a WHERE x IN (SELECT | FROM b)', ['b']],
    ['UPDATE a SET x = 1 FROM b WHERE |', ['a', 'b']],
    ['DELETE FROM a USING b WHERE |', ['a', 'b']],
    ['MERGE INTO a t USING b s ON | WHEN MATCHED THEN DELETE', ['t', 's']],
    ['INSERT INTO a (x, y) SELECT | FROM b', ['a', 'b']],
    ['CREATE TABLE n.a AS SELECT | FROM b', ['a', 'b']],
    ['SELECT a IS DISTINCT FROM b FROM c WHERE |', ['c']],
    ['SELECT * FROM a WHERE | ORDER BY', ['a']],
    ['SELECT | FROM', []],
    ['SELECT 1 FROM a JOIN |', ['a']],
    ['SELECT (|', []],
    ['SELECT f.| FROM bronze.flights f', ['f']],
    ['SELECT x FROM bronze.| WHERE 1', ['bronze']],
  ])('%s', (sql, sources) => expect(seen(sql).sources).toEqual(sources));
});

describe('the common table expressions that a place sees', () => {
  it.each([
    ['WITH a AS (SELECT 1), b AS (SELECT | FROM a) SELECT 1', ['b', 'a']],
    ['WITH a AS (SELECT |) , b AS (SELECT 1) SELECT 1', ['a']],
    ['WITH a AS (SELECT 1) SELECT 1 FROM (WITH b AS (SELECT 1) SELECT |)', ['b', 'a']],
    ['WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE |) FROM r', ['r']],
    ['WITH a AS MATERIALIZED (SELECT 1) SELECT |', ['a']],
    ['SELECT |', []],
  ])('%s', (sql, ctes) => expect(seen(sql).ctes).toEqual(ctes));
});

describe('the columns of an answer', () => {
  it.each([
    ['SELECT date, f.delay FROM bronze.flights f', ['date', 'delay']],
    ['SELECT date AS d, delay + 1 plus, x: origin FROM bronze.flights', ['d', 'plus', 'x']],
    ['SELECT * FROM bronze.flights', ['date', 'delay', 'origin']],
    ['FROM bronze.flights', ['date', 'delay', 'origin']],
    ['SELECT * EXCLUDE (delay) FROM bronze.flights', ['date', 'origin']],
    ['SELECT * EXCLUDE delay, 1 AS one FROM bronze.flights', ['date', 'origin', 'one']],
    ['SELECT a.* FROM bronze.flights f JOIN bronze.airports a ON true', ['iata', 'city', 'Odd name']],
    ['WITH t AS (SELECT delay AS late FROM bronze.flights) SELECT * FROM t', ['late']],
    ['WITH t(a, b) AS (SELECT 1, 2) FROM t', ['a', 'b']],
    ['SELECT * FROM (SELECT date, count(*) AS n FROM bronze.flights GROUP BY 1) x', ['date', 'n']],
    ['SELECT * FROM (VALUES (1, 2)) v(a, b)', ['a', 'b']],
    ['SELECT CASE WHEN a THEN 1 END AS c, sum(x) FILTER (WHERE y) OVER () AS w', ['c', 'w']],
    ['SELECT DISTINCT ON (origin) origin, date FROM bronze.flights', ['origin', 'date']],
    ["SELECT a::date, 'x' AS word, b IS NULL, 1 or", ['word']],
    ['WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT * FROM r', ['n']],
    ['(SELECT city FROM bronze.airports) UNION SELECT 1', ['city']],
  ])('%s', (sql, names) => expect(columnsOf(sql)).toEqual(names));

  it('keeps the type of a column through queries and renames', () => {
    const query = readScopes(
      'WITH t AS (SELECT f.delay AS late FROM bronze.flights f) SELECT late FROM t AS u',
    );
    expect(resolveColumn(['u', 'late'], query.cores[0]!, TABLES)).toEqual({
      name: 'late',
      sqlType: 'INTEGER',
      from: 'u',
    });
  });

  it('says that it does not know all of a table that is not there', () => {
    const query = readScopes('SELECT * FROM nowhere');
    const core = query.cores[0]!;
    expect(columnsOfSource(core.sources[0]!, query, TABLES)).toEqual({ columns: [], complete: false });
  });

  it('resolves names of the queries around', () => {
    const text =
      'SELECT 1 FROM bronze.flights f WHERE EXISTS (SELECT 1 FROM bronze.airports a WHERE a.iata = f.|)';
    const query = readScopes(text.replace('|', ''));
    const core = coreAt(query, text.indexOf('|'))!;
    expect(resolveColumn(['f', 'origin'], core, TABLES)?.from).toBe('f');
  });
});

it('takes any text, however broken, and stays inside it', () => {
  const words = [
    'SELECT',
    'FROM',
    'WITH',
    'a',
    'b.c',
    '(',
    ')',
    ',',
    'AS',
    'JOIN',
    'UNION',
    '*',
    '"',
    "'",
    '.',
    'IN',
    'x:',
    'VALUES',
    'LATERAL',
    'INTO',
    'USING',
    '--',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 40 }), (parts) => {
      const sql = parts.join(' ');
      const query = readScopes(sql);
      columnsOfQuery(query, TABLES);
      for (let offset = 0; offset <= sql.length; offset += 1) {
        const core = coreAt(query, offset);
        for (const { start, end } of core?.sources ?? [])
          expect(0 <= start && start <= end && end <= sql.length).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});
