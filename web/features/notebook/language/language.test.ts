import { describe, expect, it } from 'vitest';
import type { SqlFunction } from '#shared/contract/functions.ts';
import { complete } from './complete.ts';
import { definitionAt, renamePlaces } from './definition.ts';
import { hoverAt } from './hover.ts';
import type { CompletionTable, LanguageFacts } from './language-facts.ts';
import { signatureHelpAt } from './signature-help.ts';

const FLIGHTS: CompletionTable = {
  id: 'bronze.flights',
  namespace: ['bronze'],
  name: 'flights',
  rows: '3000000',
  comment: 'Flights of 2001.',
  columns: [
    { name: 'date', sqlType: 'TIMESTAMP' },
    { name: 'delay', sqlType: 'INTEGER', doc: 'Minutes late.' },
  ],
};
const TRUNCATE: SqlFunction = {
  name: 'date_trunc',
  kind: 'scalar',
  signatures: [
    {
      parameters: [
        { name: 'part', type: 'VARCHAR' },
        { name: 'timestamp', type: 'TIMESTAMP' },
      ],
      returns: 'TIMESTAMP',
    },
  ],
  description: 'Cuts off what is finer.',
  examples: [],
};
const FACTS: LanguageFacts = {
  tables: [FLIGHTS],
  functions: [TRUNCATE],
  parameters: [{ name: 'since', value: '2001-01-01' }],
  refs: [
    { name: 'main', kind: 'branch' },
    { name: "o'clock", kind: 'tag' },
  ],
};

/** The text without its "|", and where that was. */
function cut(text: string): readonly [string, number] {
  return [text.replace('|', ''), text.indexOf('|')];
}

describe('completion', () => {
  const labels = (text: string) =>
    complete(...cut(text), FACTS)
      .suggestions.filter(({ rank }) => rank === 0)
      .map(({ label }) => label);

  it.each([
    ['WITH t AS (SELECT delay AS late FROM bronze.flights) SELECT | FROM t', ['late']],
    ['WITH t AS (SELECT delay AS late FROM bronze.flights) SELECT |', ['late']],
    ['SELECT x.| FROM (SELECT date AS day, 1 AS one FROM bronze.flights) x', ['day', 'one']],
    [
      'SELECT 1 FROM bronze.flights f WHERE EXISTS (SELECT 1 FROM (VALUES (1)) v(n) WHERE |)',
      ['n', 'date', 'delay'],
    ],
    ['SELECT delay AS late FROM bronze.flights ORDER BY |', ['date', 'delay', 'late']],
    ["FROM bronze.flights AT (VERSION => '|')", ['main', "o''clock"]],
    ['SELECT 1 FROM bronze.flights WHERE date > $|', ['$since']],
    ['SELECT 1 FROM bronze.flights WHERE date > $si|', ['$since']],
    ['FROM bronze.flights AT (VERSION => |)', ['main', "o'clock"]],
  ])('%s', (text, expected) => {
    const found = labels(text);
    expect(found).toEqual(expected.map((label) => label.replace("''", "'")));
  });

  it('writes a ref inside its quotes', () => {
    const { suggestions } = complete(...cut("FROM bronze.flights AT (VERSION => '|')"), FACTS);
    expect(suggestions.map(({ insert }) => insert)).toEqual(['main', "o''clock"]);
  });

  it('offers what goes on a FROM clause behind a table', () => {
    expect(labels('SELECT * FROM bronze.flights |')).toContain('LEFT JOIN');
    expect(labels('SELECT * FROM bronze.flights, |')).toEqual(['bronze.flights']);
  });

  it('writes the parentheses of a function, unless they are there', () => {
    const insert = (text: string) =>
      complete(...cut(text), FACTS).suggestions.find(({ kind }) => kind === 'function')?.insert;
    expect(insert('SELECT date_t|')).toBe('date_trunc($0)');
    expect(insert('SELECT date_t|(1)')).toBe('date_trunc');
  });
});

describe('hover', () => {
  it.each([
    ['SELECT 1 FROM bronze.fl|ights', 'bronze.flights (\n  date timestamp\n  delay integer\n)'],
    ['SELECT de|lay FROM bronze.flights', 'delay integer'],
    ['SELECT f.de|lay FROM bronze.flights f', 'delay integer'],
    ['SELECT f|.delay FROM bronze.flights f', 'f (\n  date timestamp\n  delay integer\n)'],
    ['WITH t AS (SELECT delay + 1 AS x FROM bronze.flights) SELECT * FROM |t', 't (\n  x\n)'],
    [
      "SELECT date_tr|unc('day', date) FROM bronze.flights",
      'date_trunc(part: varchar, timestamp: timestamp) → timestamp',
    ],
  ])('%s', (text, code) => expect(hoverAt(...cut(text), FACTS)?.code).toBe(code));

  it('tells what the catalog says of a column', () => {
    expect(hoverAt(...cut('SELECT 1; SELECT de|lay FROM bronze.flights'), FACTS)).toEqual({
      start: 17,
      end: 22,
      code: 'delay integer',
      text: ['Minutes late.', 'Column of bronze.flights.'],
    });
  });

  it.each(['SELECT nothing| FROM bronze.flights', "SELECT 'de|lay' FROM bronze.flights", 'SEL|ECT 1'])(
    'is silent in %s',
    (text) => expect(hoverAt(...cut(text), FACTS)).toBeNull(),
  );
});

it('knows which argument of a call is being written', () => {
  expect(signatureHelpAt(...cut("SELECT date_trunc('day', |"), FACTS)?.argument).toBe(1);
  expect(signatureHelpAt(...cut("SELECT date_trunc('day', abs(|"), FACTS)).toBeNull();
  expect(signatureHelpAt(...cut("SELECT date_trunc(concat('a', 'b'), |)"), FACTS)?.argument).toBe(1);
  expect(signatureHelpAt(...cut("SELECT date_trunc('day', date)|"), FACTS)).toBeNull();
  expect(signatureHelpAt(...cut('SELECT (|'), FACTS)).toBeNull();
});

describe('definitions', () => {
  it.each([
    ['WITH t AS (SELECT 1) SELECT * FROM t|', { kind: 'place', start: 5, end: 6 }],
    ['SELECT f|.delay FROM bronze.flights f', { kind: 'place', start: 35, end: 36 }],
    ['SELECT 1 FROM bronze.flig|hts', { kind: 'table', id: 'bronze.flights' }],
    ['SELECT del|ay FROM bronze.flights', { kind: 'table', id: 'bronze.flights' }],
  ])('%s', (text, place) => expect(definitionAt(...cut(text), FACTS)).toEqual(place));
});

describe('renaming', () => {
  const renamed = (text: string) => {
    const [sql, offset] = cut(text);
    const places = renamePlaces(sql, offset, FACTS);
    return (
      places
        ?.toReversed()
        .reduce((all, { start, end }) => `${all.slice(0, start)}NEW${all.slice(end)}`, sql) ?? null
    );
  };

  it.each([
    [
      'WITH t| AS (SELECT 1 AS t), u AS (SELECT t.t FROM t) SELECT t FROM t JOIN u ON u.x = t.t',
      'WITH NEW AS (SELECT 1 AS t), u AS (SELECT NEW.t FROM NEW) SELECT t FROM NEW JOIN u ON u.x = NEW.t',
    ],
    [
      'SELECT f.date FROM bronze.flights f| WHERE EXISTS (SELECT f.x FROM b f) AND EXISTS (SELECT f.x FROM b)',
      'SELECT NEW.date FROM bronze.flights NEW WHERE EXISTS (SELECT f.x FROM b f) AND EXISTS (SELECT NEW.x FROM b)',
    ],
    ['SELECT 1; SELECT f|.date FROM bronze.flights f', 'SELECT 1; SELECT NEW.date FROM bronze.flights NEW'],
    ['SELECT da|te FROM bronze.flights', null],
  ])('%s', (text, expected) => expect(renamed(text)).toBe(expected));
});
