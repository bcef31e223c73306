import type { QueryRun } from '#shared/contract/query-runs.ts';
import type { Tone } from '#web/components/badge.tsx';

export const STATES: Readonly<Record<QueryRun['state'], { readonly word: string; readonly tone: Tone }>> = {
  done: { word: 'Done', tone: 'good' },
  failed: { word: 'Failed', tone: 'bad' },
  cancelled: { word: 'Stopped', tone: 'neutral' },
};

export const ENGINES: Readonly<Record<NonNullable<QueryRun['engine']>, string>> = {
  browser: 'This tab',
  server: 'Server',
  cluster: 'Cluster',
};

/** How far back is looked. */
export const PERIODS = [
  { value: 'all', label: 'Any time', hours: null },
  { value: 'hour', label: 'Last hour', hours: 1 },
  { value: 'day', label: 'Last 24 hours', hours: 24 },
  { value: 'week', label: 'Last 7 days', hours: 24 * 7 },
  { value: 'month', label: 'Last 30 days', hours: 24 * 30 },
] as const;
export type Period = (typeof PERIODS)[number]['value'];

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Where a period begins, on the minute. @param now milliseconds since 1970 */
export function sinceOf(period: Period, now: number): string | undefined {
  const hours = PERIODS.find(({ value }) => value === period)?.hours ?? null;
  if (hours === null) return undefined;
  return new Date(Math.floor((now - hours * HOUR_MS) / MINUTE_MS) * MINUTE_MS).toISOString();
}

/** SQL in one line, without what only lays it out. */
export function oneLine(sql: string): string {
  return sql.replaceAll(/\s+/g, ' ').trim();
}
