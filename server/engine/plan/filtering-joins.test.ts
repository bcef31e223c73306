import { expect, it } from 'vitest';
import { filteringJoins } from './filtering-joins.ts';

it.each<[string, readonly string[]]>([
  ['FROM a.o SEMI JOIN a.t ON o.i = t.i', ['SEMI t']],
  ['FROM o anti join a."T x" AS "u ""v" USING (i) SEMI JOIN t w ON true', ['ANTI u "v', 'SEMI w']],
  ['FROM o SEMI JOIN (SELECT 1 AS i) s USING (i)', ['SEMI s']],
  [
    "FROM o SEMI JOIN t AT (VERSION => 'v1') u USING (i) ANTI JOIN range(3) USING (i)",
    ['SEMI u', 'ANTI range'],
  ],
  ["SELECT 'SEMI JOIN t', semi FROM o JOIN t USING (i)", []],
  ['FROM o SEMI JOIN', []],
])('%s', (sql, joins) => {
  expect(filteringJoins(sql).map(({ kind, right }) => `${kind} ${right}`)).toEqual(joins);
});
