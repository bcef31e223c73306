import { act, render, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { RunProgress } from '#web/duckdb/types.ts';
import type { CellRun } from '../model/run-store.ts';
import { RunningFigures } from './running-figures.tsx';

it('says where a run is worked on, and how many are before it where it waits', () => {
  const NOTHING = { done: 0, total: 0 };
  let progress: RunProgress = { phase: 'planning', files: NOTHING, bytes: NOTHING };
  let told: () => void = () => undefined;
  const handle = {
    progress: () => progress,
    subscribe: (listener: () => void) => {
      told = listener;
      return () => undefined;
    },
  };
  const run = { kind: 'running', startedAt: performance.now() - 6000, handle } as unknown as Extract<
    CellRun,
    { kind: 'running' }
  >;
  const onServer = vi.fn();
  render(<RunningFigures run={run} onServer={onServer} />);
  const says = (changes: Partial<RunProgress>) => {
    act(() => {
      progress = { ...progress, ...changes };
      told();
    });
    return screen.getByRole('progressbar').getAttribute('aria-valuetext');
  };
  expect(says({})).toBe('Plans');
  expect(says({ phase: 'waiting', engine: 'server', ahead: 3 })).toBe(
    'Waits for a place on the server, 3 ahead',
  );
  expect(says({ ahead: 0 })).toBe('Waits for a place on the server, next in line');
  expect(screen.queryByText('Waits for a place on the server, next in line')).not.toBeNull();
  expect(says({ phase: 'running' })).toBe('Runs on the server');
  expect(says({ engine: 'browser' })).toBe('Runs in this tab');
  // After a while there is another way, where the server has what the query reads.
  expect(screen.queryByRole('button')).toBeNull();
  says({ phase: 'loading', elsewhere: true });
  act(() => screen.getByRole('button', { name: 'Run on the server' }).click());
  expect(onServer).toHaveBeenCalledOnce();
});
