import { cleanup, createEvent, fireEvent, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TooltipProvider } from '#web/components/tooltip.tsx';
import type { CellValue, ResultTable } from '#web/lib/result-table.ts';
import { DataGrid } from './data-grid.tsx';

const million: ResultTable = {
  columns: [
    { name: 'id', type: 'BIGINT' },
    { name: 'amount', type: 'DECIMAL(10,2)' },
    { name: 'note', type: 'VARCHAR' },
    ...Array.from({ length: 27 }, (_, at) => ({ name: `more ${at}`, type: 'INTEGER' })),
  ],
  rowCount: 1_000_000,
  value: (row, column) => {
    if (column === 0) return BigInt(row) + 9_007_199_254_740_993n;
    if (column === 1) return `${row}.50`;
    if (column === 2) return row % 2 === 0 ? null : `note of ${row}`;
    return row * column;
  },
};

// jsdom has no layout: the grid is 800 by 441 pixels, which is 14 rows and two hairlines.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(800);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(441);
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function show(table: ResultTable = million, onCellChange?: (cell: { row: number; column: number }) => void) {
  render(
    <TooltipProvider>
      <DataGrid table={table} label="Result" {...(onCellChange ? { onCellChange } : {})} />
    </TooltipProvider>,
  );
  return { grid: screen.getByRole('grid', { name: 'Result' }), user: userEvent.setup() };
}

function currentText(grid: HTMLElement): string | null {
  const id = grid.getAttribute('aria-activedescendant');
  return id === null ? null : (document.getElementById(id)?.textContent ?? null);
}

function copied(grid: HTMLElement): string {
  const setData = vi.fn<(type: string, text: string) => void>();
  const event = createEvent.copy(grid, { clipboardData: { setData } });
  fireEvent(grid, event);
  return setData.mock.calls[0]?.[1] ?? '';
}

describe('DataGrid', () => {
  it('stands numbers of mixed decimals on one point, without changing them', () => {
    const values = [6.5, 12, 7.255, null, 1e-9];
    show({ columns: [{ name: 'mean', type: 'DOUBLE' }], rowCount: 5, value: (row) => values[row] ?? null });
    const cells = screen.getAllByRole('gridcell');
    expect(cells.map((cell) => cell.textContent)).toEqual(['6.5', '12', '7.255', 'NULL', '1e-9']);
    expect(cells.map((cell) => cell.querySelector('span')?.style.marginRight)).toEqual([
      '2ch',
      '4ch',
      undefined,
      '',
      '4ch',
    ]);
  });

  it('says how large it is and holds only what is in view', () => {
    const { grid } = show();
    expect(grid.getAttribute('aria-rowcount')).toBe('1000001');
    expect(grid.getAttribute('aria-colcount')).toBe('31');
    const rows = screen.getAllByRole('row');
    expect(rows.length).toBeLessThan(20);
    expect(rows.find((row) => row.getAttribute('aria-rowindex') === '2')?.textContent).toContain(
      '9007199254740993',
    );
    expect(screen.getAllByRole('gridcell').length).toBeLessThan(20 * 14);
    expect(screen.getByRole('columnheader', { name: 'amount, DECIMAL(10,2)' })).toBeDefined();
  });

  it('goes to the last cell and back by keys, the current cell being its active descendant', async () => {
    const onCellChange = vi.fn();
    const { grid, user } = show(million, onCellChange);
    await user.tab();
    expect(document.activeElement).toBe(grid);
    await user.keyboard('{ArrowDown}{ArrowRight}');
    expect(currentText(grid)).toBe('1.50');
    await user.keyboard('{Control>}{End}{/Control}');
    expect(onCellChange).toHaveBeenLastCalledWith({ row: 999_999, column: 29 });
    expect(currentText(grid)).toBe('28,999,971');
    await user.keyboard('{Control>}{Home}{/Control}{PageDown}');
    expect(onCellChange).toHaveBeenLastCalledWith({ row: 13, column: 0 });
    expect(currentText(grid)).toBe('9007199254741006');
  });

  it('copies a range with names, and a single value bare', async () => {
    const { grid, user } = show();
    await user.tab();
    await user.keyboard('{ArrowDown}');
    expect(copied(grid)).toBe('9007199254740994');
    await user.keyboard('{Shift>}{ArrowDown}{ArrowRight}{ArrowRight}{/Shift}');
    expect(copied(grid)).toBe(
      'id\tamount\tnote\n9007199254740994\t1.50\tnote of 1\n9007199254740995\t2.50\t',
    );
    expect(screen.getByRole('status').textContent).toBe('Copied 2 rows × 3 columns');
  });

  it('marks the selected cells and no others', async () => {
    const { user } = show();
    await user.tab();
    await user.keyboard('{ArrowDown}{Shift>}{ArrowDown}{ArrowRight}{/Shift}');
    const selected = screen.getAllByRole('gridcell', { selected: true });
    expect(selected.map((cell) => cell.textContent)).toEqual([
      '9007199254740994',
      '1.50',
      '9007199254740995',
      '2.50',
    ]);
  });

  it('opens a value with Enter and gives the focus back with Escape', async () => {
    const { grid, user } = show();
    await user.tab();
    await user.keyboard('{ArrowDown}{ArrowRight}{ArrowRight}{Enter}');
    const dialog = screen.getByRole('dialog', { name: 'Value of note in row 2' });
    expect(dialog.textContent).toContain('note of 1');
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(grid);
  });

  it('leaves the pointer to the value that is open', async () => {
    const { grid, user } = show();
    await user.tab();
    await user.keyboard('{ArrowDown}{ArrowRight}{ArrowRight}{Enter}');
    const before = grid.getAttribute('aria-activedescendant');
    const captured = vi.fn<(id: number) => void>();
    for (const element of [grid, ...grid.querySelectorAll<HTMLElement>('*')])
      element.setPointerCapture = captured;
    fireEvent.pointerDown(screen.getByText('Copy value'), { button: 0, pointerId: 1 });
    expect(captured).not.toHaveBeenCalled();
    expect(grid.getAttribute('aria-activedescendant')).toBe(before);
  });

  it('opens what can be done with the selected cells by keys, copies as asked, and gives the focus back', async () => {
    const { grid, user } = show();
    await user.tab();
    await user.keyboard('{ArrowDown}{Shift>}{ArrowDown}{ArrowRight}{/Shift}{Shift>}{F10}{/Shift}');
    const menu = await screen.findByRole('menu', { name: 'Selected cells' });
    expect(menu.contains(document.activeElement)).toBe(true);
    await user.click(screen.getByRole('menuitem', { name: 'JSON' }));
    expect(await navigator.clipboard.readText()).toBe(
      '[\n{"id": 9007199254740994, "amount": 1.50},\n{"id": 9007199254740995, "amount": 2.50}\n]',
    );
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement).toBe(grid);
    await user.keyboard('{ContextMenu}');
    await user.click(await screen.findByRole('menuitem', { name: 'Copy without headers' }));
    expect(await navigator.clipboard.readText()).toBe('9007199254740994\t1.50\n9007199254740995\t2.50');
  });

  it('filters by the current value, and says where it can’t; the inspector opens from the menu', async () => {
    const keep = vi.fn<() => void>();
    const filterOf = (column: number, value: CellValue) =>
      column === 0 && value !== null ? { keep: () => keep(), exclude: () => undefined } : null;
    render(
      <TooltipProvider>
        <DataGrid table={million} label="Result" filterOf={filterOf} />
      </TooltipProvider>,
    );
    const user = userEvent.setup();
    await user.tab();
    await user.keyboard('{ArrowDown}{ContextMenu}');
    await user.click(await screen.findByRole('menuitem', { name: /^Filter to this value/ }));
    expect(keep).toHaveBeenCalledOnce();
    await user.keyboard('{ArrowRight}{ContextMenu}');
    const item = await screen.findByRole('menuitem', { name: /^Filter to this value/ });
    expect(item.getAttribute('aria-disabled')).toBe('true');
    await user.click(screen.getByRole('menuitem', { name: /^Inspect value/ }));
    expect(screen.getByRole('dialog', { name: 'Value of amount in row 2' })).toBeDefined();
  });

  it('widens a column from its header by keys', async () => {
    const { user } = show();
    await user.tab();
    const handle = () => screen.getByRole('separator', { name: 'Width of id' });
    const before = Number(handle().getAttribute('aria-valuenow'));
    await user.keyboard('{ArrowUp}{ArrowUp}{Shift>}{ArrowRight}{ArrowRight}{/Shift}');
    expect(Number(handle().getAttribute('aria-valuenow'))).toBe(before + 32);
    await user.keyboard('{Enter}');
    expect(Number(handle().getAttribute('aria-valuenow'))).toBe(before);
  });

  it('shows NULL as a badge and stands without rows or columns', () => {
    show();
    expect(screen.getAllByText('NULL').length).toBeGreaterThan(0);
    cleanup();
    show({ columns: [{ name: 'n', type: 'INTEGER' }], rowCount: 0, value: () => null });
    expect(screen.getAllByRole('row')).toHaveLength(1);
    cleanup();
    show({ columns: [], rowCount: 0, value: () => null });
    expect(screen.getByRole('grid')).toBeDefined();
  });
});
