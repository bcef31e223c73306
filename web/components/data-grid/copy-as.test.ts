import { describe, expect, it } from 'vitest';
import { cellFormatter } from '#web/lib/format/cell.ts';
import type { CellValue, ResultTable } from '#web/lib/result-table.ts';
import { copyAs, type CopyFormat } from './copy-as.ts';

const rows: CellValue[][] = [
  [9007199254740993n, '12.50', 'a|b *c* <d> snake_case _e_ A&amp;B', [{ a: 1n, b: null }], '{"x": 1.10}'],
  [null, '-0.10', 'two\nlines, "quoted"', [], null],
  [9007199254740993n, '12.50', '', null, 'no json'],
];
const table: ResultTable = {
  columns: [
    { name: 'id', type: 'BIGINT' },
    { name: 'a "price"', type: 'DECIMAL(10,2)' },
    { name: 'id', type: 'VARCHAR' },
    { name: 'parts', type: 'STRUCT(a BIGINT, b INTEGER)[]' },
    { name: 'raw', type: 'JSON' },
  ],
  rowCount: rows.length,
  value: (row, column) => rows[row]?.[column] ?? null,
};
const formatters = table.columns.map(cellFormatter);
const whole = { top: 0, bottom: 2, left: 0, right: 4 };
const column = (at: number) => ({ ...whole, left: at, right: at });
const copied = (format: CopyFormat, range = whole) => copyAs(format, table, formatters, range);

describe('copyAs', () => {
  it('gives JSON with every digit, each name once, and JSON columns as the JSON that they are', () => {
    const { text } = copied('json');
    expect(text.split('\n')[1]).toBe(
      '{"id": 9007199254740993, "a \\"price\\"": 12.50, "id_1": "a|b *c* <d> snake_case _e_ A&amp;B", "parts": [{"a": 1, "b": null}], "raw": {"x": 1.10}},',
    );
    const parsed = JSON.parse(text) as Record<string, unknown>[];
    expect(parsed[1]).toMatchObject({ id: null, id_1: 'two\nlines, "quoted"', parts: [], raw: null });
    expect(parsed[2]).toMatchObject({ id_1: '', parts: null, raw: 'no json' });
  });

  it('gives the JSON of a single cell bare', () => {
    expect(copied('json', { top: 0, bottom: 0, left: 3, right: 3 }).text).toBe('[{"a": 1, "b": null}]');
    expect(copied('json', { top: 2, bottom: 2, left: 3, right: 3 }).text).toBe('null');
  });

  it('gives CSV that tells an empty text from NULL', () => {
    expect(copied('csv', { ...whole, right: 3 }).text).toBe(
      [
        'id,"a ""price""",id,parts',
        '9007199254740993,12.50,a|b *c* <d> snake_case _e_ A&amp;B,"[{""a"": 1, ""b"": null}]"',
        ',-0.10,"two\nlines, ""quoted""",[]',
        '9007199254740993,12.50,"",',
      ].join('\n'),
    );
  });

  it('escapes what Markdown would read as its own, and puts numbers to the right', () => {
    expect(copied('markdown', { ...whole, right: 2 }).text).toBe(
      [
        '| id | a "price" | id |',
        '| ---: | ---: | --- |',
        '| 9007199254740993 | 12.50 | a\\|b \\*c\\* \\<d\\> snake_case \\_e\\_ A\\&amp;B |',
        '| *NULL* | -0.10 | two<br>lines, "quoted" |',
        '| 9007199254740993 | 12.50 |  |',
      ].join('\n'),
    );
  });

  it('lists each value once for IN, of several columns together, and says which rows it can’t hold', () => {
    expect(copied('in-list', column(0))).toMatchObject({
      text: '(9007199254740993)',
      note: '1 row with NULL is not in the list: nothing equals NULL.',
    });
    expect(copied('in-list', column(1)).text).toBe('(12.50, -0.10)');
    expect(copied('in-list', column(1)).note).toBeUndefined();
    expect(copied('in-list', { ...whole, left: 1, right: 2, bottom: 1 }).text).toBe(
      `((12.50, 'a|b *c* <d> snake_case _e_ A&amp;B'), (-0.10, 'two\nlines, "quoted"'))`,
    );
    expect(copied('in-list', { top: 1, bottom: 1, left: 0, right: 0 }).text).toBe('(NULL)');
  });
});
