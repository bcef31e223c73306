import { describe, expect, it } from 'vitest';
import { pageOf, pivotTable, sortedRows } from './pivot-table.ts';

/** Rows: origin, the mean delay of all; totals as the engine marks them. */
const ROWS = [
  ['ATL', 12.34567890123, 0],
  ['ORD', -3.1, 0],
  ['SFO', null, 0],
  ['DFW', 120.5, 0],
  [null, 9.87654321, 1],
] as const;
const TABLE = {
  columns: [
    { name: 'origin', type: 'VARCHAR' },
    { name: 'value', type: 'DOUBLE' },
    { name: 'row total', type: 'BIGINT' },
    { name: 'column total', type: 'BIGINT' },
  ],
  rowCount: ROWS.length,
  value: (row: number, column: number) => (column === 3 ? 0 : (ROWS[row]?.[column] ?? null)),
};

describe('pivotTable', () => {
  const pivot = pivotTable(TABLE, 1, 0);
  const [column] = pivot.columns;
  const of = (label: string) => pivot.value(`=["${label}"]`, column?.key ?? '');

  it('has fractions of one measure with as many decimals, and every digit beside', () => {
    expect(of('ATL')).toEqual({ text: '12.35', exact: '12.34567890123', number: 12.34567890123 });
    expect(of('DFW')?.text).toBe('120.50');
    expect(of('ORD')?.text).toBe('-3.10');
    expect(of('SFO')?.number).toBeNull();
  });

  it('orders rows by a column: those without a value behind, the total last', () => {
    const order = (direction: 'asc' | 'desc') =>
      sortedRows(pivot, { column: [], direction }).map(({ labels }) => labels[0] ?? 'total');
    expect(order('desc')).toEqual(['DFW', 'ATL', 'ORD', 'SFO', 'total']);
    expect(order('asc')).toEqual(['ORD', 'ATL', 'DFW', 'SFO', 'total']);
    expect(sortedRows(pivot, { column: ['gone'], direction: 'asc' })).toBe(pivot.rows);
  });

  it('has columns in their order, also those that the first rows lack, and a page of them with the total', () => {
    // Row, column, value, row total, column total: as the engine orders groups.
    const rows = [
      ['a', 'z', 1, 0, 0],
      ['a', null, 1, 0, 1],
      ['b', 'm', 2, 0, 0],
      ['b', null, 2, 0, 1],
      [null, 'm', 2, 1, 0],
      [null, 'z', 1, 1, 0],
      [null, null, 3, 1, 1],
    ] as const;
    const table = {
      columns: ['r', 'c', 'value', 'row total', 'column total'].map((name, at) => ({
        name,
        type: at < 2 ? 'VARCHAR' : 'BIGINT',
      })),
      rowCount: rows.length,
      value: (row: number, column: number) => rows[row]?.[column] ?? null,
    };
    const { columns } = pivotTable(table, 1, 1);
    const labels = (page: readonly { labels: readonly string[] }[]) => page.map((each) => each.labels.join());
    expect(labels(columns)).toEqual(['m', 'z', '']);
    const second = pageOf(columns, 1, 1);
    expect(labels(second.shown)).toEqual(['z', '']);
    expect(second).toMatchObject({ from: 1, until: 2, of: 2, pages: true });
    expect(pageOf(columns, 9, 1)).toMatchObject({ from: 0, until: 1 });
    expect(pageOf(columns, 0, 2).pages).toBe(false);
  });
});
