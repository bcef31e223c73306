import { expect, it } from 'vitest';
import { openPivots } from './find-pivots.ts';

const found = (sql: string) => {
  const text = ({ start, end }: { readonly start: number; readonly end: number }) => sql.slice(start, end);
  return openPivots(sql).map((pivot) => ({
    whole: text(pivot),
    source: text(pivot.source),
    on: pivot.elements.map(({ expression, query }) =>
      query === null ? text(expression) : `${text(expression)} IN ${text(query)}`,
    ),
    withs: pivot.withs.map(text),
  }));
};

it.each<[string, object[]]>([
  ['PIVOT t ON a', [{ whole: 'PIVOT t ON a', source: 't', on: ['a'], withs: [] }]],
  [
    "PIVOT a JOIN b ON a.x = b.x ON f(c, [1, 2]), d IN ('x'), e, USING sum(v) GROUP BY k ORDER BY k",
    [
      {
        whole: "PIVOT a JOIN b ON a.x = b.x ON f(c, [1, 2]), d IN ('x'), e, USING sum(v) GROUP BY k",
        source: 'a JOIN b ON a.x = b.x',
        on: ['f(c, [1, 2])', 'e'],
        withs: [],
      },
    ],
  ],
  [
    'WITH RECURSIVE a(x) AS (SELECT 1), b AS NOT MATERIALIZED (FROM a) SELECT * FROM (PIVOT b ON c UNION PIVOT a ON d)',
    [
      {
        whole: 'PIVOT b ON c',
        source: 'b',
        on: ['c'],
        withs: ['WITH RECURSIVE a(x) AS (SELECT 1), b AS NOT MATERIALIZED (FROM a)'],
      },
      {
        whole: 'PIVOT a ON d',
        source: 'a',
        on: ['d'],
        withs: ['WITH RECURSIVE a(x) AS (SELECT 1), b AS NOT MATERIALIZED (FROM a)'],
      },
    ],
  ],
  [
    'WITH a AS (FROM t), b AS (WITH c AS (FROM a) PIVOT c ON x IN (WITH q AS (FROM u) FROM q)) FROM b',
    [
      {
        whole: 'PIVOT c ON x IN (WITH q AS (FROM u) FROM q)',
        source: 'c',
        on: ['x IN WITH q AS (FROM u) FROM q'],
        withs: ['WITH a AS (FROM t)', 'WITH c AS (FROM a)'],
      },
    ],
  ],
  ['WITH a AS (PIVOT t ON x) FROM a', [{ whole: 'PIVOT t ON x', source: 't', on: ['x'], withs: [] }]],
  ["PIVOT t ON a IN ('x'), b IN kinds USING sum(v)", []],
  ['PIVOT t USING sum(v) GROUP BY a', []],
  ["FROM t PIVOT (sum(v) FOR a IN ('x')) JOIN u ON t.a = u.a", []],
  ["FROM (FROM t) PIVOT (sum(v) FOR a IN ('x')) p JOIN u ON p.a = u.a", []],
  ['SELECT 1 AS pivot FROM t JOIN u ON t.a = u.a', []],
  ["SELECT 'PIVOT t ON a' -- PIVOT t ON a", []],
  ['PIVOT', []],
  ['PIVOT t ON', []],
  ['PIVOT t) ON (a', []],
])('%s', (sql, wanted) => {
  expect(found(sql)).toEqual(wanted);
});
