import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { TooltipProvider } from '#web/components/tooltip.tsx';
import { loadsAhead, setLoadsAhead } from '#web/lib/load-ahead.ts';
import { LoadAheadChoice, LoadAheadFigure } from './load-ahead.tsx';

afterEach(() => {
  cleanup();
  setLoadsAhead(true);
});

it('stops what is being loaded at a click', () => {
  const onStop = vi.fn();
  const progress = {
    phase: 'loading',
    files: { done: 1, total: 3 },
    bytes: { done: 10, total: 30 },
  } as const;
  const { rerender } = render(<LoadAheadFigure progress={progress} onStop={onStop} />, {
    wrapper: TooltipProvider,
  });
  fireEvent.click(screen.getByRole('button', { name: 'Stop loading data into this tab' }));
  expect(onStop).toHaveBeenCalledOnce();
  rerender(<LoadAheadFigure progress={null} onStop={onStop} />);
  expect(screen.queryByRole('button')).toBeNull();
});

it('keeps the choice in this browser, and stops where loading is not wanted any more', () => {
  const onStop = vi.fn();
  render(<LoadAheadChoice onStop={onStop} />);
  const box = screen.getByRole<HTMLInputElement>('checkbox', { name: /^Load data behind/ });
  expect([box.checked, loadsAhead()]).toEqual([true, true]);
  fireEvent.click(box);
  expect([box.checked, loadsAhead(), onStop.mock.calls.length]).toEqual([false, false, 1]);
  expect(localStorage.getItem('timestream.load-ahead')).toBe('off');
  fireEvent.click(box);
  expect([box.checked, loadsAhead(), onStop.mock.calls.length]).toEqual([true, true, 1]);
  expect(localStorage.getItem('timestream.load-ahead')).toBeNull();
});
