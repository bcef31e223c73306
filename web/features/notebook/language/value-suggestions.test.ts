import { describe, expect, it } from 'vitest';
import { complete } from './complete.ts';
import { NO_FACTS, type CompletionTable, type LanguageFacts } from './language-facts.ts';
import { valuePlaceAt } from './value-place.ts';

const FLIGHTS: CompletionTable = {
  id: 'bronze.flights',
  namespace: ['bronze'],
  name: 'flights',
  rows: '3000000',
  columns: [
    { name: 'origin', sqlType: 'VARCHAR' },
    { name: 'delay', sqlType: 'INTEGER' },
    { name: 'day', sqlType: 'DATE' },
    { name: 'late', sqlType: 'BOOLEAN' },
  ],
};
const VALUES: Readonly<Record<string, readonly string[]>> = {
  origin: ['ORD', "O'Hare", 'ATL'],
  delay: ['0', '15'],
  day: ['2001-02-02', '2001-02-01'],
};
const FACTS: LanguageFacts = {
  ...NO_FACTS,
  tables: [FLIGHTS],
  values: ({ column }) => ({
    values: (VALUES[column.name] ?? []).map((value, at) => ({ value, rows: 100 - at })),
    whole: true,
  }),
};

function place(text: string) {
  const found = valuePlaceAt(text.replace('|', ''), text.indexOf('|'), [FLIGHTS]);
  return found === null ? null : `${found.table.id}.${found.column.name}`;
}

describe('the column that is compared at a place', () => {
  it.each([
    ["SELECT * FROM bronze.flights WHERE origin = '|'", 'origin'],
    ["SELECT * FROM bronze.flights WHERE origin = '|", 'origin'],
    ['SELECT * FROM bronze.flights WHERE origin = |', 'origin'],
    ["SELECT * FROM bronze.flights WHERE origin <> 'A|'", 'origin'],
    ["SELECT * FROM bronze.flights f WHERE f.origin != '|' AND delay > 1", 'origin'],
    ["SELECT * FROM bronze.flights WHERE bronze.flights.origin = '|'", 'origin'],
    ["SELECT * FROM bronze.flights WHERE origin IN ('|')", 'origin'],
    ["SELECT * FROM bronze.flights WHERE origin NOT IN ('ATL', 'O''Hare', '|')", 'origin'],
    ["SELECT * FROM bronze.flights WHERE origin NOT LIKE '|'", 'origin'],
    ['SELECT * FROM bronze.flights WHERE "origin" ILIKE \'o|\'', 'origin'],
    ["SELECT * FROM bronze.flights WHERE origin IS NOT DISTINCT FROM '|'", 'origin'],
    ["SELECT * FROM bronze.flights WHERE day BETWEEN '|'", 'day'],
    ["SELECT * FROM bronze.flights WHERE day BETWEEN DATE '2001-01-01' AND '|'", 'day'],
    ["SELECT * FROM bronze.flights WHERE day >= DATE '|'", 'day'],
    [
      "WITH t AS (SELECT f.origin AS start FROM bronze.flights f) SELECT * FROM t WHERE start = '|'",
      'origin',
    ],
    ["WITH t(a, b) AS (SELECT origin, day FROM bronze.flights) SELECT * FROM t x WHERE x.b = '|'", 'day'],
    ["SELECT * FROM (SELECT * FROM bronze.flights) x(a, b) WHERE a = '|'", null],
    ["SELECT * FROM (SELECT * FROM bronze.flights) x WHERE origin = '|'", 'origin'],
    ["SELECT * FROM (SELECT * EXCLUDE (origin) FROM bronze.flights) x WHERE origin = '|'", null],
    ["SELECT * FROM (SELECT upper(origin) AS origin FROM bronze.flights) x WHERE origin = '|'", null],
    ["UPDATE bronze.flights SET origin = '|'", 'origin'],
    ["SELECT count(*) FILTER (WHERE origin = '|') FROM bronze.flights", 'origin'],
    ["SELECT * FROM bronze.flights WHERE upper(origin) = '|'", null],
    ["SELECT '|' FROM bronze.flights", null],
    ["SELECT * FROM bronze.flights WHERE origin = 'ATL'|", null],
    ["SELECT * FROM bronze.flights WHERE nothing = '|'", null],
    ['SELECT * FROM bronze.flights -- origin = |', null],
    ["SELECT concat('a', '|') FROM bronze.flights", null],
    ["WITH RECURSIVE r AS (SELECT x FROM r) SELECT * FROM r WHERE x = '|'", null],
  ])('%s', (text, column) => expect(place(text)).toBe(column === null ? null : `bronze.flights.${column}`));
});

describe('completion of values', () => {
  function offered(text: string) {
    const offset = text.indexOf('|');
    const whole = text.replace('|', '');
    const { from, to = offset, suggestions } = complete(whole, offset, FACTS);
    return suggestions
      .filter(({ kind }) => kind === 'value')
      .toSorted((a, b) => ((a.order ?? '') < (b.order ?? '') ? -1 : 1))
      .map(({ insert }) => whole.slice(whole.lastIndexOf(' ', from) + 1, from) + insert + whole.slice(to));
  }

  it('offers the values in their order, and closes their quotes once', () => {
    expect(offered("FROM bronze.flights WHERE origin = '|'")).toEqual(["'ORD'", "'O''Hare'", "'ATL'"]);
    expect(offered("FROM bronze.flights WHERE origin = 'A|")).toEqual(["'ORD'", "'O''Hare'", "'ATL'"]);
    expect(offered("FROM bronze.flights WHERE origin IN ('A', '|')")).toEqual([
      "'ORD')",
      "'O''Hare')",
      "'ATL')",
    ]);
  });

  it('writes the quotes where there are none, and numbers without any', () => {
    expect(offered('FROM bronze.flights WHERE origin = |')).toEqual(["'ORD'", "'O''Hare'", "'ATL'"]);
    expect(offered('FROM bronze.flights WHERE delay = |')).toEqual(['0', '15']);
    expect(offered('FROM bronze.flights WHERE late = |')).toEqual(['true', 'false']);
  });

  it('still offers columns where no quote is written, and nothing else inside of one', () => {
    const kinds = (text: string) => [
      ...new Set(complete(text, text.length, FACTS).suggestions.map(({ kind }) => kind)),
    ];
    expect(kinds('FROM bronze.flights WHERE origin = ')).toContain('column');
    expect(kinds("FROM bronze.flights WHERE origin = '")).toEqual(['value']);
  });
});
