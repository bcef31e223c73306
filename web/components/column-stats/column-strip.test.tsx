import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { ColumnFigures } from './column-figures.tsx';
import { ColumnStrip } from './column-strip.tsx';

afterEach(cleanup);

it('lets figures that were not to be had be asked for again, under the name and in the column’s menu', async () => {
  const [again, select] = [vi.fn<() => void>(), vi.fn<() => void>()];
  const user = userEvent.setup();
  render(
    <div onPointerDown={select}>
      <ColumnStrip stats="failed" width={120} onRetry={again} />
    </div>,
  );
  await user.click(screen.getByRole('button', { name: 'Ask for the figures again' }));
  expect(again).toHaveBeenCalledTimes(1);
  expect(select).not.toHaveBeenCalled();
  cleanup();
  render(<ColumnFigures stats="failed" width={262} onRetry={again} />);
  await user.click(screen.getByRole('button', { name: 'Ask again' }));
  expect(again).toHaveBeenCalledTimes(2);
  cleanup();
  render(<ColumnStrip stats="failed" width={120} />);
  expect(screen.queryByRole('button')).toBeNull();
});
