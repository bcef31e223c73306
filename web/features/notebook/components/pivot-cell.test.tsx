import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { PivotCell } from '#shared/contract/notebooks.ts';
import { ToastProvider } from '#web/components/toast.tsx';
import type { CellRun } from '../model/run-store.ts';
import { PivotBody } from './pivot-cell.tsx';

it('says that it waits for its turn, and asks for columns only where none are chosen', () => {
  const cell: PivotCell = {
    id: 'p',
    kind: 'pivot',
    relation: 'bronze.flights',
    rows: ['origin'],
    columns: [],
    value: { aggregate: 'count' },
  };
  const shown = (run: CellRun | undefined, rows = cell.rows) => (
    <ToastProvider>
      <PivotBody cell={{ ...cell, rows }} name="cell 1" run={run} />
    </ToastProvider>
  );
  const { rerender } = render(shown({ kind: 'queued', previous: null }));
  expect(screen.queryByText('Waits for the cells before it')).not.toBeNull();
  expect(screen.queryByText('Nothing to show yet')).toBeNull();
  rerender(shown({ kind: 'cancelled', reason: 'Not run: it reads cell 1, which failed' }));
  expect(screen.queryByText('Not run: it reads cell 1, which failed')).not.toBeNull();
  rerender(shown(undefined));
  expect(screen.queryByText('Not run yet')).not.toBeNull();
  rerender(shown(undefined, []));
  expect(screen.queryByText('Nothing to show yet')).not.toBeNull();
});
