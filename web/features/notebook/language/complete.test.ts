import { describe, expect, it } from 'vitest';
import type { SqlFunction } from '#shared/contract/functions.ts';
import { complete } from './complete.ts';
import { NO_FACTS, type CompletionTable } from './language-facts.ts';

const table = (id: string, columns: readonly string[], rows = '10'): CompletionTable => ({
  id,
  namespace: id.split('.').slice(0, -1),
  name: id.split('.').at(-1) ?? id,
  rows,
  columns: columns.map((name) => ({ name, sqlType: 'TIMESTAMP WITH TIME ZONE' })),
});
const TABLES = [
  table('bronze.flights', ['date', 'delay', 'origin'], '3000000'),
  table('bronze.airports', ['iata', 'city', 'Odd name']),
  table('gold.daily', ['date', 'total']),
];

const FUNCTIONS: readonly SqlFunction[] = [
  {
    name: 'quantile_cont',
    kind: 'aggregate',
    signatures: [
      {
        parameters: [
          { name: 'x', type: 'DOUBLE' },
          { name: 'pos', type: 'DOUBLE' },
        ],
        returns: 'DOUBLE',
      },
    ],
    examples: [],
  },
  { name: 'now', kind: 'scalar', signatures: [{ parameters: [], returns: 'TIMESTAMP' }], examples: [] },
];

/** Suggestions at the "|" in the text. */
function at(text: string, kind?: string) {
  const offset = text.indexOf('|');
  const { from, suggestions } = complete(text.replace('|', ''), offset, {
    ...NO_FACTS,
    tables: TABLES,
    functions: FUNCTIONS,
  });
  const best = suggestions.filter((each) => kind === undefined || each.kind === kind);
  return {
    from,
    labels: best.map((each) => each.label),
    inserts: best.map((each) => each.insert),
    suggestions,
  };
}

describe('complete', () => {
  it.each([
    'SELECT * FROM |',
    'SELECT * FROM bro|',
    'SELECT 1 FROM gold.daily JOIN |',
    'select * from -- here\n |',
  ])('offers tables first in %s', (text) => {
    expect(at(text, 'table').labels).toEqual(['bronze.flights', 'bronze.airports', 'gold.daily']);
    expect(at(text).suggestions.every((each) => each.kind !== 'keyword')).toBe(true);
  });

  it('offers the columns of a FROM that comes later, and says their types as SQL does', () => {
    const { suggestions } = at('SELECT de| FROM bronze.flights');
    const columns = suggestions.filter(({ kind }) => kind === 'column');
    expect(columns.map(({ label, detail, rank }) => ({ label, detail, rank }))).toContainEqual({
      label: 'delay',
      detail: 'timestamptz · bronze.flights',
      rank: 0,
    });
    expect(columns).toHaveLength(3);
  });

  it('offers the columns of all tables, each once and last, before there is a FROM', () => {
    const { suggestions } = at('SELECT d|');
    const columns = suggestions.filter(({ kind }) => kind === 'column');
    expect(columns.map(({ label }) => label)).toEqual([
      'date',
      'delay',
      'origin',
      'iata',
      'city',
      'Odd name',
      'total',
    ]);
    expect(columns[0]?.detail).toBe('2 tables');
    expect(Math.min(...columns.map(({ rank }) => rank))).toBeGreaterThan(
      Math.max(...suggestions.filter(({ kind }) => kind !== 'column').map(({ rank }) => rank)),
    );
  });

  it('says where the written part of the word begins', () => {
    expect(at('SELECT * FROM bro|').from).toBe(14);
    expect(at('SELECT * FROM bronze.fl|').from).toBe(21);
  });

  it('offers the tables of a namespace after its dot', () => {
    expect(at('SELECT * FROM bronze.|').labels).toEqual(['flights', 'airports']);
  });

  it.each([
    'SELECT f.| FROM bronze.flights f',
    'SELECT f.| FROM bronze.flights AS f',
    "SELECT f.de| FROM bronze.flights AT (VERSION => 'main') f JOIN bronze.airports a ON true",
    'SELECT 1; SELECT * FROM gold.daily, bronze.flights f WHERE f.|',
    'SELECT flights.| FROM bronze.flights',
    'SELECT bronze.flights.| FROM bronze.flights',
  ])('offers the columns of what stands before the dot in %s', (text) => {
    expect(at(text, 'column').labels).toEqual(['date', 'delay', 'origin']);
  });

  it('offers the columns of the tables in the statement, each once', () => {
    expect(at('SELECT | FROM bronze.flights f JOIN gold.daily d USING (date)', 'column').labels).toEqual([
      'date',
      'delay',
      'origin',
      'total',
    ]);
  });

  it('looks at the statement under the cursor only', () => {
    expect(at('SELECT * FROM gold.daily; SELECT | FROM bronze.airports', 'column').labels).toEqual([
      'iata',
      'city',
      'Odd name',
    ]);
  });

  it('quotes a name that does not stand for itself', () => {
    expect(at('SELECT a.| FROM bronze.airports a').inserts).toContain('"Odd name"');
  });

  it('knows the common table expressions of the statement', () => {
    expect(
      at('WITH late AS (SELECT 1), early AS (SELECT 2) SELECT * FROM |', 'table').labels.slice(0, 2),
    ).toEqual(['early', 'late']);
  });

  it('offers the columns of common table expressions first, and no template that goes on after a space', () => {
    const { suggestions } = at('WITH x AS (SELECT origin o, delay FROM bronze.flights) SELECT |');
    const first = suggestions.filter(({ rank }) => rank === 0).map(({ label }) => label);
    expect(first).toEqual(['o', 'delay']);
    const matches = suggestions.flatMap(({ kind, match }) => (kind === 'template' ? [match] : []));
    expect(matches).toContain('select…atversion');
    expect(matches.filter((match) => match === undefined || match.includes(' '))).toEqual([]);
  });

  it.each(["SELECT 'bro|", 'SELECT 1 -- bro|', 'SELECT /* bro| */ 1', 'SELECT 12|'])(
    'is silent inside of %s',
    (text) => {
      expect(at(text).suggestions).toEqual([]);
    },
  );

  it('says of a function what it takes, what it gives and what it does', () => {
    const of = (signatures: SqlFunction['signatures'], description?: string) =>
      complete('SELECT f', 8, {
        ...NO_FACTS,
        functions: [
          {
            name: 'f',
            kind: 'aggregate',
            signatures,
            examples: ['f(1)'],
            ...(description === undefined ? {} : { description }),
          },
        ],
      }).suggestions.find(({ kind }) => kind === 'function');
    const taking = (type: string, returns: string | null) => ({ parameters: [{ name: 'x', type }], returns });
    expect(of([taking('T[]', 'T')], 'The first one.')).toMatchObject({
      signature: '(x)',
      detail: '→ T',
      about: 'f(x: T[]) → T\n\nThe first one.\n\nExample: f(1)',
    });
    expect(of([taking('DATE', 'DATE'), taking('TIME', 'TIME')])?.detail).toBe('→ date | time');
    expect(of(['INTEGER', 'BIGINT', 'DOUBLE'].map((type) => taking(type, type)))?.detail).toBe('→ number');
    expect(of([taking('DATE', 'DATE'), taking('ANY', 'ANY')])?.detail).toBe('aggregate function');
  });

  it('offers functions and keywords where an expression stands', () => {
    expect(at('SELECT |', 'function').labels).toContain('quantile_cont');
    expect(at('SELECT |', 'keyword').labels).toContain('DISTINCT');
  });
});
