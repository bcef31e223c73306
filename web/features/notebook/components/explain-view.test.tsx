import { render, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { Explanation } from '#shared/contract/explanation.ts';
import { ExplainView } from './explain-view.tsx';

const EXPLANATION: Explanation = {
  sql: 'SELECT max(x) FROM a.t WHERE day = 3',
  engine: { choice: 'browser', reason: 'It needs 1.2 kB, which fits in the tab.' },
  bytes: 1234,
  tables: [
    {
      table: 'a.t',
      snapshotId: '1234567890123456789',
      filesKnown: 30,
      filesRead: 1,
      rows: 2500,
      columns: [{ name: 'x', type: 'BIGINT', bytes: 1234 }],
      deletes: { files: 1, rows: 7, bytes: 28 },
      pruning: ['day = 3 skips 29 of 30 files (29 by partition)'],
    },
  ],
  logical: [
    { depth: 0, name: 'Aggregate', details: ['max(x)'] },
    { depth: 1, name: 'Scan a.t', details: ['where day=3', 'x'] },
  ],
};

it('says where the query runs, what it reads, and its steps in order', () => {
  render(<ExplainView explanation={EXPLANATION} name="cell 1" />);
  expect(screen.getByText('Runs in this tab')).toBeTruthy();
  const row = screen.getByRole('row', { name: /a\.t/ });
  expect(row.textContent).toContain('1 of 30');
  expect(row.textContent).toContain('about 7 deleted (28 B)');
  expect(row.textContent).toContain('day = 3 skips 29 of 30 files');
  const steps = within(screen.getByRole('list', { name: 'Steps of the plan' })).getAllByRole('listitem');
  expect(steps.map((step) => step.getAttribute('aria-label'))).toEqual([
    'Level 1: Aggregate',
    'Level 2: Scan a.t',
  ]);
  expect(screen.queryByText('As the server ran it')).toBeNull();
});

it('says how much of what it reads the tab holds', () => {
  const engine = {
    choice: 'server',
    reason: 'It needs 1 kB in 1 file that the tab does not hold yet.',
  } as const;
  const { rerender } = render(
    <ExplainView explanation={{ ...EXPLANATION, engine, held: 234 }} name="cell 4" />,
  );
  const text = () => screen.getByRole('group', { name: 'Plan of cell 4' }).textContent;
  expect(text()).toContain(
    'Runs on the server: It needs 1 kB in 1 file that the tab does not hold yet. Reads 1.23 kB, of which this tab holds 234 B.',
  );
  rerender(<ExplainView explanation={{ ...EXPLANATION, held: 1234 }} name="cell 4" />);
  expect(text()).toContain('Reads 1.23 kB, all of it held in this tab.');
});

it('shows what was measured', () => {
  const run = {
    milliseconds: 12.5,
    rows: 1,
    peakMemoryBytes: 4096,
    spilledBytes: 0,
    steps: [{ depth: 0, name: 'Scan a.t', details: [], rows: 2493, milliseconds: 11 }],
  };
  render(<ExplainView explanation={{ ...EXPLANATION, run }} name="cell 1" />);
  const steps = screen.getByRole('list', { name: 'Measured steps' });
  expect(steps.textContent).toContain('2,493 rows');
  expect(steps.textContent).toContain('11 ms');
});

it('says which materialized views are read in the place of tables, and which are not, and why', () => {
  const views = [
    {
      table: 'a.by_day',
      fresh: true,
      reason: 'its tables are as they were when it was refreshed',
      insteadOf: ['a.t'],
      snapshotId: '5',
    },
  ];
  const passedOver = [{ table: 'a.by_week', reason: 'it does not have the column day' }];
  render(<ExplainView explanation={{ ...EXPLANATION, views, passedOver }} name="cell 3" />);
  const text = screen.getByRole('group', { name: 'Plan of cell 3' }).textContent;
  expect(text).toContain('a.by_day is a materialized view; its rows are read in the place of a.t, because');
  expect(text).toContain(
    'a.by_week is not read in the place of its tables: it does not have the column day.',
  );
});
