import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell } from '../contract/notebooks.ts';
import { fromIpynb, toIpynb } from './ipynb.ts';
import { notebooks } from './testing.ts';
import { fromText, toText } from './text-form.ts';

let made = 0;
const makeId = () => `new-${(made += 1)}`;
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
