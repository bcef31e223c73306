import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TableSummary } from '#shared/contract/tables.ts';
import { TooltipProvider } from '#web/components/tooltip.tsx';
import { TableTree } from './table-tree.tsx';

const flights: TableSummary = {
  id: 'bronze.flights',
  namespace: ['bronze'],
  name: 'flights',
  columns: [
    { id: 1, name: 'date', type: 'timestamp', sqlType: 'TIMESTAMP', required: false },
    { id: 2, name: 'air time', type: 'long', sqlType: 'BIGINT', required: true },
  ],
  rows: '3000000',
  bytes: '13800000',
  files: 7,
  updatedAt: '2026-01-01T00:00:00.000Z',
};

afterEach(cleanup);

function show(insert: ((text: string) => void) | null = null) {
  const onOpen = vi.fn<(table: TableSummary) => void>();
  render(
    <TooltipProvider>
      <TableTree
        list={{ namespaces: [['bronze']], tables: [flights], views: [] }}
        filter=""
        current="bronze.flights"
        onOpen={onOpen}
        onInsert={insert}
      />
    </TooltipProvider>,
  );
  return { onOpen, user: userEvent.setup() };
}

const focusedName = () => document.activeElement?.getAttribute('aria-label');

describe('TableTree', () => {
  it('is a tree with levels, the shown table selected', () => {
    show();
    expect(screen.getByRole('tree', { name: 'Tables' })).toBeDefined();
    const item = screen.getByRole('treeitem', { name: 'flights, 3,000,000 rows' });
    expect(item.getAttribute('aria-level')).toBe('2');
    expect(item.getAttribute('aria-expanded')).toBe('false');
    expect(item.getAttribute('aria-selected')).toBe('true');
  });

  it('opens and closes by arrows, and one Tab leads in', async () => {
    const { user, onOpen } = show();
    await user.tab();
    expect(focusedName()).toBe('bronze');
    await user.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}');
    expect(focusedName()).toBe('date, timestamp');
    await user.keyboard('{ArrowLeft}{ArrowLeft}');
    expect(screen.queryByRole('treeitem', { name: 'date, timestamp' })).toBeNull();
    await user.keyboard('{Enter}');
    expect(onOpen).toHaveBeenCalledWith(flights);
    await user.keyboard('b');
    expect(focusedName()).toBe('bronze');
  });

  it('puts names into the editor, quoted where they must be', async () => {
    const insert = vi.fn<(text: string) => void>();
    const { user, onOpen } = show(insert);
    await user.tab();
    await user.keyboard('{ArrowDown}{Shift>}{Enter}{/Shift}{ArrowRight}{ArrowDown}{ArrowDown}{Enter}');
    expect(insert.mock.calls).toEqual([['bronze.flights'], ['"air time"']]);
    expect(onOpen).not.toHaveBeenCalled();
  });
});
