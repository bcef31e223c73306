import { expect, it } from 'vitest';
import type { NotebookSchedule } from '#shared/contract/notebook-history.ts';
import { scheduleText } from './schedule-words.ts';

it('says in words when a notebook runs', () => {
  const at = (more: Partial<NotebookSchedule>) =>
    scheduleText({ every: 'day', minute: 5, hour: 6, weekday: 0, ref: 'main', ...more });
  expect(at({})).toBe('Every day at 06:05 UTC');
  expect(at({ every: 'week' })).toBe('Every Sunday at 06:05 UTC');
  expect(at({ every: 'hour' })).toBe('Every hour, 5 past');
  expect(at({ every: 'hour', minute: 0 })).toBe('Every hour, on the hour');
});
