import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell } from '../contract/notebooks.ts';
import { fromSqlScript, toSqlScript } from './sql-script.ts';
import { notebooks } from './testing.ts';

let made = 0;
const makeId = () => `new-${(made += 1)}`;
const read = (script: string) => fromSqlScript(script, 'a.sql', makeId).cells;
const sql = (name: string, source: string): Cell => ({ id: name, kind: 'sql', name, source, view: 'grid' });

describe('a notebook as a script', () => {
  it('comes back as it was, whatever is in it and in whatever order it runs', () => {
    fc.assert(
      fc.property(notebooks, fc.infiniteStream(fc.nat()), fc.boolean(), (notebook, random, windows) => {
        const order = notebook.cells
          .map(({ id }) => ({ id, at: random.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ id }) => id);
        const script = toSqlScript(notebook, order);
        // What git makes of it on Windows.
        const file = windows ? script.replaceAll('\n', '\r\n') : script;
        expect(fromSqlScript(file, 'file', makeId)).toEqual(notebook);
      }),
      { numRuns: 400 },
    );
  });

  it('has named cells as views in the order of what they read, and inputs as variables', () => {
    const cells: Cell[] = [
      sql('top', 'SELECT max(x) FROM daily'),
      sql('daily', '-- By day\nFROM t WHERE x > $least AND y IN $some'),
      { id: 'i', kind: 'input', name: 'least', control: { type: 'number', value: '5' } },
      {
        id: 's',
        kind: 'input',
        name: 'some',
        control: { type: 'select', value: null, values: ["a'b", 'c'], query: '' },
      },
      { id: 'm', kind: 'markdown', source: 'Done.' },
    ];
    expect(toSqlScript({ title: 'Sales', cells }, ['daily', 'top', 'i', 's', 'm'])).toBe(`\
-- timestream notebook {"title":"Sales","order":["top","daily","i","s","m"]}

-- timestream cell {"id":"i","kind":"input","name":"least","control":{"type":"number","value":"5"}}
SET VARIABLE least = 5;

-- timestream cell {"id":"s","kind":"input","name":"some","control":{"type":"select","value":null,"values":["a'b","c"],"query":""}}
SET VARIABLE some = ['a''b', 'c'];

-- timestream cell {"id":"daily","kind":"sql","name":"daily","view":"grid"}
-- By day
CREATE OR REPLACE TEMP VIEW "daily" AS
FROM t WHERE x > getvariable('least') AND y IN getvariable('some');

-- timestream cell {"id":"top","kind":"sql","name":"top","view":"grid"}
CREATE OR REPLACE TEMP VIEW "top" AS
SELECT max(x) FROM daily;

-- timestream cell {"id":"m","kind":"markdown"}
-- Done.
`);
  });

  it('has the last of a cell’s statements as its view, and what writes as it is', () => {
    const cells = [sql('steps', 'SELECT 1;\n-- the answer\nFROM t'), sql('w', 'SELECT 1; DELETE FROM t')];
    const script = toSqlScript({ title: 'T', cells }, ['steps', 'w']);
    expect(script.replaceAll(/^-- timestream.*\n/gm, '')).toBe(
      '\nSELECT 1;\n-- the answer\nCREATE OR REPLACE TEMP VIEW "steps" AS\nFROM t;\n\nSELECT 1; DELETE FROM t;\n',
    );
  });

  it('takes what was changed in it by hand', () => {
    const cells: Cell[] = [
      { id: 'i', kind: 'input', name: 'least', label: 'Least', control: { type: 'number', value: '5' } },
      { id: 'd', kind: 'input', name: 'day', control: { type: 'date-range', from: null, to: null } },
      // Its text can't be told from the script to the last character, so that the script says it twice.
      { ...sql('daily', 'FROM t WHERE x > $least  ;'), ref: 'dev' } as Cell,
    ];
    const script = toSqlScript({ title: 'T', cells }, ['daily'])
      .replace('least = 5', 'least = 7.5')
      .replace('day_from = NULL', "day_from = DATE '2001-02-03'")
      .replace('AS\nFROM t WHERE x >', 'AS\nSELECT y FROM t WHERE x >=');
    expect(read(script)).toEqual([
      { id: 'i', kind: 'input', name: 'least', label: 'Least', control: { type: 'number', value: '7.5' } },
      { id: 'd', kind: 'input', name: 'day', control: { type: 'date-range', from: '2001-02-03', to: null } },
      { ...cells[2], source: 'SELECT y FROM t WHERE x >= $least' },
    ]);
    expect(() => read(script.replace('"kind":"sql"', '"kind":"python"'))).toThrow(/^Line 10: /);
    expect(() => read(script.replace('least = 7.5', "least = 'many'"))).toThrow(/^Line 4: .*\$least/);
  });
});

describe('a script from elsewhere', () => {
  it('becomes a cell a statement, views with their names', () => {
    expect(read("-- first\nSELECT ';';\ncreate view daily as\nSELECT 1;\n\n/* end */")).toMatchObject([
      { source: "-- first\nSELECT ';'" },
      { name: 'daily', source: 'SELECT 1' },
      { source: '/* end */' },
    ]);
  });

  it('has its variables as inputs, and what has to be asked for as cells', () => {
    const script = `-- Origin
SET VARIABLE origin = 'ATL';
SET VARIABLE least = -1.5;
SET VARIABLE day_from = DATE '2001-01-01'; SET VARIABLE day_to = DATE '2001-02-01';
set variable since to date '2001-01-01';
SET VARIABLE late = true;
SET VARIABLE ports = ['ATL', 'O''Hare'];
SET VARIABLE newest = (SELECT max(date) FROM flights WHERE origin = getvariable('origin'));
SELECT GETVARIABLE('origin'), 'getvariable(''origin'')' FROM flights
WHERE delay > getvariable('least') AND date BETWEEN getvariable('day_from') AND getvariable('day_to')
  AND date >= getvariable('since') AND late = getvariable('late') AND origin IN getvariable( 'ports' )
  AND date < getvariable('newest') AND x = getvariable('other');`;
    const cells = read(script);
    expect(cells.map(({ id: _id, ...cell }) => cell)).toEqual([
      { kind: 'input', name: 'origin', label: 'Origin', control: { type: 'text', value: 'ATL' } },
      { kind: 'input', name: 'least', control: { type: 'number', value: '-1.5' } },
      { kind: 'input', name: 'day', control: { type: 'date-range', from: '2001-01-01', to: '2001-02-01' } },
      { kind: 'input', name: 'since', control: { type: 'text', value: '2001-01-01' } },
      {
        kind: 'input',
        name: 'late',
        control: { type: 'select', value: 'true', query: '', options: ['true', 'false'] },
      },
      {
        kind: 'input',
        name: 'ports',
        control: {
          type: 'select',
          value: null,
          values: ['ATL', "O'Hare"],
          query: '',
          options: ['ATL', "O'Hare"],
        },
      },
      {
        kind: 'sql',
        name: 'newest',
        source: 'SELECT (SELECT max(date) FROM flights WHERE origin = $origin) AS "newest"',
        view: 'grid',
      },
      {
        kind: 'sql',
        source: `SELECT $origin, 'getvariable(''origin'')' FROM flights
WHERE delay > $least AND date BETWEEN $day_from AND $day_to
  AND date >= CAST($since AS DATE) AND late = CAST($late AS BOOLEAN) AND origin IN $ports
  AND date < (FROM "newest") AND x = getvariable('other')`,
        view: 'grid',
      },
    ]);
  });

  it('keeps variables that are set twice, or are called like a view, as they are', () => {
    const script =
      'SET VARIABLE x = 1;\nSET VARIABLE X = 2;\nSET VARIABLE v = 3;\nCREATE VIEW v AS SELECT 1;';
    expect(read(script)).toMatchObject([
      { kind: 'sql', source: 'SET VARIABLE x = 1' },
      { kind: 'sql', source: 'SET VARIABLE X = 2' },
      { kind: 'sql', source: 'SET VARIABLE v = 3' },
      { kind: 'sql', name: 'v' },
    ]);
  });

  it('keeps two days apart where a view is called as their range would be', () => {
    const script = `SET VARIABLE day_from = DATE '2001-01-01'; SET VARIABLE day_to = DATE '2001-02-01';
CREATE VIEW day AS SELECT 1; SELECT getvariable('day_from') < date`;
    expect(read(script)).toMatchObject([
      { kind: 'input', name: 'day_from', control: { type: 'text', value: '2001-01-01' } },
      { kind: 'input', name: 'day_to', control: { type: 'text', value: '2001-02-01' } },
      { kind: 'sql', name: 'day' },
      { kind: 'sql', source: 'SELECT CAST($day_from AS DATE) < date' },
    ]);
  });
});
