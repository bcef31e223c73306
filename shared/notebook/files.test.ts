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
        expect(fromIpynb(toIpynb(notebook), 'file', makeId)).toEqual({
          content: notebook,
          keptAsText: 0,
        });
      }),
    );
  });

  it('of others become SQL, and what is no SQL becomes text', () => {
    const code = (source: string, metadata = {}) => ({ cell_type: 'code', metadata, outputs: [], source });
    const file = (cells: readonly object[], metadata: object) =>
      fromIpynb(JSON.stringify({ nbformat: 4, nbformat_minor: 2, metadata, cells }), 'a.ipynb', makeId);
    const python = { kernelspec: { name: 'python3', language: 'python' }, language_info: { name: 'python' } };
    const { content, keptAsText } = file(
      [
        { cell_type: 'markdown', metadata: {}, source: ['# Title\n', 'text'] },
        code('%%sql duckdb\nSELECT 1'),
        code('%%sql --save daily\nFROM t'),
        code('%%sql top <<\nFROM t'),
        code('%%sql SELECT 2\nFROM t'),
        code('%sql CREATE TABLE x AS FROM t;\nrows = %sql SELECT 3'),
        code('%%dql\nSELECT 4'),
        code('SELECT 5', { vscode: { languageId: 'sql' } }),
        code('import pandas as pd\nx = """\n```\n"""'),
        code('%load_ext sql\n%sql duckdb://'),
        code('%%bash\nls'),
        code('%%md\n# More'),
      ],
      python,
    );
    expect(content.title).toBe('a.ipynb');
    expect(content.cells.map(({ id: _id, ...cell }) => cell)).toEqual([
      { kind: 'markdown', source: '# Title\ntext' },
      { kind: 'sql', source: 'SELECT 1', view: 'grid' },
      { kind: 'sql', source: 'FROM t', view: 'grid', name: 'daily' },
      { kind: 'sql', source: 'FROM t', view: 'grid', name: 'top' },
      { kind: 'sql', source: 'SELECT 2\nFROM t', view: 'grid' },
      { kind: 'sql', source: 'CREATE TABLE x AS FROM t;\nSELECT 3', view: 'grid', name: 'rows' },
      { kind: 'sql', source: 'SELECT 4', view: 'grid' },
      { kind: 'sql', source: 'SELECT 5', view: 'grid' },
      { kind: 'markdown', source: '````python\nimport pandas as pd\nx = """\n```\n"""\n````' },
      { kind: 'markdown', source: '```python\n%load_ext sql\n%sql duckdb://\n```' },
      { kind: 'markdown', source: '```bash\n%%bash\nls\n```' },
      { kind: 'markdown', source: '# More' },
    ]);
    expect(keptAsText).toBe(3);
    // A kernel of SQL, and files that don't say what they are in.
    expect(file([code('anything')], { kernelspec: { name: 'xsqlite', language: 'sql' } }).keptAsText).toBe(0);
    expect(file([code('-- a\nSELECT 1'), code('print(1)')], {}).keptAsText).toBe(1);
    expect(() => fromIpynb('{"nbformat": 3}', '', makeId)).toThrow('no Jupyter notebook');
    expect(() => fromIpynb('SELECT 1', '', makeId)).toThrow('no JSON');
  });

  it('keep the images that are inside of them', () => {
    const source = '![a plot](attachment:my%20plot.png) ![gone](attachment:x.png)';
    const attachments = { 'my plot.png': { 'image/png': 'iVBORw0\nKGgo=' } };
    const cells = [{ cell_type: 'markdown', metadata: {}, source, attachments }];
    expect(fromIpynb(JSON.stringify({ nbformat: 4, cells }), 'a', makeId).content.cells).toMatchObject([
      {
        kind: 'markdown',
        source:
          '![a plot][image-1] ![gone](attachment:x.png)\n\n[image-1]: data:image/png;base64,iVBORw0KGgo=',
      },
    ]);
  });
});
