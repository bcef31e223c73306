// @vitest-environment node
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { WorkbookRow } from '#shared/workbook/workbook.ts';
import { workbookRows } from '#web/duckdb/local/workbook-rows.ts';
import type { CellValue, ResultTable } from '#web/lib/result-table.ts';
import { sheetText, takeHeld } from './held-rows.ts';

beforeEach(() => {
  // As the page's policy has it.
  vi.stubGlobal('Function', () => {
    throw new EvalError('Evaluating a string as JavaScript violates the policy.');
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function tableOf(types: readonly string[], rowCount: number, value: ResultTable['value']): ResultTable {
  return { columns: types.map((type) => ({ name: 'same', type })), rowCount, value };
}

async function taken(table: ResultTable, signal = new AbortController().signal): Promise<WorkbookRow[]> {
  const rows: WorkbookRow[] = [];
  await takeHeld(
    table,
    {
      take: async (pieces, { columns }) => {
        expect(columns).toEqual(table.columns);
        for await (const batch of workbookRows(pieces)) rows.push(...batch);
      },
    },
    signal,
  );
  return rows;
}

it('gives all rows in their order, each value as a sheet has it', async () => {
  const day = 20_406;
  const noon = (BigInt(day) * 86_400n + 43_200n) * 1_000_000n;
  const rows: CellValue[][] = [
    [9007199254740993n, 'a "b"', true, day, noon, noon, 43_200_000_000n, { x: [1, null] }],
    [null, null, null, null, null, null, null, null],
  ];
  const types = [
    'BIGINT',
    'VARCHAR',
    'BOOLEAN',
    'DATE',
    'TIMESTAMP',
    'TIMESTAMP WITH TIME ZONE',
    'TIME',
    'STRUCT(x INTEGER[])',
  ];
  const read = await taken(tableOf(types, 2, (row, column) => rows[row]?.[column] ?? null));
  expect(read).toEqual([
    ['9007199254740993', 'a "b"', 'true', '#45975', '#45975.5', '#45975.5', '#0.5', '{"x": [1, null]}'],
    [null, null, null, null, null, null, null, null],
  ]);
  const many = await taken(tableOf(['INTEGER', 'INTEGER'], 12_001, (row) => row));
  expect(many).toHaveLength(12_001);
  expect(many.at(-1)).toEqual(['12000', '12000']);
  expect(await taken(tableOf(['INTEGER'], 0, () => null))).toEqual([]);
});

it('leaves text what a sheet can’t count, and stops when it is told to', async () => {
  expect(sheetText('1900-02-28', 'date')).toBe('1900-02-28');
  expect(sheetText('1900-03-01', 'date')).toBe('#61');
  expect(sheetText('12026-01-01 00:00:00', 'timestamp')).toBe('12026-01-01 00:00:00');
  expect(sheetText('0044-03-15 (BC)', 'date')).toBe('0044-03-15 (BC)');
  expect(sheetText('infinity', 'timestamp')).toBe('infinity');
  expect(sheetText('2026-11-14 06:00:00.5Z', 'timestamp')).toBe(`#${46_340 + 21_600.5 / 86_400}`);
  await expect(
    taken(
      tableOf(['INTEGER'], 12_001, (row) => row),
      AbortSignal.abort(),
    ),
  ).rejects.toMatchObject({ name: 'AbortError' });
});
