import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell } from '../contract/notebooks.ts';
import { fromIpynb, toIpynb } from './ipynb.ts';
import { fromSqlScript, toSqlScript } from './sql-script.ts';
import { fromText, toText } from './text-form.ts';

let made = 0;
const makeId = () => `new-${(made += 1)}`;
const source = fc
  .oneof(
    fc.string(),
    fc
      .array(
        fc.constantFrom(
          'SELECT 1',
          '```',
          '````',
          '```sql',
          '',
          ' ',
          '<!-- cell {"id":"x"} -->',
          '\\<!-- cell y',
          '-->',
          '; --',
        ),
        {
          maxLength: 6,
        },
      )
      .map((lines) => lines.join('\n')),
  )
  .map((text) => text.replaceAll('\r', ''));
const id = fc.uuid();
const cells: fc.Arbitrary<Cell> = fc.oneof(
  fc.record({
    id,
    kind: fc.constant('sql' as const),
    source,
    view: fc.constantFrom('grid' as const, 'chart' as const),
    name: fc.constantFrom('daily', 'ß_1'),
  }),
  fc.record({ id, kind: fc.constant('markdown' as const), source }),
  fc.record({
    id,
    kind: fc.constant('input' as const),
    name: fc.constant('x'),
    label: fc.constantFrom('-->', 'a\nb'),
    control: fc.record({ type: fc.constant('text' as const), value: source }),
  }),
  fc.record({ id, kind: fc.constant('metric' as const), relation: fc.constant('daily') }),
);
const notebooks = fc.record({
  title: fc.string({ maxLength: 50 }),
  folder: fc.constantFrom('a/b', 'c'),
  mode: fc.constantFrom('auto' as const, 'manual' as const),
  cells: fc.array(cells, { maxLength: 6 }),
});

describe('the text form', () => {
  it('brings every notebook back as it was', () => {
    fc.assert(
      fc.property(notebooks, (notebook) => {
        expect(fromText(toText(notebook))).toEqual(notebook);
      }),
    );
  });

  it('changes the lines of a cell alone where that cell changes', () => {
    const cell = (name: string, sql: string): Cell => ({
      id: name,
      kind: 'sql',
      name,
      source: sql,
      view: 'grid',
    });
    const text = toText({ title: 'T', cells: [cell('a', 'SELECT 1\nFROM t'), cell('b', 'SELECT 2')] });
    expect(text).toBe(`<!-- timestream notebook {"title":"T"} -->

<!-- cell {"id":"a","kind":"sql","name":"a","view":"grid"} -->
\`\`\`sql
SELECT 1
FROM t
\`\`\`

<!-- cell {"id":"b","kind":"sql","name":"b","view":"grid"} -->
\`\`\`sql
SELECT 2
\`\`\`
`);
  });

  it('says in which line it can’t be read', () => {
    expect(() => fromText('SELECT 1')).toThrow('Line 1');
    const text = toText({ title: 'T', cells: [{ id: 'a', kind: 'sql', source: 'SELECT 1', view: 'grid' }] });
    expect(() => fromText(text.replace('"kind":"sql"', '"kind":"python"'))).toThrow('Line 3');
    expect(() => fromText(text.replace('```sql', ''))).toThrow('Line 4');
  });
});

describe('Jupyter notebooks', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(notebooks, (notebook) => {
        expect(fromIpynb(toIpynb(notebook), 'file', makeId)).toEqual(notebook);
      }),
    );
  });

  it('of others become SQL and text', () => {
    const file = JSON.stringify({
      nbformat: 4,
      nbformat_minor: 2,
      metadata: { kernelspec: { name: 'python3' } },
      cells: [
        { cell_type: 'markdown', metadata: {}, source: ['# Title\n', 'text'] },
        {
          cell_type: 'code',
          metadata: {},
          execution_count: 3,
          outputs: [{ data: {} }],
          source: '%%sql duckdb\nSELECT 1',
        },
      ],
    });
    expect(fromIpynb(file, 'a.ipynb', makeId)).toMatchObject({
      title: 'a.ipynb',
      cells: [
        { kind: 'markdown', source: '# Title\ntext' },
        { kind: 'sql', source: 'SELECT 1' },
      ],
    });
    expect(() => fromIpynb('{"nbformat": 3}', '', makeId)).toThrow('no Jupyter notebook');
    expect(() => fromIpynb('SELECT 1', '', makeId)).toThrow('no JSON');
  });
});

describe('SQL scripts', () => {
  it('have named cells as views in the order of what they read, and inputs as variables', () => {
    const notebook = {
      title: 'Sales',
      cells: [
        { id: 'b', kind: 'sql', name: 'top', source: 'SELECT max(x) FROM daily', view: 'grid' },
        { id: 'a', kind: 'sql', name: 'daily', source: '-- By day\nFROM t WHERE x > $least;', view: 'grid' },
        { id: 'i', kind: 'input', name: 'least', control: { type: 'number', value: '5' } },
        { id: 'm', kind: 'markdown', source: 'Done.' },
      ] satisfies Cell[],
    };
    const script = toSqlScript(notebook, ['a', 'b', 'i', 'm']);
    expect(script).toBe(`-- Sales

SET VARIABLE least = 5;

-- By day
CREATE OR REPLACE TEMP VIEW "daily" AS
FROM t WHERE x > getvariable('least');

CREATE OR REPLACE TEMP VIEW "top" AS
SELECT max(x) FROM daily;

-- Done.
`);
  });

  it('have the last of a cell’s statements as its view, and what writes as it is', () => {
    const cell = (name: string, text: string): Cell => ({
      id: name,
      kind: 'sql',
      name,
      source: text,
      view: 'grid',
    });
    const cells = [cell('steps', 'SELECT 1;\n-- the answer\nFROM t;'), cell('w', 'SELECT 1; DELETE FROM t')];
    expect(toSqlScript({ title: 'T', cells }, ['steps', 'w'])).toBe(
      '-- T\n\nSELECT 1;\n-- the answer\nCREATE OR REPLACE TEMP VIEW "steps" AS\nFROM t;\n\nSELECT 1; DELETE FROM t;\n',
    );
  });

  it('become a cell a statement', () => {
    const { cells: read } = fromSqlScript(
      "-- first\nSELECT ';';\ncreate view daily as\nSELECT 1;\n\n/* end */",
      'a.sql',
      makeId,
    );
    expect(read).toMatchObject([
      { source: "-- first\nSELECT ';'" },
      { name: 'daily', source: 'SELECT 1' },
      { source: '/* end */' },
    ]);
  });
});
