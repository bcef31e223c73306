import { describe, expect, it } from 'vitest';
import { cellFormatter } from '#web/lib/format/cell.ts';
import type { CellValue, ResultTable } from '#web/lib/result-table.ts';
import { MAX_COPIED_CELLS, copyRange } from './copy.ts';

const rows: CellValue[][] = [
  [1234567n, 'plain', 0n, [1n, null]],
  [null, 'tab\there', 1_000_000n, []],
  [3n, 'say "hi"\nthere', null, null],
];
const table: ResultTable = {
  columns: [
    { name: 'n', type: 'BIGINT' },
    { name: 'some text', type: 'VARCHAR' },
    { name: 'at', type: 'TIMESTAMP WITH TIME ZONE' },
    { name: 'list', type: 'BIGINT[]' },
  ],
  rowCount: 3,
  value: (row, column) => rows[row]?.[column] ?? null,
};
const formatters = table.columns.map(cellFormatter);

describe('copyRange', () => {
  it('copies names and exact values, quoting what would break a row', () => {
    const { text } = copyRange(table, formatters, { top: 0, bottom: 2, left: 0, right: 3 });
    expect(text).toBe(
      [
        'n\tsome text\tat\tlist',
        '1234567\tplain\t1970-01-01 00:00:00Z\t[1, null]',
        '\t"tab\there"\t1970-01-01 00:00:01Z\t[]',
        '3\t"say ""hi""\nthere"\t\t',
      ].join('\n'),
    );
  });

  it('copies one cell bare, and a header cell by its name', () => {
    expect(copyRange(table, formatters, { top: 0, bottom: 0, left: 0, right: 0 }).text).toBe('1234567');
    expect(copyRange(table, formatters, { top: 2, bottom: 2, left: 1, right: 1 }).text).toBe(
      'say "hi"\nthere',
    );
    expect(copyRange(table, formatters, { top: -1, bottom: -1, left: 1, right: 1 }).text).toBe('some text');
  });

  it('says so when a range is too large to copy whole', () => {
    const huge: ResultTable = { ...table, rowCount: 10_000_000, value: () => 1n };
    const copied = copyRange(huge, formatters, { top: 0, bottom: 9_999_999, left: 0, right: 3 });
    expect(copied).toMatchObject({ rows: MAX_COPIED_CELLS / 4, columns: 4, cut: true });
  });
});
