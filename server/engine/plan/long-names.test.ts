import { expect, it } from 'vitest';
import { quoteLongNames } from './long-names.ts';

it.each([
  ['SELECT * FROM a.b.c.t', 'SELECT * FROM "a.b.c"."t"'],
  ['FROM x JOIN "A b".c.d."T" AS t ON true', 'FROM x JOIN "A b.c.d"."T" AS t ON true'],
  ['SELECT a.b.c.t.x FROM y, a.b.c.t', 'SELECT "a.b.c"."t"."x" FROM y, "a.b.c"."t"'],
  ['DESCRIBE a.b.c.t', 'DESCRIBE "a.b.c"."t"'],
  [
    'SELECT (SELECT max(v) FROM a.b.c.t) FROM (a.b.c.u u JOIN s.t t USING (id))',
    'SELECT (SELECT max(v) FROM "a.b.c"."t") FROM ("a.b.c"."u" u JOIN s.t t USING (id))',
  ],
  [
    'SELECT s.a.b.c, s.a.b.d FROM a.b.c.t WHERE s.a.b.c IS DISTINCT FROM s.a.b.d',
    'SELECT s.a.b.c, s.a.b.d FROM "a.b.c"."t" WHERE s.a.b.c IS DISTINCT FROM s.a.b.d',
  ],
  ['SELECT extract(year FROM s.a.b.c) FROM a.b.c.t', 'SELECT extract(year FROM s.a.b.c) FROM "a.b.c"."t"'],
])('%s', (sql, quoted) => {
  const spliced = quoteLongNames(sql);
  expect(spliced?.sql.replaceAll('\u001f', '.')).toBe(quoted);
  expect(spliced?.toOriginal(quoted.length)).toBe(sql.length);
});

it.each([
  'SELECT 1',
  'SELECT a.b.c.d FROM s.t',
  "SELECT 'FROM a.b.c.t'",
  'SELECT f(a.b.c.d, e.f.g.h) FROM t',
])('nothing to quote: %s', (sql) => expect(quoteLongNames(sql)).toBeNull());
