import type { NotebookSchedule } from '../contract/notebook-history.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The first time after `after` that a schedule names; both UTC. */
export function nextRun({ every, minute, hour, weekday }: NotebookSchedule, after: Date): Date {
  const next = new Date(after);
  next.setUTCSeconds(0, 0);
  next.setUTCMinutes(minute);
  if (every === 'hour') return next > after ? next : new Date(next.getTime() + HOUR_MS);
  next.setUTCHours(hour);
  const days = Array.from({ length: 8 }, (_, day) => new Date(next.getTime() + day * DAY_MS));
  const found = days.find((day) => day > after && (every === 'day' || day.getUTCDay() === weekday));
  return found ?? next;
}
